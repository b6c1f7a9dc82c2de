"""The trustees: a key, its trial, the share."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.people import DESK, PASSWORD, Person
from tests.journeys.walks.base import Walk
from voting.rehearse.keepers import Keeper


class KeeperWalk(Walk):
    """One trustee in a browser; the others are simulated."""

    def makes_key(self, keeper: Person, link: str) -> Path:
        take = self.album.take
        page, _ = link.split("#")
        keeper.go(page)
        keeper.sees("请用完整的链接打开")
        take("t01-link", keeper.page)
        keeper.go("about:blank")
        keeper.go(page + "#wrong-token")
        keeper.page.locator("#trouble").wait_for()
        take("t02-wrong-link", keeper.page)
        keeper.go("about:blank")
        keeper.go(link)
        keeper.sees("生成您的那一份密钥")
        take("t03-key", keeper.page)
        keeper.page.locator("#p1").fill(PASSWORD)
        keeper.page.locator("#p2").fill("x")
        keeper.press("生成并保存")
        keeper.page.locator("#trouble").wait_for()
        take("t04-key-wrong", keeper.page)
        keeper.page.locator("#p2").fill(PASSWORD)
        with keeper.page.expect_download(timeout=120_000) as saved:
            keeper.press("生成并保存")
            keeper.page.locator("#working").wait_for()
            take("t05-key-working", keeper.page, (DESK,))
        file = self.keys / saved.value.suggested_filename
        saved.value.save_as(file)
        keeper.sees("现在试开一次")
        take("t06-open", keeper.page)
        keeper.page.locator("#f1").set_input_files(file)
        keeper.page.locator("#p3").fill(PASSWORD)
        keeper.press("试开密钥文件")
        expect(keeper.page.get_by_role("heading", name="您的密钥已就绪")).to_be_visible(timeout=120_000)
        take("t07-wait", keeper.page)
        return file

    def decrypts(self, holder: Person, link: str, file: Path, seal: str, other: Keeper) -> None:
        take = self.album.take
        holder.go("about:blank")
        holder.go(link)
        expect(holder.page.locator("#decrypt")).to_be_visible(timeout=180_000)
        take("t08-decrypt", holder.page)
        holder.page.locator("#s").fill("0000 0000")
        holder.page.locator("#f2").set_input_files(file)
        holder.page.locator("#p4").fill(PASSWORD)
        holder.press("用我的密钥计票")
        holder.page.locator("#trouble").wait_for(timeout=60_000)
        take("t09-seal-wrong", holder.page)
        holder.page.locator("#s").fill(seal)
        holder.page.locator("#p4").fill(PASSWORD)
        holder.press("用我的密钥计票")
        expect(holder.page.get_by_role("heading", name="您的一份已经送达")).to_be_visible(timeout=180_000)
        take("t10-shared", holder.page)
        self.office.page.reload()
        self.office.go(self.office.page.url.removesuffix("/seal"))
        take("d51-step-11-tally-one-share", self.office.page)
        assert other.decrypt()
        holder.page.reload()
        holder.sees("计票完成")
        take("t11-done", holder.page)
        holder.leave()
