"""A small meeting for tests: candidates, a draft, simulated trustees and phones, and the steps in order."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import gettempdir

from sqlalchemy.orm import Session

from keys import credential, trustee
from keys.curve import ED25519
from keys.group import Scalar
from keys.trustee import Holder
from tally import canonical, voter_groups
from tally.ballot import Ballot, make
from tally.closing import Closing
from tally.manifest import Manifest
from tally.questions import Election
from tally.record import Log
from tally.shares import decrypt
from voting.board import service as board
from voting.polls import drafts, lifecycle, officials
from voting.polls.drafts import Draft, GroupDraft, QuestionDraft
from voting.polls.models import Form
from voting.polls.officials import Official
from voting.rehearse.checking import check_all
from voting.selections import service as selections
from voting.selections.importing import CandidateRow
from voting.trustees import decryption
from voting.trustees import service as trustees

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
SECRET = b"a secret that only these tests know: 0123456789"
CLERK = "clerk"
BASE = "http://localhost"
PAIR = [Official("监票 人甲", "监票人"), Official("计票人乙", "计票人")]
FIRST = [CandidateRow(2, "季慕青", "副处长", "投资促进处"), CandidateRow(3, "过静宜", "副主任", "办公室"),
         CandidateRow(4, "顾𬱖", "三级主任科员", "")]  # fmt: skip
SECOND = [CandidateRow(2, "俞景行", "副处长", "对外贸易处"), CandidateRow(3, "季慕青", "副处长", "投资促进处")]


@dataclass
class Meeting:
    """One poll on its way; the methods do what people do, in the order in which they do it."""

    db: Session
    rehearsal: bool = True
    transport: str = "http"
    base_url: str = BASE
    uuid: str = ""
    selection: int = 0
    posts: list[int] = field(default_factory=list)
    secrets: list[Scalar] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def plan(self) -> "Meeting":
        """A selection of two posts with candidates."""
        made = selections.create_selection(self.db, "2026年科级干部选拔任用", "云州市商务局", dt.date(2026, 5, 8), NOW)
        self.selection = made.id
        for title, places, people in (("人事教育处处长", 1, FIRST), ("机关中层副职", 2, SECOND)):
            post = selections.add_post(self.db, made.id, title, places)
            selections.import_candidates(self.db, post.id, people)
            self.posts.append(post.id)
        return self

    def draft(self, **changes: object) -> Draft:
        """The draft as a careful clerk would type it, with some things changed."""
        fields: dict[str, object] = {
            "title": "会议推荐",
            "form": Form.MEETING,
            "rehearsal": self.rehearsal,
            "questions": [QuestionDraft(self.posts[0], 1), QuestionDraft(self.posts[1], 2)],
            "groups": [GroupDraft("机关中层正职", 3), GroupDraft("机关其他人员", 4)],
        }
        return Draft(**{**fields, **changes})  # type: ignore[arg-type]  # a test may change any field

    def create(self, **changes: object) -> "Meeting":
        self.uuid = drafts.create(
            self.db, self.selection, self.draft(**changes), transport=self.transport, now=NOW, actor=CLERK,
            rng=secrets.token_bytes,
        )  # fmt: skip
        return self

    def invite(self, people: Sequence[tuple[str, str]] = (("郑为民", "机关纪委"), ("梁静姝", "工会"))) -> "Meeting":
        for name, role in people:
            officials.name_trustee(self.db, self.uuid, name, role, actor=CLERK)
        return self

    def make_keys(self) -> "Meeting":
        """Every trustee makes a key and shows that it opens."""
        for row in trustees.public_trustees(self.db, self.uuid):
            secret, public = trustee.generate(ED25519, secrets.token_bytes, row.name)
            holder = Holder(row.selection, row.name, row.role)
            body = {
                "public_key": {"pok": canonical.plain(public.pok), "public_key": public.key.text, "name": row.name},
                "possession": canonical.plain(trustee.prove_possession(ED25519, secret, holder, secrets.token_bytes)),
            }
            nonce = trustees.submit_key(self.db, self.uuid, row.n, canonical.dump(body))
            opened = trustees.opening_holder(holder, nonce)
            proof = trustee.prove_possession(ED25519, secret, opened, secrets.token_bytes)
            trustees.confirm_opened(self.db, self.uuid, row.n, canonical.dump(canonical.plain(proof)))
            self.secrets.append(secret)
        return self

    def keyed(self) -> "Meeting":
        lifecycle.keyed(self.db, self.uuid, actor=CLERK)
        return self

    def issue(self) -> "Meeting":
        self.codes = [slip.code for slip in lifecycle.issue(self.db, self.uuid, CLERK, base_url=self.base_url)]
        return self

    def check(self, now: dt.datetime = NOW) -> "Meeting":
        """The pre-flight, done for real: a sample ballot, its receipt, the paper's code, the disk."""
        check_all(self.db, self.uuid, SECRET, Path(gettempdir()), now, CLERK)
        return self

    def open(self, transport: str | None = None) -> "Meeting":
        if self.state == "issued":
            self.check()
        lifecycle.open_box(
            self.db, self.uuid, transport=transport or self.transport, assets=(), now=NOW, actor=CLERK, base_url=self.base_url,
            receipt_key=board.receipt_key(SECRET, self.uuid),
        )  # fmt: skip
        return self

    def opened(self) -> "Meeting":
        """All the way to an open box."""
        return self.plan().create().invite().make_keys().keyed().issue().open()

    def vote(self, choices: Sequence[Sequence[Sequence[int]]]) -> "Meeting":
        """The first slips vote, one choice each."""
        election = Election.parse(board.get(self.db, self.uuid).election)
        for code, choice in zip(self.codes, choices, strict=False):
            secret = credential.secret(ED25519, self.uuid, code)
            board.cast(self.db, self.uuid, make(election, secret, choice, secrets.token_bytes))
        return self

    def counts(self, *, expected: int = 7, present: int = 7, left_in_hand: int = 6) -> "Meeting":
        lifecycle.set_counts(
            self.db, self.uuid, expected=expected, present=present, left_in_hand=left_in_hand, actor=CLERK
        )
        return self

    def start_closing(self) -> "Meeting":
        lifecycle.start_closing(self.db, self.uuid, now=NOW, actor=CLERK)
        return self

    def finish_closing(
        self, *, after: int = 120, named: Sequence[Official] = PAIR, wait: dt.timedelta = lifecycle.SHOWN_FOR
    ) -> "Meeting":
        lifecycle.finish_closing(
            self.db, self.uuid, named=named, now=NOW + dt.timedelta(seconds=after), actor=CLERK, rehearsal_wait=wait,
            receipt_key=board.receipt_key(SECRET, self.uuid),
        )  # fmt: skip
        return self

    def tally(self) -> "Meeting":
        """Every trustee decrypts the sums."""
        files = board.files(self.db, self.uuid)
        log, closing = Log.parse(files[f"{self.uuid}.bel"]), Closing.parse(files["closing.json"])
        election = Election.parse(log.election)
        manifest = Manifest.parse(files["manifest.json"])
        sums = voter_groups.add_up(election, manifest, [Ballot.parse(raw, election) for raw in log.ballots])
        for owner, secret in enumerate(self.secrets, 1):
            share = decrypt(election, sums.total, owner, secret, closing.sigma, secrets.token_bytes, sums.groups)
            decryption.submit_share(self.db, self.uuid, owner, share.raw)
        return self

    @property
    def state(self) -> str:
        self.db.expire_all()
        return board.get(self.db, self.uuid).state
