"""What the office types about a poll. Meaning is judged by the services; here only that it is there and is a number."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, NumberRange, Regexp, StopValidation
from wtforms.validators import Optional as MayBeEmpty
from wtforms.widgets import CheckboxInput

from tally.rules.grading import Base as RateBase
from voting.errors import Code, Refused
from voting.polls import drafts
from voting.polls.amending import QuestionWording, Wording
from voting.polls.models import BASES, FORMS, KINDS, Item, Kind, Poll
from voting.polls.models import Form as PollForm
from voting.polls.officials import Official
from voting.polls.person_forms import MAX_ROWS, CorrectedPerson, PersonEntry, of_poll, picked, rows_of, typed
from voting.polls.persons import PersonDraft
from voting.polls.reissuing import Choice
from voting.selections.models import Selection

NEEDED = "请填写"
NUMBER = "请填写数字"
AT_MOST = "最多 %(max)d 字"


class Entries(FieldList):  # type: ignore[type-arg]  # its stubs want the class of the fields, which is FormField
    """A list of sub-forms. WTForms would run int() on whatever `str.isdigit` lets through, `²` or 5 000 digits."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        number = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,3}})(?:-|\Z)")
        for name in formdata:
            found = number.match(name)
            if found:
                yield int(found[1])


class QuestionEntry(Form):
    """One post: whether it stands on the ballot, and how many may be recommended."""

    post_id = HiddenField(validators=[InputRequired(), Regexp(r"[0-9]{1,10}\Z")])
    max_choices = IntegerField("每人可推荐", [MayBeEmpty(), NumberRange(0, 100, "请填 %(min)s 至 %(max)s")])


class GroupEntry(Form):
    """One voter group; an empty label is no group."""

    label = StringField("票种", [Length(max=20, message=AT_MOST)])
    expected = IntegerField("应到", [MayBeEmpty(), NumberRange(0, drafts.MAX_EXPECTED, NUMBER)])
    spares = IntegerField("备用", [MayBeEmpty(), NumberRange(0, drafts.MAX_EXPECTED, NUMBER)])


def _recommended(form: Any, _field: Any) -> None:
    """Only recommendations have a form; nothing else is asked for one."""
    if form.kind.data != Kind.RECOMMENDATION:
        raise StopValidation


class DraftForm(FlaskForm):
    """A poll before its keys."""

    title = StringField("投票名称", [DataRequired(NEEDED), Length(max=80, message=AT_MOST)])
    kind = HiddenField("类别", [AnyOf([kind.value for kind in Kind])], default=Kind.RECOMMENDATION.value)
    form = RadioField(
        "推荐形式",
        [_recommended, InputRequired("请选择"), AnyOf([form.value for form in PollForm], "请选择")],
        choices=[SelectChoice(k.value, v) for k, v in FORMS.items()],
        validate_choice=False,  # it would run before the validators, and the other kinds have no form
    )
    replaces = HiddenField("所替代的投票")
    rehearsal = BooleanField("这是演练，不计入任何结果")
    administrator = StringField("组织单位", [DataRequired(NEEDED), Length(max=80, message=AT_MOST)])
    credential_authority = StringField("印票单位", [DataRequired(NEEDED), Length(max=80, message=AT_MOST)])
    questions = Entries(FormField(QuestionEntry), max_entries=20)
    persons = Entries(FormField(PersonEntry), max_entries=MAX_ROWS)
    file = FileField("名单文件（.xlsx 或 .csv）")
    items = SelectMultipleField(
        "测评项目", choices=[SelectChoice(item.value, item.value) for item in Item], option_widget=CheckboxInput()
    )
    rate_base = RadioField(
        "优秀称职率的分母",
        [MayBeEmpty()],
        choices=[SelectChoice(k.value, v) for k, v in BASES.items()],
        default=RateBase.VALID.value,
    )
    groups = Entries(FormField(GroupEntry), max_entries=drafts.MAX_GROUPS)

    def draft(self) -> drafts.Draft:
        """What was typed, as the service takes it."""
        return drafts.Draft(
            title=self.title.data or "",
            form=PollForm(self.form.data or PollForm.MEETING),
            rehearsal=bool(self.rehearsal.data),
            questions=[
                drafts.QuestionDraft(int(q["post_id"]), q["max_choices"])
                for q in self.questions.data
                if q["max_choices"]
            ],
            groups=[
                drafts.GroupDraft(g["label"], g["expected"] or 0, g["spares"])
                for g in self.groups.data
                if (g["label"] or "").strip() and (g["expected"] != 0)
            ],
            administrator=self.administrator.data or "",
            credential_authority=self.credential_authority.data or "",
            replaces=self.replaces.data or "",
            kind=Kind(self.kind.data or Kind.RECOMMENDATION),
            persons=picked(self.persons.data),
            items=[Item(one) for one in self.items.data or ()],
            rate_base=RateBase(self.rate_base.data or RateBase.VALID),
        )


