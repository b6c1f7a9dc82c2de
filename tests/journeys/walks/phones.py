"""The attendee with a phone: the ballot from the first screen to the tracker, and everything that can stop it."""

import re

from playwright.sync_api import Page, Route

from tests.journeys.people import PHONE, Person
from tests.journeys.walks.base import Walk


class PhoneWalk(Walk):
    """A recommendation on the phone."""

    def preview(self, page: Page) -> None:
        page.get_by_role("button", name="开始填写").wait_for()
        self.album.take("d08-preview", page)
        page.get_by_role("button", name="开始填写").click()
        self.album.take("d08-preview-choose", page)
        page.get_by_role("button", name="下一职位").click()
        page.get_by_role("button", name="核对选票").click()
        self.album.take("d08-preview-review", page)

    def fills(self, phone: Person, first: int = 1, second: tuple[int, ...] = (1, 2)) -> None:
        phone.press(re.compile("开始填写|继续填写"))
        phone.page.locator(".card").nth(first - 1).click()
        phone.press("下一职位")
        for number in second:
            phone.page.locator(".card").nth(number - 1).click()
        phone.press("核对选票")

    def votes(self, addresses: list[str], uuid: str) -> None:
        take, base = self.album.take, self.server.base
        phone = self.someone()
        phone.go(addresses[0])
        phone.page.get_by_role("button", name="开始填写").wait_for()
        take("f02-landing", phone.page)
        phone.page.locator("summary").click()
        take("f03-landing-limits", phone.page)
        phone.press("开始填写")
        take("f04-choose", phone.page)
        phone.page.locator(".card").nth(1).click()
        take("f05-chosen", phone.page)
        phone.press("下一职位")
        for number in (0, 3):
            phone.page.locator(".card").nth(number).click()
        take("f06-full-list", phone.page)
        phone.press("核对选票")
        take("f07-review", phone.page)
        phone.press("修改")
        phone.page.locator(".card").nth(1).click()
        phone.press("核对选票")
        phone.page.reload()
        phone.press("修改")
        phone.page.locator(".card").last.click()
        phone.press("核对选票")
        phone.page.get_by_role("button", name="修改").nth(1).click()
        for number in (0, 3):
            phone.page.locator(".card").nth(number).click()
        phone.press("核对选票")
        take("f08-review-abstain", phone.page)
        held: list = []
        phone.page.route("**/ballots", lambda route: held.append(route))  # noqa: PLW0108 - playwright tells functions by their arguments
        phone.press(re.compile("^提交"))
        phone.sees("正在发送")
        take("f10-sending", phone.page)
        held.pop().abort()
        phone.page.unroute("**/ballots")
        phone.page.route("**/ballots", lambda route: route.abort())
        phone.sees("网络不通")
        take("f11-waiting", phone.page)
        phone.page.unroute("**/ballots")
        phone.press("现在重试")
        phone.sees("已投票")
        take("f12-done", phone.page)
        phone.leave()

        slow = self.someone()
        slow.page.add_init_script(
            "window.Worker = class { postMessage(what) { const say = (data) => setTimeout(() => this.onmessage && this.onmessage({data}), 30);"
            "say(what.warm ? {} : {progress: [9, 16]}); } }"
        )
        slow.go(addresses[1])
        self.fills(slow)
        slow.press(re.compile("^提交"))
        slow.sees("正在加密")
        take("f09-encrypting", slow.page, (PHONE,))
        slow.leave()

        again = self.someone()
        again.go(addresses[0])
        self.fills(again)
        again.press(re.compile("^提交"))
        again.sees("此码的票已在票箱内")
        take("f13-used", again.page)
        again.leave()
        self.stops(addresses, uuid)

        typed = self.someone()
        typed.go(f"{base}/v")
        take("f20-door", typed.page)
        typed.press("打开选票")
        take("f21-door-short", typed.page)
        for one in typed.page.locator("#five input").all():
            one.fill("0123")
        typed.press("打开选票")
        take("f22-door-wrong", typed.page)
        typed.leave()

    def stops(self, addresses: list[str], uuid: str) -> None:
        take, base = self.album.take, self.server.base
        for name, address in (("f14-no-code", f"{base}/v/{uuid}"), ("f15-wrong-code", f"{base}/v/{uuid}#AAAA-BBBB")):
            phone = self.someone()
            phone.go(address)
            phone.page.locator("#app .state").wait_for()
            phone.page.wait_for_timeout(300)
            take(name, phone.page)
            phone.leave()
        old = self.someone()
        old.page.add_init_script("delete window.BigInt")
        old.go(addresses[1])
        take("f16-unsupported", old.page)
        old.context.close()
        off = self.someone()
        off.page.route("**/election.json", lambda route: route.abort())
        off.go(addresses[1])
        off.sees("网络不通")
        take("f17-unreachable", off.page)
        off.leave()
        changed = self.someone()

        def change(route: Route) -> None:
            answer = route.fetch()
            told = answer.json()
            told["manifest"] += " "
            route.fulfill(response=answer, json=told)

        changed.page.route("**/election.json", change)
        changed.go(addresses[1])
        changed.sees("核对不上")
        take("f18-changed", changed.page)
        changed.leave()
        false = self.someone()
        false.page.route("**/ballots", lambda route: route.fulfill(status=422, json={"error": "ballot_proof", "zh": "选票的加密证明不成立，没有收下。请刷新页面重新填写。"}))  # fmt: skip
        false.go(addresses[1])
        self.fills(false)
        false.press(re.compile("^提交"))
        false.sees("没有提交成功")
        take("f19-refused", false.page)
        false.leave()
        lying = self.someone()
        lying.page.route(
            "**/ballots", lambda route: route.fulfill(status=201, json={"tracker": "x" * 43, "receipt": "x"})
        )
        lying.go(addresses[1])
        self.fills(lying)
        lying.press(re.compile("^提交"))
        lying.sees("回执")
        take("f19-receipt", lying.page)
        lying.leave()
