"""Reads papers back: the tables of a page as rows of text."""

from html.parser import HTMLParser

Rows = list[list[str]]


class Tables(HTMLParser):
    """Every table's rows, heads and bodies apart."""

    def __init__(self) -> None:
        super().__init__()
        self.heads: list[Rows] = []
        self.bodies: list[Rows] = []
        self._into: Rows | None = None
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "thead":
            self.heads.append([])
            self._into = self.heads[-1]
        elif tag == "tbody":
            self.bodies.append([])
            self._into = self.bodies[-1]
        elif tag == "tr" and self._into is not None:
            self._into.append([])
        elif tag in {"td", "th"}:
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self._into is not None and self._cell is not None:
            self._into[-1].append("".join(self._cell).strip())
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def page_tables(page: str) -> Tables:
    found = Tables()
    found.feed(page)
    return found


COUNTS = {
    "应到": "expected", "实到": "present", "印制": "printed", "剩余作废": "voided", "发出": "handed_out",
    "收回": "returned", "未交": "unreturned", "有效": "valid", "无效": "invalid",
}  # fmt: skip
"""The report's words, and the sample's names for the same counts."""


def summary_rows(expected: dict) -> Rows:
    """What each person's row must say after 序号, 姓名 and 现任职务: total, rate, the groups shown, 其余合计."""
    told, rule = expected["total"]["votes"], expected["disclosure"]
    parts = [*(rule["groups"][label] for label in rule["disclosed"]), rule["其余合计"]]
    return [
        [str(one["votes"]), f"{one['rate']}%", *(str(part["votes"][name]["votes"]) for part in parts)]
        for name, one in told.items()
    ]
