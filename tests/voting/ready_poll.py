"""A poll of two posts, three trustees and two voter groups, put onto the board without the office."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from config import Config
from keys import credential
from keys.curve import ED25519
from keys.group import Scalar
from keys.trustee import generate
from tally import ballot
from tally.ballot import Ballot
from tally.credentials import encode_credentials
from tally.manifest import Manifest, NamedTrustee, VoterGroup
from tally.questions import Election, Question
from tally.record import Log
from tally.trustees import Trustees
from voting.board import service as board
from voting.board.models import State

UUID = "7kQmWp3xTz9LbN"
PEOPLE = (
    "陈书岚（人事教育处　副处长）", "周景明（办公室　四级主任科员）", "沈亦舟（对外贸易处　副处长）",
    "陆知远（市场运行处　三级主任科员）", "何雨薇（外资管理处　一级主任科员）", "顾承安（机关党委办公室　三级主任科员）",
)  # fmt: skip
QUESTIONS = (
    Question("人事教育处处长（1 名）", PEOPLE, 1, 1, blank=True),
    Question("机关中层副职（2 名）", PEOPLE[:5], 1, 2, blank=True),
)
CHOICES = ((0, 0, 0, 1, 0, 0, 0), (0, 1, 1, 0, 0, 0))
ITEMS = ("德", "能", "勤", "绩", "廉", "总体评价", "使用意见")
GRADES = ("优秀", "称职", "基本称职", "不称职")
ASSESSED = (*PEOPLE, "季慕青（投资促进处　副处长、三级主任科员）", "方以宁（开发区处　副处长）")
ABSTAIN = ((1, 0, 0, 0, 0, 0, 0), (1, 0, 0, 0, 0, 0))


def evaluation(people: Sequence[str] = ASSESSED, items: Sequence[str] = ITEMS) -> tuple[Question, ...]:
    """The questions of an evaluation, person by person: `{person}：{item}`. Of eight people: 56, with 208 ciphertexts."""
    return tuple(
        Question(f"{one}：{item}", ("同意", "不同意") if item == "使用意见" else GRADES, 0, 1)
        for one in people for item in items
    )  # fmt: skip


def decision(people: Sequence[str] = PEOPLE[:3]) -> tuple[Question, ...]:
    """The questions of a decision by slips: one a person."""
    return tuple(Question(one, ("同意", "不同意", "缓议"), 0, 1) for one in people)


def coarse(questions: Sequence[Question]) -> tuple[int, ...]:
    """by_group of an evaluation: 总体评价 and 使用意见."""
    return tuple(q for q, one in enumerate(questions) if one.text.endswith(("总体评价", "使用意见")))


@dataclass(frozen=True)
class ReadyPoll:
    """What only its voters and trustees know of the poll."""

    uuid: str
    election: Election
    manifest: Manifest
    codes: tuple[str, ...]
    election_secret: int = 0

    def opened(self, raw: bytes) -> list[list[int]]:
        """What a ballot says, decrypted with all trustees' secrets: what the real ones never do."""
        parsed = Ballot.parse(raw, self.election)
        one = ED25519.base(1)
        bits = {ED25519.identity.text: 0, one.text: 1}
        return [[bits[(ct.beta - ct.alpha * self.election_secret).text] for ct in a.choices] for a in parsed.answers]

    def secret(self, n: int) -> Scalar:
        """The private key of slip n."""
        return credential.secret(ED25519, self.uuid, self.codes[n])

    def ballot(self, n: int, choices: Sequence[Sequence[int]] = CHOICES) -> Ballot:
        """A new ballot of slip n."""
        return ballot.make(self.election, self.secret(n), choices, secrets.token_bytes)


def ready_poll(
    db: Session, config: Config, *, state: State = State.OPEN, slips: Sequence[int] = (6, 3), uuid: str = UUID,
    questions: Sequence[Question] = QUESTIONS, labels: Sequence[str] = ("机关中层正职", "机关其他人员"),
    kind: str = "recommendation", by_group: Sequence[int] = (), title: str = "会议推荐",
) -> ReadyPoll:  # fmt: skip
    """Bring a rehearsal poll to `state` (issued, open or closing) and commit."""
    group = ED25519
    holders = [generate(group, secrets.token_bytes, name) for name in ("钱一", "孙二", "李三")]
    codes = [[credential.new(secrets.token_bytes) for _ in range(n)] for n in slips]
    publics = [[group.base(credential.secret(group, uuid, code)).text for code in some] for some in codes]
    order = [board.key_text(raw) for raw in sorted(board.key_bytes(one) for some in publics for one in some)]
    manifest = Manifest(
        uuid=uuid, selection="2026年机关科级领导职务选拔任用", kind=kind, by_group=tuple(by_group), rehearsal=True, transport="http",
        groups=tuple(VoterGroup(label, tuple(k for k in order if k in some)) for label, some in zip(labels, publics, strict=True)),
        minimum=5, receipt_key=board.receipt_key(config.secret, uuid).verify_key.encode().hex(),
        trustees=tuple(NamedTrustee(public.name or "", "密钥保管人", public.key.text) for _, public in holders),
    )  # fmt: skip
    trustees = Trustees.of(group, [public for _, public in holders])
    election = Election(
        group=group, description=manifest.description_line, name=f"2026年机关科级领导职务选拔任用{title}",
        public_key=trustees.election_key, questions=tuple(questions), uuid=uuid,
        administrator="局人教处", credential_authority="局人教处",
    )  # fmt: skip
    log = Log(timestamp=1_790_000_000)
    log.setup(election.raw, trustees.raw, encode_credentials(order))
    board.create(db, uuid, title, rehearsal=True, transport="http")
    board.advance(db, uuid, State.DRAFT, State.KEYED)
    for index, some in enumerate(publics):
        board.add_credentials(db, uuid, index, [board.key_bytes(one) for one in some])
    board.set_counts(db, uuid, expected=sum(slips), printed=sum(slips))
    board.advance(db, uuid, State.KEYED, State.ISSUED)
    board.freeze(
        db, uuid, election=election.raw, trustees=trustees.raw, credentials=encode_credentials(order),
        manifest=manifest.raw, log=log.encode(), minimum=5,
    )  # fmt: skip
    board.prepare_box(db, uuid)
    if state in {State.OPEN, State.CLOSING}:
        board.advance(db, uuid, State.ISSUED, State.OPEN)
    if state == State.CLOSING:
        board.advance(db, uuid, State.OPEN, State.CLOSING)
    db.commit()
    return ReadyPoll(
        uuid, election, manifest, tuple(code for some in codes for code in some), sum(s for s, _ in holders)
    )


def ready_evaluation(
    db: Session,
    config: Config,
    people: Sequence[str] = ASSESSED,
    items: Sequence[str] = ITEMS,
    slips: Sequence[int] = (6, 3),
) -> ReadyPoll:
    """The same with an evaluation, open."""
    questions = evaluation(people, items)
    return ready_poll(
        db, config, questions=questions, kind="evaluation", by_group=coarse(questions), title="民主测评", slips=slips
    )


def ready_decision(db: Session, config: Config) -> ReadyPoll:
    """The same with a decision by slips, open."""
    questions = decision()
    return ready_poll(
        db, config, questions=questions, kind="decision", by_group=range(len(questions)), title="党组会表决",
        slips=(9,), labels=("局党组成员",),
    )  # fmt: skip
