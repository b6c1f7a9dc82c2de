"""What every paper of a poll says of its box: where it was held, the counts, the seals, who signed."""

import datetime as dt
from dataclasses import dataclass

from tally.closing import seal
from tally.rules.meeting import quorate, returned
from voting.papers.model import REHEARSAL, Check, Fact, Seal, Signature, judged
from voting.papers.paper_sheet import PaperSheet
from voting.polls.results import Counts

SIGNED_BY = ("监票人", "计票人")


@dataclass(frozen=True, slots=True)
class Box:
    """A sealed box with its result. `setup_event`, `sigma`, `list_hash` are hex SHA-256; `officials` are (role, name)."""

    uuid: str
    title: str
    bureau: str
    selection: str
    subject: str
    rehearsal: bool
    insecure: bool
    held_on: dt.date | None
    counts: Counts
    setup_event: str
    sigma: str
    list_hash: str
    slips: int
    officials: tuple[tuple[str, str], ...]
    paper: PaperSheet | None = None

    @property
    def stamp(self) -> str:
        """The rehearsal's stamp, empty otherwise."""
        return REHEARSAL if self.rehearsal else ""

    @property
    def about(self) -> tuple[str, ...]:
        """The lines below a paper's title."""
        return (
            f"{self.bureau}　{self.selection}",
            self.title if self.title == self.subject else f"{self.subject}　{self.title}",
        )

    @property
    def day(self) -> str:
        """The day of the meeting as papers write it."""
        return chinese(self.held_on) if self.held_on else ""

    @property
    def seals(self) -> tuple[Seal, ...]:
        """Both seals."""
        opening = Seal("启用印记", seal(self.setup_event), self.setup_event)
        return (opening, Seal("封箱印记", seal(self.sigma), self.sigma))

    @property
    def marks(self) -> tuple[Fact, ...]:
        """What tells this box from any other: its number, and the fingerprint of the list of its slips."""
        return (Fact("投票编号", self.uuid), Fact("选票名单指纹", self.list_hash))

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """监票人, 计票人 as named at the close, then the day."""
        named = tuple(Signature(role or SIGNED_BY[k % 2], name) for k, (role, name) in enumerate(self.officials))
        return (*(named or tuple(map(Signature, SIGNED_BY))), Signature("日期"))

    @property
    def checks(self) -> tuple[Check, ...]:
        """The two rules that every count stands under."""
        said = self.counts
        return (judged(quorate(said.present, said.expected)), judged(returned(said.returned, said.handed_out)))

    @property
    def void_note(self) -> str:
        """What is known of the slips that are void."""
        said = self.counts
        if said.proved_void == said.voided:
            return f"剩余作废 {said.voided} 张，已逐张凭票上密钥登记在选举记录中。"
        return (
            f"剩余作废 {said.voided} 张为会场清点的剩余票，其中 {said.proved_void} 张已凭票上密钥登记在选举记录中，"
            "其余只按张数记录。"
        )

    @property
    def paper_note(self) -> tuple[str, ...]:
        """Said where people without a phone filled in paper ballots."""
        told = "纸质选票供手机不便的同志使用，由两人分别清点、登记一致，单列一栏，不与电子票相加，也不计入得票率。"
        return (told,) if self.paper else ()

    @property
    def transport_note(self) -> tuple[str, ...]:
        """Said where phones reached the box without TLS."""
        return ("本次投票使用未加密的网络连接（HTTP）。",) if self.insecure else ()


def chinese(day: dt.date) -> str:
    """2021-05-14 as 2021年5月14日 (GB/T 9704: no leading zeros)."""
    return f"{day.year}年{day.month}月{day.day}日"
