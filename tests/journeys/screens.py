"""`make screens`: every page and state of the product as a picture, checked by axe and by a few rules of the eye.

    python -m tests.journeys.screens [FOLDER] [--short] [--only meeting|booth|bureau] [--start NAME]

FOLDER is screens/ in the system's temporary folder unless given. `--short` keeps of each page the size that it is made for,
as docs/screens/ does; without it every page is kept at a phone's and at a desk's size. Beside the pictures it reports what
eyes tire of: a page that scrolls sideways, also at 200 %, two filled buttons, a target too small for a finger, text that a
field cuts off, controls read upwards, too little contrast on the wall. Leaves with 1 when there is one of these.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.chromium import CHROMIUM, FLAGS
from tests.journeys import index
from tests.journeys.album import Album
from tests.journeys.people import DESK, Person
from tests.journeys.walks.endings import EndingsWalk
from tests.journeys.walks.hall import hall
from tests.journeys.walks.kiosk import KioskWalk
from tests.journeys.walks.party import PartyWalk
from voting.rehearse.server import Server

PATIENCE = 20_000  # milliseconds


def somebody(browser: Browser) -> Person:
    who = Person(browser, DESK)
    who.page.set_default_timeout(PATIENCE)
    return who


def through_a_meeting(browser: Browser, album: Album, state: Path) -> None:
    """An installation from its first start: one meeting to its count, a second one that ends void."""
    with Server(state) as server:
        walk = EndingsWalk(browser, server, album, somebody(browser), state)
        walk.enters()
        reviewer = walk.staff()
        selection = walk.prepares()
        walk.voided(selection, walk.meets(selection))
        walk.office.go(selection)
        album.take("c15-selection-with-polls", walk.office.page)
        walk.office.go(f"{server.base}/review")
        uuid = walk.office.page.locator(".found a").first.get_attribute("href") or ""
        walk.reads(reviewer, uuid.rsplit("/", 1)[1])
        walk.errs()
        reviewer.leave()
        walk.office.leave()


def through_the_booth(browser: Browser, album: Album, state: Path) -> None:
    """Three open polls: on the tablet, an evaluation and a decision on the phone."""
    with hall(state) as seeded:
        walk = KioskWalk(browser, seeded, album, somebody(browser), state)
        walk.at_the_tablet()
        walk.evaluates()
        walk.decides()


def through_the_bureau(browser: Browser, album: Album, state: Path) -> None:
    """Two counted polls of one selection: facts, papers, the Party group, paper ballots, polls about persons."""
    with hall(state) as seeded:
        walk = PartyWalk(browser, seeded, album, somebody(browser), state)
        walk.log_in(walk.office, "office")
        walk.office.page.wait_for_url("**/office**")
        review = walk.of_the_office("review")
        walk.reads_the_roster()
        walk.prints_cards()
        walk.prints(review)
        walk.proposes(review)
        walk.meets(review)
        walk.counts_paper_ballots(review)
        walk.drafts_polls()
        review.leave()
        walk.office.leave()


WALKS = {"meeting": through_a_meeting, "booth": through_the_booth, "bureau": through_the_bureau}


def main(folder: Path, *, short: bool, only: str | None, start: str) -> int:
    """Take the pictures; 1 if something is wrong on one of them."""
    folder.mkdir(parents=True, exist_ok=True)
    if only is None:
        index.clear(folder)
    album = Album(folder, short, start)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, walk in WALKS.items():
            if only in (None, name):
                with tempfile.TemporaryDirectory() as state:
                    walk(browser, album, Path(state))
        browser.close()
    index.write(folder)
    print(f"{len(album.names)} pictures in {folder}")
    print("\n".join(album.wrong))
    return 1 if album.wrong else 0


if __name__ == "__main__":
    usage = argparse.ArgumentParser(description="make screens")
    usage.add_argument("folder", nargs="?", type=Path, default=Path(tempfile.gettempdir()) / "screens")
    usage.add_argument("--short", action="store_true")
    usage.add_argument("--only", choices=WALKS)
    usage.add_argument("--start", default="", help="take no picture before the one of this name")
    chosen = usage.parse_args()
    sys.exit(main(chosen.folder, short=chosen.short, only=chosen.only, start=chosen.start))
