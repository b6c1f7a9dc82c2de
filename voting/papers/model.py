"""A paper before it has a form: what it says, and nothing of how it looks. Print page, Word and Excel all come from it.

No renderer computes, adds or leaves out a figure, so that the three cannot disagree.
"""

from dataclasses import dataclass

from tally.rules.outcome import Judgement
from voting.polls.share import Share

REHEARSAL = "演练，不计入任何结果"
NOTHING = "—"

Value = str | int | Share
"""A cell: words, a whole number of persons or ballots, or a share shown in percent."""


@dataclass(frozen=True, slots=True)
class Head:
    """A heading that covers `cols` columns and `rows` rows of the table's head."""

    text: str
    cols: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `columns` has one kind per column, from which widths follow.

    Kinds: `no`, `name`, `num`, `count` (narrower), `text`, `half` (words that share what is left of the sheet), `wide`.
    """

    caption: str
    columns: tuple[str, ...]
    head: tuple[tuple[Head, ...], ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what stands behind it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Check:
    """A clause with its arithmetic, and the outcome in DOMAIN's words; empty where nothing is judged."""

    text: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """启用印记 or 封箱印记: eight characters for the eye, the whole hash for the QR code."""

    name: str
    eight: str
    full: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A line to sign on, with the name that the record already has, or empty."""

    role: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `name` is its part of the address, `title` its heading as DOMAIN "Papers" has it."""

    name: str
    title: str
    about: tuple[str, ...]
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()
    seals: tuple[Seal, ...] = ()
    marks: tuple[Fact, ...] = ()
    signatures: tuple[Signature, ...] = ()
    stamp: str = ""
    landscape: bool = False


def shown(value: Value) -> str:
    """A cell as it is read, the same in every form."""
    if isinstance(value, Share):
        return f"{value.percent}%" if value.valid else NOTHING
    return str(value)


def judged(one: Judgement, about: str = "") -> Check:
    """A clause's judgement as a line of a paper; `about` says whose."""
    named = f"{about}　{one.clause.name}" if about else one.clause.name
    return Check(f"{named}（{one.clause.text}）：{one.arithmetic}", one.outcome.zh)
