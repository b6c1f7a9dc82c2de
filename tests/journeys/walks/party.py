"""The Party group's page, the analysis, a proposal refused and made, the meeting that decides."""

import re

from playwright.sync_api import expect

from tests.journeys.people import Person
from tests.journeys.walks.papers import PapersWalk

MOST, PROPOSED = "薛明澈", "季慕青"
MEMBERS = [f"{name}，{title}" for name, title in zip(
    ("范景和", "承志远", "庞修远", "卫青棠", "秦望川", "郑为民", "梁静姝", "赵启明", "吴思远", "顾承安", "何雨薇", "陆知远"),
    ("局党组书记、局长", *["局党组成员、副局长"] * 11), strict=True,
)]  # fmt: skip
WRITTEN = (
    "会议推荐中两类人员都有推荐，得票居前。",
    "连续三年称职以上。",
    "做事踏实，团结同志。",
    "从事干部人事工作多年，熟悉业务。",
)


class PartyWalk(PapersWalk):
    """From the votes to the decision that fails at exactly half."""

    def proposes(self, review: Person) -> None:
        take, office, base = self.album.take, self.office, self.base
        post, proposal = f"{base}/review/posts/{self.hall.post}", f"{base}/office/posts/{self.hall.post}/proposal"
        review.go(f"{base}/review/posts")
        take("q01-posts", review.page)
        review.go(post)
        take("q02-party-page", review.page)
        self.album.print("q02-party-page", review.page)
        office.go(proposal)
        take("q03-proposal", office.page)
        self.ticks_and_proposes("")
        take("q04-proposal-refused", office.page)
        for name in (PROPOSED, MOST):
            office.go(proposal)
            office.page.get_by_role("row", name=re.compile(name)).get_by_role("link", name="写综合分析").click()
            for field, text in zip(office.page.locator("form textarea").all(), WRITTEN, strict=False):
                field.fill(text)
            office.page.locator("form textarea").last.fill(
                "从岗位需要考虑，更为合适。" if name == PROPOSED else "得票较多，但任现职时间短，本次不建议。"
            )
            if name == PROPOSED:
                take("q05-analysis", office.page)
            office.press(re.compile("^提交.*综合分析"))
        office.go(proposal)
        self.ticks_and_proposes("岗位需要熟悉干部人事工作的同志。")
        take("q06-proposal-made", office.page)
        review.go(post)
        take("q07-party-page-proposed", review.page)
        self.album.print("q07-party-page-proposed", review.page)
        review.press(re.compile(f"确定：考察 {PROPOSED}"))
        office.go(proposal)
        self.ticks_and_proposes("考察情况良好。")

    def ticks_and_proposes(self, reason: str) -> None:
        office = self.office
        office.page.get_by_label(f"建议 {PROPOSED}").check()
        office.page.get_by_label(re.compile("理由")).last.fill(reason)
        office.press("提出建议人选")

    def meets(self, review: Person) -> None:
        take, office = self.album.take, self.office
        office.follow("建立党组会表决")
        take("q08-meeting-new", office.page)
        for label, said in (("主持人", "范景和"), ("记录人", "糜文珊"), ("列席", "柏清源")):
            office.fill(label, said)
        office.page.locator("textarea[name=members]").fill("\n".join(MEMBERS))
        office.press("建立，下一步记到会和表态")
        take("q09-meeting", office.page)
        for box in office.page.get_by_label(re.compile("到会$")).all():
            box.check()
        for k, choice in enumerate(office.page.locator("select").all()):
            choice.select_option(label="同意" if k < 6 else "不同意" if k < 10 else "缓议")
        office.press("记下到会和表态")
        take("q10-meeting-noted", office.page)
        office.press(re.compile("^确认 1 人的表决情况"))
        expect(office.page.get_by_text(f"{PROPOSED}：没有通过。")).to_be_visible()
        take("q11-meeting-concluded", office.page)
        office.follow("打印党组会表决情况")
        take("q12-decision-paper", office.page)
        self.album.print("q12-decision-paper", office.page)
        review.go(f"{self.base}/review/posts/{self.hall.post}")
        take("q13-party-page-decided", review.page)
