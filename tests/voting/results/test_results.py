"""The result of the sample meeting, counted through the service, against the sample's own figures."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.voting.results.conftest import Played
from voting.accounts.models import Audit
from voting.errors import Code, Refused
from voting.polls import results, results_views
from voting.polls.share import Share
from voting.verify.judging import Verdict, check, verdict

pytestmark = pytest.mark.usefixtures("tallied")
LogIn = Callable[[str], FlaskClient]


@pytest.fixture
def expected(sample_folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((sample_folder / "expected.json").read_text(encoding="utf-8"))[
        "recommendation"
    ]
    return found


def test_the_counts_are_those_of_the_sample(db: Session, tallied: str, expected) -> None:
    counts = results.load(db, tallied).counts
    names = ("expected", "present", "printed", "voided", "handed_out", "returned", "unreturned", "invalid", "valid")
    assert {name: getattr(counts, name) for name in names} == expected["counts"]


def test_votes_and_rates_are_those_of_the_sample_in_ballot_order(db: Session, tallied: str, expected) -> None:
    (post,) = results.load(db, tallied).posts
    told = {p.name: {"votes": p.share.votes, "rate": p.share.percent} for p in post.persons}
    assert told == expected["total"]["votes"]
    assert [p.name for p in post.persons] == list(expected["total"]["votes"])
    assert (post.abstain, post.valid) == (expected["total"]["abstain"], expected["total"]["valid"])


def test_the_record_holds_the_samples_result_and_verifies(db: Session, tallied: str, expected) -> None:
    files = results.record(db, tallied)
    report = check(files, 2)
    assert [one.line for one in report.checks if not one.ok] == []
    assert (report.stage, report.result) == ("tallied", expected["result"])
    assert {"group_decryptions", "published_result"} <= {one.name for one in report.checks}
    assert json.loads(files["result.json"])["result"] == expected["result"]


def told_by(row: list[int] | tuple[int, ...], names: list[str], valid: int) -> dict[str, object]:
    """Counts of one line in the sample's own words."""
    votes = {name: {"votes": n, "rate": Share(n, valid).percent} for name, n in zip(names, row[1:], strict=True)}
    return {"valid": valid, "abstain": row[0], "votes": votes}


def test_the_groups_shown_and_the_rest_are_those_of_the_sample(db: Session, tallied: str, expected) -> None:
    files, rule = results.record(db, tallied), expected["disclosure"]
    closing, told = json.loads(files["closing.json"]), json.loads(files["result.json"])
    cast = {one["label"]: one["cast"] for one in closing["cast_per_group"]}
    names = list(expected["total"]["votes"])
    assert cast == expected["cast_per_group"]
    assert closing["groups"] == list(told["groups"]) == rule["disclosed"]
    for label, (row,) in told["groups"].items():
        assert told_by(row, names, cast[label]) == rule["groups"][label]
    assert told["rest"]["labels"] == [rule["rest"]]
    assert told_by(told["rest"]["result"][0], names, rule["rest_cast"]) == rule["其余合计"]


def test_nothing_in_the_record_opens_a_withheld_group(db: Session, tallied: str, expected) -> None:
    for line in json.loads(results.record(db, tallied)["tally.json"])["shares"]:
        assert [group["label"] for group in line["groups"]] == expected["disclosure"]["disclosed"]


def test_the_page_shows_the_groups_the_rest_and_why(tallied: str, review_client: FlaskClient, expected) -> None:
    page = review_client.get(f"/review/polls/{tallied}").text
    legend = re.sub(r"<[^>]*>", "", page[page.index('<p class="legend') :].partition("</p>")[0])
    assert legend == (
        "会议推荐按类别（收回数）：机关中层正职 14直属单位班子其他成员 21机关其他人员 66其余合计 12外框＝全部有效票"
    )
    rule = expected["disclosure"]
    parts = [*(rule["groups"][label] for label in rule["disclosed"]), rule["其余合计"]]
    shown = [str(one["votes"]["薛明澈"]["votes"]) for one in parts]
    assert " · ".join(shown) in re.sub(r'<span class="visually-hidden">[^<]*</span>', "", page)
    assert (
        "局领导班子收回 4 票，少于 5 票，不单列；为防倒推，与票数最少的类别（直属(下属)单位负责人 8 票）并入“其余合计”。"
        in page
    )


def test_the_meeting_day_and_the_year_of_life_are_told(db: Session, tallied: str) -> None:
    poll = results.load(db, tallied)
    assert (str(poll.held_on), str(poll.valid_until)) == ("2021-05-14", "2022-05-13")


def test_a_result_file_of_another_form_is_refused_by_code(
    db: Session, tallied: str, review_client: FlaskClient
) -> None:
    from voting.board import service as board

    board.put_file(db, tallied, "result.json", json.dumps({"uuid": tallied, "result": [[]], "groups": {}}).encode())
    db.commit()
    answer = review_client.get(f"/review/polls/{tallied}")
    assert (answer.status_code, "record_unsound" in answer.text) == (409, True)


def test_a_poll_without_a_result_has_no_page(db: Session, played: Played, office_client: FlaskClient) -> None:
    with pytest.raises(Refused) as refused:
        results.load(db, played.draft)
    assert refused.value.code is Code.NOT_TALLIED
    db.rollback()
    for path in ("", "/record.zip", "/verification.html"):
        assert office_client.get(f"/review/polls/{played.draft}{path}").status_code == 409


