"""`python -m tests.load.tap`: from the tap on 提交 to 已投票 on a slow phone, the evaluation of 8 in a throttled Chromium.

The phone is filled in person by person by 各项同为, with so many seconds for each; the service is the real one. Prints
medians in milliseconds: until the ballot is handed to the network, and until the page says 已投票.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from config import Config
from tests.chromium import CHROMIUM, FLAGS
from tests.load.service import Service
from tests.voting.polls.meeting import SECRET
from tests.voting.ready_poll import UUID, ready_evaluation
from voting.store.base import Database

PHONE = {"width": 360, "height": 740}
WITHOUT_WORKERS = "delete window.Worker;"
# The taps are the phone's own clock's: from the event to the request, and to the page that follows.
WATCH = """
  window.times = {};
  const send = window.fetch;
  window.fetch = (...asked) => {
    if (String(asked[0]).endsWith("/ballots")) window.times.sent = performance.now();
    return send(...asked);
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("button") && /^提交/.test(event.target.closest("button").textContent)) {
      window.times.tapped = event.timeStamp;
    }
  }, true);
  new MutationObserver(() => {
    const heading = document.querySelector("h1");
    if (heading && heading.textContent === "已投票" && !window.times.done) {
      requestAnimationFrame(() => { window.times.done = performance.now(); });
    }
  }).observe(document, { childList: true, subtree: true });
"""


def prepare(url: str, voters: int) -> list[str]:
    """An open box for the evaluation of 8 in an empty database; its slips' codes."""
    database = Database(url)
    database.create()
    with database.session() as db:
        poll = ready_evaluation(db, Config(url, SECRET, "http://localhost"), slips=(voters, 3))
    database.close()
    return list(poll.codes[:voters])


def vote(page: Page, address: str, seconds: float) -> dict[str, float]:
    """Scan, fill in, submit; the milliseconds after the tap."""
    page.goto(address)
    page.get_by_role("button", name="开始填写").click()
    while True:
        page.get_by_role("group", name="各项同为").get_by_role("button", name="优秀", exact=True).click()
        page.get_by_role("radiogroup", name="使用意见").get_by_role("radio", name="同意", exact=True).click()
        page.wait_for_timeout(1000 * seconds)
        onward = page.get_by_role("button", name="下一位")
        if not onward.count():
            break
        onward.click()
    page.get_by_role("button", name="核对测评票").click()
    page.wait_for_timeout(1000 * seconds)
    page.get_by_role("button", name="提交选票").click()
    page.get_by_role("heading", name="已投票").wait_for(timeout=60_000)
    times = page.evaluate(
        "new Promise((shown) => requestAnimationFrame(() => setTimeout(() => shown(window.times), 50)))"
    )
    return {"sent": times["sent"] - times["tapped"], "done": times["done"] - times["tapped"]}


def measure(
    browser: Browser, base: str, codes: list[str], options: argparse.Namespace, *, worker: bool
) -> dict[str, float]:
    """Medians over one visit a code."""
    found = []
    for code in codes:
        page = browser.new_page(viewport=PHONE, locale="zh-CN")
        page.add_init_script(WATCH if worker else WITHOUT_WORKERS + WATCH)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": options.throttle})
        found.append(vote(page, f"{base}/v/{UUID}#{code}", options.seconds))
        page.context.close()
    return {name: round(statistics.median(one[name] for one in found), 1) for name in ("sent", "done")}


def main() -> None:
    """Measure with the worker and without; one JSON object a line."""
    usage = argparse.ArgumentParser(prog="python -m tests.load.tap", description=__doc__)
    usage.add_argument("--throttle", type=float, default=6, help="how many times slower than this machine the phone is")
    usage.add_argument("--seconds", type=float, default=2, help="spent on each person")
    usage.add_argument("--rounds", type=int, default=5)
    options = usage.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        url = f"sqlite:///{folder}/tap.sqlite3"
        codes = prepare(url, 2 * options.rounds)
        service = Service(Path(folder), MIPIAO_DATABASE_URL=url, MIPIAO_SECRET=SECRET.decode()).start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            for worker in (True, False):
                mine = [codes.pop() for _ in range(options.rounds)]
                told = measure(browser, service.base, mine, options, worker=worker)
                print(json.dumps({"worker": worker, "throttle": options.throttle, **told}), flush=True)
        finally:
            browser.close()
            service.stop()


if __name__ == "__main__":
    main()
