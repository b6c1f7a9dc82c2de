"""The sample's recommendation, counted, and the analyses that a proposal of 季慕青 needs."""

import datetime as dt

import pytest

from tests.voting.results.conftest import Played, played, tallied
from voting.decisions import analyses, proposals
from voting.decisions.analyses import Texts
from voting.decisions.models import Stage
from voting.selections import service as selections
from voting.selections.models import Post

__all__ = ["Played", "played", "tallied"]
DAY, NOW = dt.date(2021, 6, 1), 1_622_520_000


class Office:
    """What HR does for the one post of the sample, in few words."""

    def __init__(self, db):
        self.db = db
        (self.selection,) = selections.selections(db)
        self.post: Post = self.selection.posts[0]

    def line(self, name: str) -> str:
        return next(one.answer for one in self.post.candidates if one.name == name)

    def analyse(self, *names: str, reason: str = "") -> None:
        for name in names:
            texts = Texts("会议推荐得票居前", "三年均为称职以上", "踏实", "熟悉人事工作", reason)
            analyses.write(self.db, self.post, self.line(name), texts, author="糜文珊", now=NOW)

    def propose(self, *names: str, stage: Stage = Stage.VETTING, on: dt.date = DAY):
        lines = [self.line(name) for name in names]
        return proposals.propose(self.db, self.post.id, stage, lines, "", on=on, author="糜文珊", now=NOW)

    def appoint(self, *names: str):
        """Everything up to the proposal of whom to appoint: more people may be vetted than there are places."""
        self.analyse("薛明澈", "季慕青", reason="薛明澈任现职时间短，季慕青更熟悉业务")
        vetting = self.propose("季慕青", "薛明澈")
        proposals.fix(self.db, vetting.id, on=DAY, by="范景和")
        return self.propose(*names, stage=Stage.APPOINTMENT)


@pytest.fixture
def office(db, tallied) -> Office:
    return Office(db)
