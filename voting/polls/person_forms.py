"""The persons of an evaluation or decision as the office picks them: ticked, put in order, typed, or read from a file."""

from collections.abc import Iterable, Sequence

from wtforms import BooleanField, Form, IntegerField, StringField
from wtforms.validators import Length, NumberRange
from wtforms.validators import Optional as MayBeEmpty

from voting.errors import Code, Refused
from voting.polls.models import Poll
from voting.polls.persons import MAX_PERSONS, PersonDraft
from voting.selections import importing
from voting.selections.importing import MAX_NAME, MAX_TEXT, key_of
from voting.selections.models import Selection

AT_MOST = "最多 %(max)d 字"
MAX_ROWS = MAX_PERSONS + 120
"""Every candidate of several posts may stand in the list to be picked from."""
BLANK = 2

Row = dict[str, object]


class PersonEntry(Form):
    """One person who may stand on the ballot. Rows that are not ticked, and empty ones, do not."""

    on = BooleanField("上选票")
    order = IntegerField("次序", [MayBeEmpty(), NumberRange(0, 999, "请填数字")])
    name = StringField("姓名", [Length(max=MAX_NAME, message=AT_MOST)])
    duty = StringField("现任职务", [Length(max=MAX_TEXT, message=AT_MOST)])
    department = StringField("所在处室", [Length(max=MAX_TEXT, message=AT_MOST)])


class CorrectedPerson(Form):
    """One person as it shall stand on the ballot."""

    name = StringField("姓名", [Length(max=MAX_NAME, message=AT_MOST)])
    duty = StringField("现任职务", [Length(max=MAX_TEXT, message=AT_MOST)])
    department = StringField("所在处室", [Length(max=MAX_TEXT, message=AT_MOST)])


def picked(rows: Iterable[Row]) -> list[PersonDraft]:
    """The ticked rows: those with a number by their number, then the others, as they stand in the list."""
    ticked = [(place, row) for place, row in enumerate(rows) if row["on"] and (row["name"] or row["duty"])]
    ticked.sort(key=lambda one: (one[1]["order"] in (None, 0), one[1]["order"] or 0, one[0]))
    return [_draft(row) for _, row in ticked]


def typed(rows: Iterable[Row]) -> list[PersonDraft]:
    """Every row as it stands."""
    return [_draft(row) for row in rows]


def rows_of(people: Sequence[PersonDraft], selection: Selection) -> list[Row]:
    """`people` ticked and numbered, then the selection's other candidates, then blank rows to type in."""
    found = [_row(one, on=True, order=place) for place, one in enumerate(people, 1)]
    there = {(key_of(one.name), key_of(one.department)) for one in people}
    for post in selection.posts:
        for one in post.candidates:
            key = (key_of(one.name), key_of(one.department))
            if key not in there:
                there.add(key)
                found.append(_row(PersonDraft(one.name, one.duty, one.department), on=False, order=None))
    blank = _row(PersonDraft(""), on=True, order=None)
    return [*found[: MAX_ROWS - BLANK], *(blank for _ in range(BLANK))]


def of_poll(poll: Poll) -> list[PersonDraft]:
    """The persons of a poll as they stand."""
    return [PersonDraft(one.name, one.duty, one.department) for one in poll.persons]


def read(filename: str, raw: bytes) -> list[PersonDraft]:
    """The persons of a spreadsheet, in its order. Raises Refused(IMPORT_*), IMPORT_ROWS naming the first thing wrong."""
    found = importing.preview(importing.read_table(filename, raw))
    if found.errors:
        first = found.errors[0]
        raise Refused(Code.IMPORT_ROWS, f"第 {first.row} 行　{first.text}")
    return [PersonDraft(row.name, row.duty, row.department) for row in found.rows]


def _draft(row: Row) -> PersonDraft:
    return PersonDraft(str(row["name"] or ""), str(row["duty"] or ""), str(row["department"] or ""))


def _row(one: PersonDraft, *, on: bool, order: int | None) -> Row:
    return {"on": on, "order": order, "name": one.name, "duty": one.duty, "department": one.department}