def test_an_unknown_poll_is_refused(office_client: FlaskClient) -> None:
    assert office_client.get("/review/polls/2NEPzJcRqtUYwG").status_code == 404


@pytest.mark.parametrize("role", ["office", "review", "supervisor"])
def test_each_role_reads_the_result_and_the_reading_is_logged(
    db: Session, tallied: str, log_in: LogIn, role: str
) -> None:
    db.rollback()
    page = log_in(role).get(f"/review/polls/{tallied}")
    assert page.status_code == 200
    read = db.scalars(select(Audit).where(Audit.action == "result.read")).all()
    assert [(line.subject, line.actor.split("-")[0]) for line in read] == [(tallied, role)]


@pytest.mark.parametrize(
    "path", ["", "/polls/{}", "/polls/{}/record.zip", "/polls/{}/verification.txt", "/polls/{}/verification.json"]
)
def test_nobody_without_a_login_sees_anything(client: FlaskClient, tallied: str, path: str) -> None:
    answer = client.get("/review" + path.format(tallied))
    assert answer.status_code in {302, 401}
    assert "薛明澈" not in answer.text


def test_the_page_shows_the_arithmetic_and_never_a_winner(tallied: str, review_client: FlaskClient) -> None:
    page = review_client.get(f"/review/polls/{tallied}").text
    assert "41/113" in page
    assert "36.28%" in page
    assert "推荐结果供局党组研究参考，一年内有效，不简单以票取人" in page
    assert re.search(r"当选|elected|名次|排名|第一名", page) is None
    order = [page.index(f"<b>{name}</b>") for name in ("季慕青", "贺德润", "薛明澈", "钱语笙")]
    assert order == sorted(order)


def test_the_page_carries_the_stamp_of_a_rehearsal_and_the_seal(
    tallied: str, review_client: FlaskClient, db: Session
) -> None:
    seal = results.load(db, tallied).closing_seal
    db.rollback()
    page = review_client.get(f"/review/polls/{tallied}").text
    assert "这是演练的结果" in page
    assert f"封箱印记 {seal}" in page


def test_no_page_has_inline_style_or_script(tallied: str, review_client: FlaskClient) -> None:
    for path in ("", f"/polls/{tallied}", f"/polls/{tallied}/verification.html"):
        page = review_client.get("/review" + path).text
        assert "style=" not in page
        assert re.search(r"<script(?![^>]*\bsrc=)", page) is None


def test_the_downloaded_folder_is_the_record_byte_for_byte_and_the_same_each_time(
    db: Session, tallied: str, review_client: FlaskClient
) -> None:
    files = results.record(db, tallied)
    db.rollback()
    first, again = (review_client.get(f"/review/polls/{tallied}/record.zip").data for _ in range(2))
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.testzip() is None
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert {name.removeprefix(f"{tallied}/") for name in inside} == {*files, "README.txt"}
    assert all(inside[f"{tallied}/{name}"] == body for name, body in files.items())


def test_the_download_carries_no_time(tallied: str, review_client: FlaskClient) -> None:
    raw = review_client.get(f"/review/polls/{tallied}/record.zip").data
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_verification_report_comes_as_page_text_and_json(tallied: str, supervisor_client: FlaskClient) -> None:
    page = supervisor_client.get(f"/review/polls/{tallied}/verification.html")
    text = supervisor_client.get(f"/review/polls/{tallied}/verification.txt")
    told = supervisor_client.get(f"/review/polls/{tallied}/verification.json").get_json()
    lines = [line for line in text.text.splitlines() if line.startswith("ok")]
    assert "项成立" in page.text
    assert told["ok"] is True
    assert len(lines) == len(told["records"][0]["checks"]) >= 10


def test_a_second_verification_at_the_same_time_is_asked_for_patience(
    tallied: str, review_client: FlaskClient, supervisor_client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, meanwhile = f"/review/polls/{tallied}/verification.html", []

    def slow(name: str, files: dict[str, bytes], jobs: int) -> Verdict:
        if not meanwhile:
            meanwhile.append(0)
            meanwhile[0] = supervisor_client.get(path).status_code
        return verdict(name, files, jobs)

    monkeypatch.setattr(results_views, "verdict", slow)
    assert review_client.get(path).status_code == 200
    assert meanwhile == [503]
    assert supervisor_client.get(path).status_code == 200


def test_a_verification_report_in_another_form_does_not_exist(tallied: str, review_client: FlaskClient) -> None:
    assert review_client.get(f"/review/polls/{tallied}/verification.pdf").status_code == 404


def test_an_altered_record_is_reported_as_such(db: Session, tallied: str, review_client: FlaskClient) -> None:
    from voting.board import service as board

    closing = board.get_file(db, tallied, "closing.json") or b""
    board.put_file(db, tallied, "closing.json", closing.replace(b'"present":114', b'"present":115'))
    db.commit()
    told = review_client.get(f"/review/polls/{tallied}/verification.json").get_json()
    page = review_client.get(f"/review/polls/{tallied}/verification.html").text
    assert told["ok"] is False
    assert "结果不能使用" in page


def test_the_list_names_only_tallied_polls(tallied: str, played: Played, review_client: FlaskClient) -> None:
    page = review_client.get("/review").text
    assert f"/review/polls/{tallied}" in page
    assert played.draft not in page
