"""Cards for the room: what stands on them, the Wi-Fi's code read from its pixels, three sheets of A4 with nothing cut off."""

from io import BytesIO
from urllib.parse import urlsplit

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from tests.chromium import needs_chromium
from voting.cards import wifi

PAGE = "/office/cards"
ROOM = {"wifi": "云州商务局-会场", "password": 'hui;chang:2026"', "place": "后排左侧"}


def test_the_cards_carry_the_bureaus_name_and_the_address_to_type(office_client: FlaskClient):
    text = office_client.get(PAGE).text
    assert text.count("云州市商务局") >= 4
    assert text.count("localhost/v") == 3
    assert "继续访问" in text
    assert text.count("签到台") >= 3
    assert 'style="' not in text


def test_a_room_with_its_own_wifi_gets_its_name_and_no_word_of_wechat_on_wall_and_table(office_client: FlaskClient):
    text = office_client.post(PAGE, data=ROOM).text
    for_attendees = text[text.index('class="a4 wall') : text.index('class="a4 helpers"')]
    assert for_attendees.count("云州商务局-会场") == 3
    assert "后排左侧" in for_attendees
    assert "飞行模式" in for_attendees
    assert "继续访问" not in for_attendees
    assert "hui;chang:2026" not in office_client.get(PAGE).text  # nothing is kept


def test_cards_for_a_service_without_tls_say_that_it_is_a_rehearsal(office_client: FlaskClient):
    assert office_client.get(PAGE).text.count('class="drill"') == 4


@pytest.mark.parametrize(
    "typed",
    [
        {"wifi": "x" * 33},
        {"wifi": "网" * 11},
        {"wifi": "net", "password": "seven77"},
        {"wifi": "net", "password": "密码密码密码密码"},
        {"password": "without a name"},
        {"place": "很" * 21},
    ],
)
def test_what_no_phone_could_use_is_refused_and_stays_in_the_form(office_client: FlaskClient, typed):
    answer = office_client.post(PAGE, data=typed)
    assert answer.status_code == 422
    assert "invalid_value" in answer.text
    assert all(value in answer.text for value in typed.values())
    assert 'class="net"' not in answer.text


def test_only_the_office_prints_cards(review_client: FlaskClient, client: FlaskClient):
    assert review_client.get(PAGE).status_code == 403
    assert review_client.post(PAGE, data=ROOM).status_code == 403
    assert client.get(PAGE, headers={"Accept": "application/json"}).status_code == 401


def test_the_page_of_polls_leads_to_the_cards(office_client: FlaskClient):
    assert f'href="{PAGE}"' in office_client.get("/office/polls").text


def test_the_code_of_an_open_network_has_no_password():
    assert wifi.code("会场", "") == "WIFI:T:nopass;S:会场;;"
    assert wifi.code("a;b", "p:w\\12345") == r"WIFI:T:WPA;S:a\;b;P:p\:w\\12345;;"


def opened(browser: Browser, client: FlaskClient, answer) -> tuple[Page, list[str]]:
    complaints: list[str] = []

    def serve(route: Route) -> None:
        url = urlsplit(route.request.url)
        given = answer if url.path == PAGE else client.get(f"{url.path}?{url.query}")
        route.fulfill(status=given.status_code, headers=dict(given.headers), body=given.data)
        given.close()

    page = browser.new_context(viewport={"width": 1000, "height": 1300}, device_scale_factor=2).new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.route("**/*", serve)
    page.goto(f"http://localhost{PAGE}")
    return page, complaints


@pytest.mark.browser
@needs_chromium
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("typed", [ROOM, {"wifi": "W" * 32, "password": "W" * 63, "place": "求" * 20}])
def test_three_sheets_are_printed_and_nothing_is_cut_off(office_client: FlaskClient, browser: Browser, typed):
    page, complaints = opened(browser, office_client, office_client.post(PAGE, data=typed))
    page.emulate_media(media="print")
    for box in (".a4", ".table"):
        assert page.eval_on_selector_all(box, "all => all.map(one => one.scrollHeight - one.clientHeight)") == [
            0
        ] * len(page.query_selector_all(box))
        assert page.eval_on_selector_all(box, "all => all.filter(one => one.scrollWidth > one.clientWidth).length") == 0
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 3
    read = {found.text for found in zxingcpp.read_barcodes(Image.open(BytesIO(page.screenshot(full_page=True))))}
    assert wifi.code(typed["wifi"], typed["password"]) in read
    assert page.locator(".bar").is_hidden()
    assert complaints == []
    page.context.close()
