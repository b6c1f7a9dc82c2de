"""The office's pages of selections: two-step import, nothing half done, every refusal with its sentence and code."""

import io
import re

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from voting.accounts.models import Audit
from voting.selections import previewed, service
from voting.selections.importing import CandidateRow
from voting.store.base import Database

SOUND = "姓名,现任职务,所在处室\r\n季慕青,副处长,投资促进处\r\n过静宜,副主任,办公室\r\n".encode("gb18030")


@pytest.fixture
def post(office_client: FlaskClient) -> int:
    made = office_client.post(
        "/office/selections/new",
        data={"title": "科级干部选拔任用", "bureau": "云州市商务局", "plan_date": "2026-05-08"},
    )
    assert made.status_code == 302
    there = office_client.post(f"{made.location}/posts", data={"title": "人事教育处处长", "places": "1"})
    assert there.status_code == 302
    return int(re.findall(r"\d+", there.location)[0])


def upload(client: FlaskClient, post: int, raw: bytes, name: str = "人选.csv"):
    # Written by hand: for large files the test client would leave a temporary file open.
    head = f'--B\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body = head + raw + b"\r\n--B--\r\n"
    return client.post(
        f"/office/posts/{post}/candidates", input_stream=io.BytesIO(body), content_length=len(body),
        content_type="multipart/form-data; boundary=B",
    )  # fmt: skip


def token(page) -> str:
    return re.search(r'name="preview"[^>]* value="([^"]*)"', page.text)[1]


def names(database: Database, post: int) -> list[str]:
    with database.session() as db:
        return [c.name for c in service.candidates(db, post)]


def test_an_import_is_previewed_then_confirmed(office_client, database, post):
    page = upload(office_client, post, SOUND)
    assert page.status_code == 200
    assert "导入这 2 人" in page.text
    assert names(database, post) == []
    done = office_client.post(f"/office/posts/{post}/candidates/confirm", data={"preview": token(page)})
    assert done.status_code == 302
    assert names(database, post) == ["季慕青", "过静宜"]
    assert "已导入" in office_client.get(done.location).text


def test_a_list_with_bad_rows_names_each_and_offers_no_import(office_client, database, post):
    page = upload(office_client, post, SOUND + ",副处长,办公室\r\n=1+1,,\r\n".encode("gb18030"))
    assert page.status_code == 422
    assert "第 4 行" in page.text
    assert "A5 是公式" in page.text
    assert 'name="preview"' not in page.text
    assert names(database, post) == []


