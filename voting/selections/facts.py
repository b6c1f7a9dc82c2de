"""Facts beside votes: what the roster says of the people on a selection's ballots, and what of 方案 三(三) it can judge."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tally.rules import qualification
from tally.rules.days import Day
from tally.rules.outcome import Judgement
from tally.rules.qualification import ENTERED, Service
from voting.errors import Code, Refused
from voting.selections import importing, roster
from voting.selections import service as selections
from voting.selections.importing import key_of
from voting.selections.models import Candidate, Post, RosterFacts
from voting.selections.roster import Matched, Wanted

Key = tuple[str, str]
"""Name and office, both folded as `key_of` does."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One person's facts. Dates may be missing; judgements are those of the selection's plan date."""

    id: int
    name: str
    birth: str
    degree: str
    post: str
    post_since: dt.date | None
    rank: str
    rank_since: dt.date | None
    assessments: tuple[tuple[int, str], ...]
    earlier: tuple[str, dt.date, str] | None
    judged_education: Judgement
    judged_assessments: Judgement
    judged_tenure: Judgement

    @property
    def grades(self) -> str:
        """近三年考核 in one line, the oldest first; a missing year is a dash."""
        return " ".join(grade or "—" for _, grade in self.assessments)

    @property
    def served(self) -> tuple[tuple[str, dt.date | None], ...]:
        """Present post and rank, each with its day, as far as there are any."""
        return tuple(
            (what, since) for what, since in ((self.post, self.post_since), (self.rank, self.rank_since)) if what
        )

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """The three clauses, in the plan's order."""
        return (self.judged_education, self.judged_assessments, self.judged_tenure)


def read(db: Session, selection_id: int, filename: str, raw: bytes) -> Matched:
    """Search a roster for everybody on the selection's ballots. Stores nothing. Raises Refused(IMPORT_*, ROSTER_HEADERS)."""
    return roster.match(importing.read_table(filename, raw), _wanted(db, selection_id))


def attach(db: Session, selection_id: int, matched: Matched) -> int:
    """Put the facts found in the place of the selection's; spells entered by hand stay. Returns how many people have facts.

    Raises Refused: NO_SUCH_SELECTION; IMPORT_ROWS while anything is wrong; ROSTER_NOBODY if nobody was found.
    """
    selections.get_selection(db, selection_id)
    if matched.errors:
        raise Refused(Code.IMPORT_ROWS)
    if not matched.found:
        raise Refused(Code.ROSTER_NOBODY)
    entered = {(one.name, one.department): one for one in _rows(db, selection_id) if one.earlier_what}
    kept = {key: (one.earlier_what, one.earlier_since, one.earlier_basis) for key, one in entered.items()}
    db.execute(delete(RosterFacts).where(RosterFacts.selection_id == selection_id))
    for one, row in matched.found:
        what, since, basis = kept.get((one.name, one.department), ("", None, ""))
        db.add(RosterFacts(
            selection_id=selection_id, name=one.name, department=one.department, birth=row.birth, degree=row.degree,
            post=row.post, post_since=row.post_since, rank=row.rank, rank_since=row.rank_since, hinted=row.hinted,
            assessments=json.dumps(row.assessments, ensure_ascii=False),
            earlier_what=what, earlier_since=since, earlier_basis=basis,
        ))  # fmt: skip
    db.flush()
    return len(matched.found)


def enter_earlier(
    db: Session, selection_id: int, facts_id: int, what: str, since: dt.date, basis: str
) -> RosterFacts:  # fmt: skip
    """Enter an earlier spell with its basis (三(三)4: earlier spells count once entered ‡).

    Raises Refused: NOT_FOUND for facts of another selection, INVALID_VALUE.
    """
    found = db.get(RosterFacts, facts_id)
    if found is None or found.selection_id != selection_id:
        raise Refused(Code.NOT_FOUND)
    found.earlier_what = selections.plain(what, "职务或职级", 30)
    found.earlier_basis = selections.plain(basis, "依据", 100)
    found.earlier_since = since
    db.flush()
    return found


def of_selection(db: Session, selection_id: int) -> dict[Key, Facts]:
    """Everybody's facts by name and office."""
    plan = Day.of(selections.get_selection(db, selection_id).plan_date)
    return {(key_of(one.name), key_of(one.department)): _judged(one, plan) for one in _rows(db, selection_id)}


def key(name: str, department: str) -> Key:
    """How `of_selection` is asked for somebody."""
    return key_of(name), key_of(department)


def _judged(one: RosterFacts, plan: Day) -> Facts:
    years = tuple((int(year), str(grade)) for year, grade in json.loads(one.assessments))
    spells = [
        Service(what, Day.of(since), source)
        for what, since, source in (
            (one.post, one.post_since, "现任职务"),
            (one.rank, one.rank_since, "现职级"),
            (one.earlier_what, one.earlier_since, ENTERED),
        )
        if what and since
    ]
    return Facts(
        id=one.id,
        name=one.name,
        birth=one.birth,
        degree=one.degree,
        post=one.post,
        post_since=one.post_since,
        rank=one.rank,
        rank_since=one.rank_since,
        assessments=years,
        earlier=(one.earlier_what, one.earlier_since, one.earlier_basis) if one.earlier_since else None,
        judged_education=qualification.education(one.degree),
        judged_assessments=qualification.assessments(years),
        judged_tenure=qualification.tenure(one.rank, spells, plan, hinted=one.hinted),
    )


def _rows(db: Session, selection_id: int) -> Iterable[RosterFacts]:
    return db.scalars(select(RosterFacts).where(RosterFacts.selection_id == selection_id).order_by(RosterFacts.id))


def _wanted(db: Session, selection_id: int) -> list[Wanted]:
    """Everybody on a ballot, once, in ballot order."""
    people = db.scalars(
        select(Candidate).join(Post).where(Post.selection_id == selection_id).order_by(Post.id, Candidate.position)
    )
    return list({key(one.name, one.department): Wanted(one.name, one.department) for one in people}.values())
