"""The printed page: eight slips to a sheet, shown once, and decoded again from its pixels."""

import datetime as dt
import re
from io import BytesIO
from secrets import token_bytes
from urllib.parse import urlsplit

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Browser, Route
from sqlalchemy.orm import Session

from keys import credential
from keys.curve import ED25519
from tests.chromium import needs_chromium
from voting.board import service as board
from voting.polls.models import Poll, PollGroup, PollQuestion
from voting.selections.models import Candidate, Post, Selection
from voting.slips.service import Slip
from voting.slips.sheets import sheets
from voting.web.qr import draw

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
UUID = "4rRvc7HTY5uUqY"
GROUPS = (("机关中层正职", 8, 3), ("直属(下属)单位负责人", 3, 3))
PAGE = f"/office/polls/{UUID}/slips"


@pytest.fixture
def keyed(db: Session) -> Session:
    board.create(db, UUID, "2026年科级领导职务选拔任用　会议推荐", rehearsal=True, transport="http")
    selection = Selection(title="选拔", bureau="云州市商务局", plan_date=dt.date(2026, 11, 1), created=NOW)
    db.add(selection)
    db.flush()
    db.add(
        Poll(uuid=UUID, selection_id=selection.id, kind="recommendation", form="meeting", created=NOW,
             administrator="局人教处", credential_authority="局人教处", replaces="", void_reason="")
    )  # fmt: skip
    post = Post(selection_id=selection.id, title="人事教育处处长", places=1)
    db.add(post)
    db.flush()
    for position, name in enumerate(("季慕青", "过静宜")):
        db.add(Candidate(post_id=post.id, position=position, name=name, duty="副处长", department="办公室"))
    db.add(PollQuestion(poll=UUID, position=0, post_id=post.id, max_choices=1, places=1))
    for position, (label, expected, spares) in enumerate(GROUPS):
        db.add(PollGroup(poll=UUID, position=position, label=label, expected=expected, spares=spares))
    board.advance(db, UUID, board.State.DRAFT, board.State.KEYED)
    db.commit()
    return db


def codes(html: str) -> list[str]:
    typed = re.findall(r'<p class="typed">(.*?)</p>', html)
    return ["-".join(re.findall(r"<span>(.{4})</span>", one)) for one in typed]


def test_the_page_before_pressing_says_what_can_happen_only_once(keyed, office_client: FlaskClient):
    text = office_client.get(PAGE).text
    assert "印制 17 张选票" in text
    assert "只显示一次" in text
    assert board.credentials(keyed, UUID) == []  # looking changes nothing


def test_the_slips_are_streamed_once_and_never_kept(keyed, office_client: FlaskClient):
    keyed.rollback()
    answer = office_client.post(PAGE)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(set(codes(answer.text))) == 17
    keyed.expire_all()
    assert board.get(keyed, UUID).state == "issued"
    listed = {board.key_text(raw) for raw, _ in board.credentials(keyed, UUID)}
    assert {ED25519.base(credential.secret(ED25519, UUID, code)).text for code in codes(answer.text)} == listed
    keyed.rollback()
    again = office_client.post(PAGE, headers={"Accept": "application/json"})
    assert (again.status_code, again.json["error"]) == (409, "already_issued")
    later = office_client.get(PAGE).text
    assert "already_issued" in later
    assert '<form method="post"><input' not in later
    assert not [code for code in codes(answer.text) if code in later + again.text]


def test_a_get_never_issues(keyed, office_client: FlaskClient):
    keyed.rollback()
    for _ in range(2):
        assert codes(office_client.get(PAGE).text) == []
    assert board.get(keyed, UUID).state == "keyed"


def test_only_the_office_may_print(keyed, review_client: FlaskClient, client: FlaskClient):
    keyed.rollback()
    assert review_client.post(PAGE).status_code == 403
    assert client.post(PAGE, headers={"Accept": "application/json"}).status_code == 401
    assert board.credentials(keyed, UUID) == []


def test_before_the_keys_are_ready_nothing_is_printed(keyed, office_client: FlaskClient):
    board.get(keyed, UUID).state = "draft"
    keyed.commit()
    answer = office_client.post(PAGE, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]) == (409, "wrong_state")
    assert "印制 17 张选票" not in office_client.get(PAGE).text


def test_a_slip_bears_group_and_poll_but_no_number_or_mark(keyed, office_client: FlaskClient):
    keyed.rollback()
    text = office_client.post(PAGE).text
    slips = re.findall(r'<section class="slip">.*?</section>', text, re.DOTALL)
    bare = {re.sub(r'(<path d=")[^"]*|<p class="typed">.*?</p>', "", slip) for slip in slips}
    assert len(slips) == 17
    assert len(bare) == len(GROUPS)  # apart from QR and code, two slips of a group are the same
    assert all("演练" in slip and "会议推荐票" in slip for slip in slips)
    assert 'style="' not in text


def test_a_new_group_begins_a_new_sheet():
    slips = [Slip(credential.new(token_bytes), label) for label in "甲" * 9 + "乙" * 2]
    made = list(sheets(iter(slips), "https://tp.example", UUID))
    assert [(sheet.group_label, len(sheet.slips)) for sheet in made] == [("甲", 8), ("甲", 1), ("乙", 2)]


def test_the_code_stands_in_the_fragment():
    code = "M9S3-46Q3-D25V-T4F5-V37E"
    picture = draw(f"https://tp.example/v/{UUID}#{code}")
    assert picture.size == 33
    assert picture.view_box == "-4 -4 41 41"
    assert len(picture.path) < 5000


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_qr_code_on_the_printed_page_is_read_from_its_pixels(keyed, office_client: FlaskClient, browser: Browser):
    keyed.rollback()
    answer = office_client.post(PAGE)
    expected = {f"http://localhost/v/{UUID}#{code}" for code in codes(answer.text)}
    complaints: list[str] = []

    def serve(route: Route) -> None:
        url = urlsplit(route.request.url)
        given = answer if url.path == PAGE else office_client.get(f"{url.path}?{url.query}")
        route.fulfill(status=given.status_code, headers=dict(given.headers), body=given.data)
        given.close()

    page = browser.new_context(viewport={"width": 1000, "height": 1300}, device_scale_factor=2).new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.route("**/*", serve)
    page.goto(f"http://localhost{PAGE}")
    page.emulate_media(media="print")
    image = Image.open(BytesIO(page.screenshot(full_page=True)))
    read = {found.text for found in zxingcpp.read_barcodes(image)}
    assert read == expected
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 3
    assert page.locator(".bar").is_hidden()
    assert complaints == []
