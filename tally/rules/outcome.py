"""What a clause's judgement looks like, and the clauses themselves. The table in docs/rules.md is this one, in prose."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The four outcomes of every check (DOMAIN, Counting rules)."""

    MET = "met"
    NOT_MET = "not met"
    NEEDS_REASON = "needs a reason"
    OPEN = "cannot be judged yet"

    @property
    def zh(self) -> str:
        """As chips and papers say it."""
        return ZH[self]

    @property
    def chip(self) -> str:
        """The chip's class on pages: `` (met), `not`, `need` or `open`."""
        return CHIPS[self]


ZH = {Outcome.MET: "达到", Outcome.NOT_MET: "未达到", Outcome.NEEDS_REASON: "需说明理由", Outcome.OPEN: "尚不能判断"}
CHIPS = {Outcome.MET: "", Outcome.NOT_MET: "not", Outcome.NEEDS_REASON: "need", Outcome.OPEN: "open"}


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule: its key in code and docs, where it is written, its name, and whether it is † or ‡.

    `mark` is empty for the bureau's own plan, `†` for the national regulation, `‡` for a local or customary reading,
    which papers that depend on it must print.
    """

    key: str
    source: str
    name: str
    mark: str = ""

    @property
    def text(self) -> str:
        """The clause as papers cite it: `方案四(四)`, `干部任用条例†`, `本局口径‡`."""
        return f"{self.source}{self.mark}"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A clause judged: the outcome, the numbers or words that went in, and one line of arithmetic to print."""

    clause: Clause
    outcome: Outcome
    inputs: tuple[tuple[str, int | str], ...]
    arithmetic: str

    @property
    def met(self) -> bool:
        """Whether the clause is plainly met."""
        return self.outcome is Outcome.MET


LOCAL, REGULATION = "本局口径", "干部任用条例"
RATE = Clause("rate", LOCAL, "得票率", "‡")
PRESENT_DECISION = Clause("present_decision", REGULATION, "讨论决定的到会人数", "†")
PRESENT_MEETING = Clause("present_meeting", LOCAL, "推荐、测评会议的到会人数", "‡")
RETURNED = Clause("returned", f"参照{REGULATION}", "收回不多于发出", "†")
DECISION = Clause("decision", "方案四(四)", "应到会成员过半数同意")
RECONSIDERATION = Clause("reconsideration", REGULATION, "复议须过半数同意", "†")
EXCELLENT = Clause("excellent", "方案三(三)5", "优秀称职率一般达到 80%", "‡")
LIFE = Clause("life", "方案四(二)", "推荐结果一年内有效")
ANALYSIS = Clause("analysis", "方案四(三)", "综合分析，不简单以票取人", "‡")
NOTICE = Clause("notice", "方案四(五)", "任前公示 5 个工作日")
PROBATION = Clause("probation", "方案四(七)2", "试用期一年")
EDUCATION = Clause("education", "方案三(三)1", "一般应具有大学本科以上文化程度")
ASSESSMENTS = Clause("assessments", "方案三(三)2", "近三年年度考核均为称职以上")
TENURE = Clause("tenure", "方案三(三)4", "任职时间", "‡")

CLAUSES: tuple[Clause, ...] = (
    RATE, PRESENT_DECISION, PRESENT_MEETING, RETURNED, DECISION, RECONSIDERATION, EXCELLENT, LIFE, ANALYSIS, NOTICE,
    PROBATION, EDUCATION, ASSESSMENTS, TENURE,
)  # fmt: skip
