"""The election: its questions and the exact bytes that every hash begins from."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from keys.curve import ED25519
from keys.group import Group, Point
from tally import canonical
from tally.errors import Code, Invalid

GROUPS: dict[str, Group] = {ED25519.name: ED25519}
"""Groups that elections may name; the tests plug another in."""

_UUID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{14,64}\Z", re.ASCII)
_FIELDS = ("version", "description", "name", "group", "public_key", "questions", "uuid")
_OPTIONAL = ("administrator", "credential_authority", "language")
_MANIFEST = re.compile(r"(?:\A|\n)mipiao-manifest:([A-Za-z0-9+/]{43})\Z", re.ASCII)
MAX_ANSWERS = 500
MAX_QUESTIONS = 500
MAX_CIPHERTEXTS = 10_000


@dataclass(frozen=True, slots=True)
class Question:
    """A homomorphic question: choose `min`..`max` of the answers, or, where `blank`, nothing at all."""

    text: str
    answers: tuple[str, ...]
    min: int
    max: int
    blank: bool = False

    def __post_init__(self) -> None:
        if not self.answers or len(self.answers) > MAX_ANSWERS or not 0 <= self.min <= self.max <= len(self.answers):
            raise Invalid(Code.MALFORMED, f"question {self.text[:50]}")

    @property
    def width(self) -> int:
        """Ciphertexts a ballot holds for this question: one an answer, and the blank flag before them."""
        return len(self.answers) + self.blank

    def allows(self, choice: tuple[int, ...]) -> bool:
        """Whether a plaintext choice (0/1 each, blank flag first where allowed) may be cast."""
        if len(choice) != self.width or not set(choice) <= {0, 1}:
            return False
        if self.blank:
            return sum(choice[1:]) == 0 if choice[0] else self.min <= sum(choice[1:]) <= self.max
        return self.min <= sum(choice) <= self.max

    def plain(self) -> dict[str, Any]:
        """Return the question as JSON has it. Spec: ELEC-2."""
        blank = {"blank": True} if self.blank else {}
        answers = list(self.answers)
        return {"answers": answers, **blank, "min": self.min, "max": self.max, "question": self.text}

    @classmethod
    def read(cls, value: Any, where: str) -> "Question":
        """Read one question; other kinds than homomorphic ones are refused by name. Spec: ELEC-2."""
        if isinstance(value, dict) and ("type" in value or "value" in value):
            raise Invalid(Code.UNSUPPORTED_QUESTION, where)
        fields = canonical.record(value, where, ("answers", "min", "max", "question"), ("blank",))
        return cls(
            text=canonical.text(fields["question"], where),
            answers=tuple(canonical.text(one, where) for one in canonical.items(fields["answers"], where)),
            min=canonical.whole(fields["min"], where),
            max=canonical.whole(fields["max"], where),
            blank=canonical.truth(fields.get("blank", False), where),
        )


@dataclass(frozen=True)
class Election:
    """An election as everybody hashes it. `raw` is its one canonical encoding, φ that encoding's hash."""

    group: Group
    description: str
    name: str
    public_key: Point
    questions: tuple[Question, ...]
    uuid: str
    administrator: str | None = None
    credential_authority: str | None = None
    language: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if not _UUID.match(self.uuid):
            raise Invalid(Code.MALFORMED, "election, uuid")
        if not 0 < len(self.questions) <= MAX_QUESTIONS:
            raise Invalid(Code.MALFORMED, "election, questions")
        if sum(question.width for question in self.questions) > MAX_CIPHERTEXTS:
            raise Invalid(Code.TOO_LARGE, "election, questions")
        # Whoever could blur this line would have a record of ours judged as a foreign one, by laxer rules.
        if self.description.count("mipiao-manifest") != (self.manifest_hash is not None):
            raise Invalid(Code.MANIFEST, "election, description")

    @cached_property
    def raw(self) -> bytes:
        """The exact bytes. Spec: ELEC-1."""
        optional = {name: getattr(self, name) for name in _OPTIONAL if getattr(self, name) is not None}
        return canonical.dump(
            {
                "version": 1,
                "description": self.description,
                "name": self.name,
                "group": self.group.name,
                "public_key": self.public_key.text,
                "questions": [question.plain() for question in self.questions],
                "uuid": self.uuid,
                **optional,
            }
        )

    @cached_property
    def phi(self) -> str:
        """b64 SHA-256 of the exact bytes. Spec: ELEC-3."""
        return canonical.b64_hash(self.raw)

    @property
    def manifest_hash(self) -> str | None:
        """The hash that binds our manifest, from the description's last line; None if foreign. Spec: MAN-1."""
        named = _MANIFEST.search(self.description)
        return named[1] if named else None

    @classmethod
    def parse(cls, raw: bytes) -> "Election":
        """Read an election. Raises Invalid. Spec: ELEC-1."""
        where = "election"
        fields = canonical.record(canonical.load(raw, where), where, _FIELDS, _OPTIONAL)
        if canonical.whole(fields["version"], where) != 1:
            raise Invalid(Code.UNSUPPORTED_VERSION, where)
        group = GROUPS.get(canonical.text(fields["group"], where))
        if group is None:
            raise Invalid(Code.UNSUPPORTED_GROUP, where)
        election = cls(
            group=group,
            name=canonical.text(fields["name"], where),
            description=canonical.text(fields["description"], where),
            public_key=canonical.point(group, fields["public_key"], "election, public_key"),
            questions=tuple(
                Question.read(one, f"question {number}")
                for number, one in enumerate(canonical.items(fields["questions"], where), 1)
            ),
            uuid=canonical.text(fields["uuid"], where),
            **{name: canonical.text(fields[name], where) for name in _OPTIONAL if name in fields},
        )
        canonical.same(raw, election.raw, where)
        return election