class TrusteeForm(FlaskForm):
    """Somebody who will hold a key."""

    name = StringField("姓名", [DataRequired(NEEDED), Length(max=30, message=AT_MOST)])
    role = StringField("身份", [DataRequired(NEEDED), Length(max=30, message=AT_MOST)])


class StepForm(FlaskForm):
    """Where the clerk's page says the meeting is, and where it shall go."""

    to_step = HiddenField(name="to")
    from_step = HiddenField(name="from")

    @property
    def frm(self) -> str:
        """The step left."""
        return self.from_step.data or ""

    @property
    def to(self) -> str:
        """The step gone to."""
        return self.to_step.data or ""


class PeopleForm(FlaskForm):
    """What is counted before a slip is handed out."""

    expected = IntegerField("应到", [InputRequired(NUMBER)])
    present = IntegerField("实到", [InputRequired(NUMBER)])


class CountsForm(FlaskForm):
    """What the teller counted in the room."""

    expected = IntegerField("应到", [InputRequired(NUMBER)])
    present = IntegerField("实到", [InputRequired(NUMBER)])
    left_in_hand = IntegerField("手中剩余", [InputRequired(NUMBER)])


class OfficialsForm(FlaskForm):
    """Two people who put their names to an act."""

    name_1 = StringField("监票人", [DataRequired(NEEDED), Length(max=30, message=AT_MOST)])
    name_2 = StringField("计票人", [DataRequired(NEEDED), Length(max=30, message=AT_MOST)])

    def named(self) -> list[Official]:
        """The two, with their roles."""
        return [Official(self.name_1.data or "", "监票人"), Official(self.name_2.data or "", "计票人")]


class ReasonForm(OfficialsForm):
    """An act that also needs a reason: voiding, amending, printing anew."""

    reason = StringField("理由", [DataRequired(NEEDED), Length(max=200, message=AT_MOST)])

    def named(self) -> list[Official]:
        """The two who decided; they hold no role in the room."""
        return [Official(self.name_1.data or ""), Official(self.name_2.data or "")]


class WaiverForm(ReasonForm):
    """A line of the pre-flight that two officials answer for."""

    line = StringField("免做哪一项", [DataRequired(NEEDED)])


class ReissueForm(ReasonForm):
    """Which groups' slips are printed anew; each ticked box says `<index>.<how often reissued>`, as the page had it."""

    group = SelectMultipleField("票种", choices=[], validate_choice=False)

    def chosen(self) -> list[Choice]:
        """The ticked groups. Raises Refused(BAD_REQUEST) for what no page of ours says."""
        found = [re.fullmatch(r"([0-9]{1,3})\.([0-9]{1,6})", box, re.ASCII) for box in self.group.data or ()]
        if not all(found):
            raise Refused(Code.BAD_REQUEST)
        return [Choice(int(one[1]), int(one[2])) for one in found if one]


class WordingEntry(Form):
    """One post as it shall stand on the ballot."""

    post_id = HiddenField(validators=[InputRequired(), Regexp(r"[0-9]{1,10}\Z")])
    title = StringField("职位", [DataRequired(NEEDED), Length(max=80, message=AT_MOST)])
    max_choices = IntegerField("每人可推荐", [InputRequired(NUMBER), NumberRange(1, 100, "请填 %(min)s 至 %(max)s")])