@pytest.mark.parametrize(("raw", "name", "status", "code"), [
    (b"", "a.csv", 422, "import_empty"),
    (b"PK\x03\x04", "a.xlsx", 422, "import_not_a_table"),
    (SOUND + b"\xff\xff\xff", "a.csv", 422, "import_encoding"),
    ("序号,职务\r\n1,副处长\r\n".encode(), "a.csv", 422, "import_headers"),
    (b"x" * (2 * 1024 * 1024 + 10), "a.csv", 413, "import_too_large"),
    (b"x" * (9 * 1024 * 1024), "a.csv", 413, "too_large"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_its_code(office_client, post, raw, name, status, code):
    page = upload(office_client, post, raw, name)
    assert page.status_code == status
    assert code in page.text


def test_no_file_at_all_asks_for_one(office_client, post):
    page = office_client.post(f"/office/posts/{post}/candidates", data={})
    assert page.status_code == 400
    assert "请选择文件" in page.text


def altered(packed: str) -> str:
    return ("A" if packed[0] != "A" else "B") + packed[1:]


@pytest.mark.parametrize("tweak", [altered, lambda _: "", lambda packed: packed[:-3], lambda _: "a.b.c"])
def test_a_preview_that_was_tampered_with_imports_nothing(office_client, database, post, tweak):
    packed = tweak(token(upload(office_client, post, SOUND)))
    answer = office_client.post(f"/office/posts/{post}/candidates/confirm", data={"preview": packed})
    assert answer.status_code == 409
    assert "import_stale" in answer.text
    assert names(database, post) == []


def test_a_preview_of_another_post_imports_nothing(office_client, database, post):
    packed = token(upload(office_client, post, SOUND))
    other = office_client.post("/office/selections/1/posts", data={"title": "机关中层副职", "places": "2"})
    number = int(re.findall(r"\d+", other.location)[0])
    answer = office_client.post(f"/office/posts/{number}/candidates/confirm", data={"preview": packed})
    assert answer.status_code == 409
    assert names(database, number) == []


def test_the_same_preview_confirmed_twice_is_refused_the_second_time(office_client, post):
    packed = token(upload(office_client, post, SOUND))
    where = f"/office/posts/{post}/candidates/confirm"
    assert office_client.post(where, data={"preview": packed}).status_code == 302
    assert office_client.post(where, data={"preview": packed}).status_code == 409


def test_the_log_says_who_left_a_list_and_who_came(office_client, database, post):
    def imported(lines: str) -> str:
        raw = ("姓名,现任职务,所在处室\r\n" + lines).encode()
        packed = token(upload(office_client, post, raw))
        assert (
            office_client.post(f"/office/posts/{post}/candidates/confirm", data={"preview": packed}).status_code == 302
        )
        with database.session(immediate=False) as db:
            wanted = select(Audit.detail).where(Audit.action == "candidates.import").order_by(Audit.id.desc())
            return db.scalars(wanted).first().partition("：")[2]

    assert imported("季慕青,副处长,办公室\r\n过静宜,副主任,办公室\r\n") == "2 人"
    assert imported("过静宜,副主任,办公室\r\n季慕青,副处长,办公室\r\n") == "2 人；顺序有变"
    assert (
        imported("过静宜,副主任,办公室\r\n季慕清,副处长,办公室\r\n")
        == "2 人；撤下 季慕青（办公室　副处长）；加入 季慕清（办公室　副处长）"
    )
    assert imported("过静宜,副主任,办公室\r\n") == "1 人；撤下 季慕清（办公室　副处长）"


def test_an_old_preview_is_refused(app, office_client, post, monkeypatch):
    packed = token(upload(office_client, post, SOUND))
    monkeypatch.setattr(previewed, "MAX_AGE", -1)
    assert office_client.post(f"/office/posts/{post}/candidates/confirm", data={"preview": packed}).status_code == 409


def test_the_longest_list_fits_into_the_form(app, office_client, database, post):
    rows = [(chr(0x4E00 + i * 7) + "名" * 20, chr(0x5E00 + i) * 60, chr(0x6E00 + i) * 60) for i in range(100)]
    raw = ("姓名,现任职务,所在处室\r\n" + "".join(",".join(r) + "\r\n" for r in rows)).encode()
    packed = token(upload(office_client, post, raw))
    assert office_client.post(f"/office/posts/{post}/candidates/confirm", data={"preview": packed}).status_code == 302
    assert len(names(database, post)) == 100


def test_a_signature_for_another_purpose_is_no_preview(app, office_client, post):
    payload = {"post": post, "was": "", "rows": [[2, "甲", "", ""]]}
    packed = URLSafeTimedSerializer(app.secret_key, salt="another").dumps(payload)
    assert office_client.post(f"/office/posts/{post}/candidates/confirm", data={"preview": packed}).status_code == 409


def test_a_preview_round_trip_keeps_every_row():
    rows = [CandidateRow(2, "顾𬱖", "三级主任科员", "外商投资管理处")]
    assert previewed.unpack("s", 3, previewed.pack("s", 3, "f", rows)) == ("f", rows)


@pytest.mark.parametrize("path", [
    "/office/selections/99", "/office/posts/99/candidates", "/office/selections/99/polls/new",
    f"/office/selections/{9**30}", f"/office/posts/{9**30}/candidates", f"/office/selections/{2**31}/polls/new",
])  # fmt: skip
def test_what_does_not_exist_is_a_404_with_a_sentence(office_client, path):
    page = office_client.get(path)
    assert page.status_code == 404
    assert "没有这" in page.text


@pytest.mark.parametrize("data", [
    {}, {"title": "", "bureau": "局", "plan_date": "2026-05-08"}, {"title": "x", "bureau": "局", "plan_date": "五月八日"},
    {"title": "x" * 200, "bureau": "局", "plan_date": "2026-05-08"}, {"title": "a|b", "bureau": "局", "plan_date": "2026-05-08"},
])  # fmt: skip
def test_a_badly_filled_selection_is_shown_again_and_not_saved(office_client, database, data):
    assert office_client.post("/office/selections/new", data=data).status_code == 422
    with database.session() as db:
        assert service.selections(db) == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"title": "处长", "places": "0"},
        {"title": "处长", "places": "一"},
        {"title": "人事教育处处长", "places": "1"},
    ],
)
def test_a_badly_filled_post_is_shown_again_and_not_saved(office_client, database, post, data):
    assert office_client.post("/office/selections/1/posts", data=data).status_code == 422
    with database.session() as db:
        assert len(service.get_selection(db, 1).posts) == 1


@pytest.mark.parametrize("path", ["/office/selections", "/office/selections/new", "/office/polls"])
def test_the_pages_are_for_the_office_alone(client, review_client, office_client, path):
    assert office_client.get(path).status_code == 200
    assert client.get(path).status_code == 302
    assert review_client.get(path).status_code == 403
