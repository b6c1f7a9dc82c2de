"""A table read from a file: cells that know where they stand, and the problems found on the way."""

from dataclasses import dataclass
from enum import StrEnum

MAX_BYTES = 2 * 1024 * 1024
MAX_ROWS = 2000
MAX_COLUMNS = 100


class Why(StrEnum):
    """Why one row or cell cannot be imported."""

    FORMULA = "formula"
    MERGED = "merged"
    ERROR_VALUE = "error_value"
    EMPTY_NAME = "empty_name"
    TOO_LONG = "too_long"
    CONTROL = "control"
    DUPLICATE = "duplicate"
    BRACKET = "bracket"
    DATE = "date"
    GRADE = "grade"
    SAME_NAME = "same_name"


SENTENCES: dict[Why, str] = {
    Why.FORMULA: "是公式。请改为文字（复制，再“选择性粘贴—数值”）后重新上传",
    Why.MERGED: "是合并单元格。请取消合并，逐格填写",
    Why.ERROR_VALUE: "是错误值或无法识别的内容。请改为文字",
    Why.EMPTY_NAME: "没有姓名",
    Why.TOO_LONG: "文字过长",
    Why.CONTROL: "含有不能显示的字符（控制字符、自造字或乱码）。请重新录入这一格",
    Why.DUPLICATE: "重复",
    Why.DATE: "不是日期。请写成 2019-03-31",
    Why.GRADE: "不是年度考核的等次（优秀、称职、基本称职、不称职、不定等次，没有的留空）",
    Why.SAME_NAME: "名册里有几位同名，所在处室都与推荐人选不同，分不清是谁。请核对处室",
    Why.BRACKET: "姓名里不能有括号。说明文字请写在“现任职务”一列",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right: the spreadsheet's row number, the cell's name where one cell is meant, and why."""

    row: int
    why: Why
    ref: str = ""
    detail: str = ""

    @property
    def text(self) -> str:
        """The sentence for the person at the spreadsheet."""
        cell = f"{self.ref} " if self.ref else ""
        return f"{cell}{SENTENCES[self.why]}" + (f"（{self.detail}）" if self.detail else "") + "。"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell's text, untouched, with its row number (from 1) and its name (B7)."""

    row: int
    ref: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Headers without white space, the numbered rows below them, and the problems of the file's own making."""

    headers: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    problems: tuple[Problem, ...] = ()


def cell_name(row: int, column: int) -> str:
    """The spreadsheet's name of a cell; both numbers count from 1 (7, 2 gives B7)."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"