class AmendForm(ReasonForm):
    """What may be corrected after printing. A form with reason and names alone lets the candidates be corrected."""

    questions = Entries(FormField(WordingEntry), max_entries=20)
    persons = Entries(FormField(CorrectedPerson), max_entries=MAX_ROWS)
    administrator = StringField("组织单位", [DataRequired(NEEDED), Length(max=80, message=AT_MOST)])
    credential_authority = StringField("印票单位", [DataRequired(NEEDED), Length(max=80, message=AT_MOST)])
    candidates = BooleanField("推荐人选也要更正")

    @property
    def worded(self) -> bool:
        """Whether any wording was sent at all."""
        return bool(
            self.questions.entries
            or self.persons.entries
            or self.administrator.raw_data
            or self.credential_authority.raw_data
        )

    @property
    def lets_candidates(self) -> bool:
        """Whether the lists of candidates shall be open to correction."""
        return bool(self.candidates.data) or not self.worded

    def wording(self) -> Wording | None:
        """What was typed, as the service takes it. Raises Refused(INVALID_VALUE), and the fields say why."""
        if not self.worded:
            return None
        wrong = [
            f
            for f in (self.questions, self.persons, self.administrator, self.credential_authority)
            if not f.validate(self)
        ]
        if wrong:  # each has been asked, so the page names all that is wrong
            raise Refused(Code.INVALID_VALUE)
        asked = [QuestionWording(int(q["post_id"]), q["title"] or "", q["max_choices"]) for q in self.questions.data]
        people = typed(self.persons.data) if self.persons.entries else None
        return Wording(asked, self.administrator.data or "", self.credential_authority.data or "", people)


def empty_draft(
    selection: Selection, *, rehearsal: bool, replaces: str = "", kind: Kind = Kind.RECOMMENDATION
) -> DraftForm:
    """The form for a new poll: every post with its places, or everybody who may be picked; the usual groups, no numbers."""
    recommended = kind == Kind.RECOMMENDATION
    form = DraftForm(
        formdata=None,
        kind=kind.value,
        form=PollForm.MEETING.value,
        rehearsal=rehearsal,
        replaces=replaces,
        title=FORMS[PollForm.MEETING] if recommended else KINDS[kind],
        items=[item.value for item in Item] if kind == Kind.EVALUATION else [],
        administrator=drafts.ADMINISTRATOR,
        credential_authority=drafts.CREDENTIAL_AUTHORITY,
    )
    if recommended:
        _entries(form.questions, [{"post_id": p.id, "max_choices": p.places} for p in selection.posts if p.candidates])
    else:
        _entries(form.persons, rows_of([], selection))
    labels = (drafts.PARTY_GROUP,) if kind == Kind.DECISION else drafts.DEFAULT_GROUPS
    _entries(form.groups, [{"label": label} for label in labels])
    return form


def with_persons(form: DraftForm, people: Sequence[PersonDraft], selection: Selection) -> DraftForm:
    """The same form with `people` ticked in their order, as read from a file; nothing else changes."""
    said = {name: field.data for name, field in form._fields.items() if name not in ("persons", "groups", "file")}
    found = DraftForm(formdata=None, **said)
    _entries(found.persons, rows_of(people, selection))
    _entries(found.groups, [dict(group) for group in form.groups.data])
    return found


def draft_of(poll: Poll, title: str, *, rehearsal: bool) -> DraftForm:
    """The form of a draft as it stands."""
    form = DraftForm(
        formdata=None,
        kind=poll.kind,
        form=poll.form,
        rehearsal=rehearsal,
        title=title,
        items=[item.value for item in poll.asked],
        rate_base=poll.rate_base,
        administrator=poll.administrator,
        credential_authority=poll.credential_authority,
    )
    if poll.kind == Kind.RECOMMENDATION:
        chosen = {q.post_id: q.max_choices for q in poll.questions}
        posts = [p for p in poll.selection.posts if p.candidates]
        _entries(form.questions, [{"post_id": p.id, "max_choices": chosen.get(p.id, 0)} for p in posts])
    else:
        _entries(form.persons, rows_of(of_poll(poll), poll.selection))
    _entries(form.groups, [{"label": g.label, "expected": g.expected, "spares": g.spares} for g in poll.groups])
    return form


def amendment_of(poll: Poll, typed: ReasonForm | None = None) -> AmendForm:
    """The form of what may be corrected, as it stands; `typed` gives reason and names."""
    said = {} if typed is None else {name: typed[name].data for name in ("reason", "name_1", "name_2")}
    form = AmendForm(
        formdata=None, administrator=poll.administrator, credential_authority=poll.credential_authority, **said
    )
    _entries(
        form.questions,
        [{"post_id": q.post_id, "title": q.post.title, "max_choices": q.max_choices} for q in poll.questions],
    )
    _entries(form.persons, [{"name": p.name, "duty": p.duty, "department": p.department} for p in of_poll(poll)])
    return form


def _entries(field: "FieldList[Any]", rows: Sequence[dict[str, object]]) -> None:
    for row in rows:
        field.append_entry(row)
