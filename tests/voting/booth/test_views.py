"""What a phone may send and what it gets back: each refusal with its code and status, and never a cookie."""

import gzip
import hashlib
import io
import json
import re
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Config
from keys.group import Scalar
from tally import canonical
from tally.ballot import Ballot, make, max_size
from tally.closing import verify_receipt
from tests.voting.ready_poll import ABSTAIN, CHOICES, UUID, ReadyPoll, ready_poll
from voting.board import service as board
from voting.board.models import State
from voting.store.base import Database


@pytest.fixture
def poll(db: Session, config: Config) -> ReadyPoll:
    return ready_poll(db, config)


def post(client: FlaskClient, body: bytes | str, uuid: str = UUID, kind: str = "application/json") -> TestResponse:
    return client.post(f"/v/{uuid}/ballots", data=body, content_type=kind)


def told(response: TestResponse) -> tuple[int, str]:
    return response.status_code, response.get_json().get("error", "")


def advance(db: Session, frm: State, *to: State) -> None:
    for one in to:
        board.advance(db, UUID, frm, one)
        frm = one
    db.commit()


def test_a_ballot_is_taken_with_its_tracker_and_a_receipt_that_holds(client: FlaskClient, poll: ReadyPoll) -> None:
    ballot = poll.ballot(0)
    first = post(client, ballot.raw)
    assert first.status_code == 201
    assert first.json["tracker"] == ballot.tracker
    verify_receipt(poll.manifest.receipt_key, poll.uuid, poll.election.phi, ballot.tracker, first.json["receipt"])


def test_a_retry_after_a_lost_answer_gets_the_same_answer(client: FlaskClient, poll: ReadyPoll) -> None:
    ballot = poll.ballot(0)
    first, again = post(client, ballot.raw), post(client, ballot.raw)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json


def test_a_retry_after_the_close_still_gets_its_answer(client: FlaskClient, db: Session, poll: ReadyPoll) -> None:
    ballot = poll.ballot(0)
    first = post(client, ballot.raw)
    advance(db, State.OPEN, State.CLOSING, State.CLOSED)
    again = post(client, ballot.raw)
    assert (again.status_code, again.json) == (200, first.json)


def test_a_used_slip_is_shown_the_accepted_tracker(client: FlaskClient, poll: ReadyPoll) -> None:
    first, second = poll.ballot(0), poll.ballot(0, ABSTAIN)
    accepted = post(client, first.raw).json
    refused = post(client, second.raw)
    assert told(refused) == (409, "credential_used")
    assert (refused.json["tracker"], refused.json["receipt"]) == (accepted["tracker"], accepted["receipt"])


def test_without_the_slips_signature_a_used_slip_is_shown_nothing(client: FlaskClient, poll: ReadyPoll) -> None:
    post(client, poll.ballot(0).raw)
    forged = json.loads(poll.ballot(0, ABSTAIN).raw)
    forged["signature"] = json.loads(poll.ballot(1).raw)["signature"]
    refused = post(client, canonical.dump(forged))
    assert told(refused) == (422, "ballot_signature")
    assert "tracker" not in refused.json


@pytest.mark.parametrize(
    ("states", "answer"),
    [((), (409, "not_yet")), ((State.OPEN, State.CLOSING), (409, "closed")), ((State.VOID,), (409, "closed"))],
)
def test_outside_the_open_state_nothing_is_taken(
    client: FlaskClient, db: Session, config: Config, states: tuple[State, ...], answer: tuple[int, str]
) -> None:
    poll = ready_poll(db, config, state=State.ISSUED)
    advance(db, State.ISSUED, *states)
    assert told(post(client, poll.ballot(0).raw)) == answer
    assert board.count(db, UUID) == 0


def test_a_poll_that_closes_while_somebody_fills_in_refuses_in_words(
    client: FlaskClient, db: Session, poll: ReadyPoll
) -> None:
    assert client.get(f"/v/{UUID}/election.json").status_code == 200
    ballot = poll.ballot(0)
    advance(db, State.OPEN, State.CLOSING)
    refused = post(client, ballot.raw)
    assert told(refused) == (409, "closed")
    assert "投票已经结束" in refused.json["zh"]


def flip_proof(ballot: dict[str, object]) -> None:
    answer = ballot["answers"][0]  # type: ignore[index]
    answer["individual_proofs"][1].reverse()


def drop_answer(ballot: dict[str, object]) -> None:
    ballot["answers"].pop()  # type: ignore[attr-defined]


def add_field(ballot: dict[str, object]) -> None:
    ballot["note"] = "姓名"


def identity_alpha(ballot: dict[str, object]) -> None:
    ballot["answers"][0]["choices"][0]["alpha"] = "0" * 63 + "1"  # type: ignore[index]


def torsion_alpha(ballot: dict[str, object]) -> None:
    ballot["answers"][0]["choices"][0]["alpha"] = "00" * 32  # type: ignore[index]


def long_scalar(ballot: dict[str, object]) -> None:
    ballot["answers"].pop()  # leaves room below the size limit
    ballot["signature"]["proof"]["response"] = "9" * 5000  # type: ignore[index]


def number_for_text(ballot: dict[str, object]) -> None:
    ballot["credential"] = 7


def repeat_ciphertext(ballot: dict[str, object]) -> None:
    choices = ballot["answers"][0]["choices"]  # type: ignore[index]
    choices[1] = choices[0]


@pytest.mark.parametrize(
    ("tweak", "code"),
    [
        (flip_proof, "ballot_signature"), (drop_answer, "ballot_malformed"), (add_field, "ballot_malformed"),
        (identity_alpha, "ballot_malformed"), (torsion_alpha, "ballot_malformed"), (long_scalar, "ballot_malformed"),
        (number_for_text, "ballot_malformed"), (repeat_ciphertext, "ballot_signature"),
    ],
)  # fmt: skip
def test_a_tweaked_ballot_is_refused_by_code(
    client: FlaskClient, db: Session, poll: ReadyPoll, tweak, code: str
) -> None:
    ballot = json.loads(poll.ballot(0).raw)
    tweak(ballot)
    assert told(post(client, canonical.dump(ballot))) == (422, code)
    assert board.count(db, UUID) == 0


@pytest.mark.parametrize(("tweak", "code"), [(flip_proof, "ballot_proof"), (repeat_ciphertext, "ciphertext_repeated")])
def test_a_false_proof_is_refused_even_when_the_slip_signed_it(
    client: FlaskClient, poll: ReadyPoll, tweak, code: str
) -> None:
    from keys import proofs
    from keys.curve import ED25519

    ballot = json.loads(poll.ballot(0).raw)
    tweak(ballot)
    del ballot["signature"]
    digest = canonical.b64_hash(canonical.dump(ballot))
    proof = proofs.sign(ED25519, poll.secret(0), f"sig|{digest}", secrets.token_bytes)
    ballot["signature"] = {"hash": digest, "proof": canonical.plain(proof)}
    assert told(post(client, canonical.dump(ballot))) == (422, code)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"{}" * 3,
        b'{"credential":"' + b"0" * 64 + b'"}',
        b"[" * 3000,
        b"NaN",
    ],
)
def test_what_is_no_ballot_is_refused_as_malformed(client: FlaskClient, poll: ReadyPoll, body: bytes) -> None:
    assert told(post(client, body)) == (422, "ballot_malformed")


def test_a_ballot_cut_short_is_refused_and_the_whole_one_still_counts(client: FlaskClient, poll: ReadyPoll) -> None:
    raw = poll.ballot(0).raw
    for cut in (1, 100, len(raw) // 2, len(raw) - 1):
        assert told(post(client, raw[:cut])) == (422, "ballot_malformed")
    assert post(client, raw).status_code == 201


def test_a_ballot_with_white_space_is_not_the_canonical_one(client: FlaskClient, poll: ReadyPoll) -> None:
    assert told(post(client, poll.ballot(0).raw + b"\n")) == (422, "ballot_malformed")


def test_a_body_beyond_the_elections_own_limit_is_not_read(client: FlaskClient, poll: ReadyPoll) -> None:
    limit = max_size(poll.election)
    assert told(post(client, b" " * (limit + 1))) == (413, "too_large")
    assert told(post(client, b" " * limit)) == (422, "ballot_malformed")


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_another_content_type_is_refused(client: FlaskClient, poll: ReadyPoll, kind: str) -> None:
    assert told(post(client, poll.ballot(0).raw, kind=kind)) == (415, "wrong_content_type")


def test_a_ballot_of_another_poll_is_refused(client: FlaskClient, db: Session, config: Config, poll: ReadyPoll) -> None:
    other = ready_poll(db, config, uuid="8nRtYq4wVs2KcD")
    assert told(post(client, other.ballot(0).raw)) == (422, "ballot_other_poll")


def test_a_slip_of_another_poll_is_refused(client: FlaskClient, db: Session, config: Config, poll: ReadyPoll) -> None:
    other = ready_poll(db, config, uuid="8nRtYq4wVs2KcD")
    strange = ReadyPoll(poll.uuid, poll.election, poll.manifest, other.codes)
    assert told(post(client, strange.ballot(0).raw)) == (422, "unknown_credential")


@pytest.mark.parametrize("uuid", ["9xxxxxxxxxxxxx", "..", "%00", "a" * 300, "票"])
def test_an_unknown_poll_is_refused_everywhere(client: FlaskClient, poll: ReadyPoll, uuid: str) -> None:
    assert post(client, b"{}", uuid=uuid).status_code == 404
    for path in (f"/v/{uuid}", f"/v/{uuid}/election.json", f"/v/{uuid}/state.json"):
        assert client.get(path).status_code == 404


def test_the_phone_gets_the_exact_bytes_that_everything_is_bound_to(client: FlaskClient, poll: ReadyPoll) -> None:
    paper = client.get(f"/v/{UUID}/election.json").json
    assert canonical.b64_hash(paper["election"].encode()) == poll.election.phi
    assert canonical.b64_hash(paper["manifest"].encode()) == poll.election.manifest_hash
    assert (paper["trustees"], paper["threshold"], paper["state"]) == (3, 3, "open")


@pytest.mark.parametrize(("state", "answer"), [(State.ISSUED, (409, "not_yet")), (State.CLOSING, (409, "closed"))])
def test_the_paper_is_shown_only_while_the_box_is_open(
    client: FlaskClient, db: Session, config: Config, state: State, answer: tuple[int, str]
) -> None:
    ready_poll(db, config, state=state)
    assert told(client.get(f"/v/{UUID}/election.json")) == answer


def test_an_unchanged_paper_is_not_sent_twice(client: FlaskClient, poll: ReadyPoll) -> None:
    tag = client.get(f"/v/{UUID}/election.json").headers["ETag"]
    assert client.get(f"/v/{UUID}/election.json", headers={"If-None-Match": tag}).status_code == 304


def test_looking_changes_nothing(client: FlaskClient, db: Session, poll: ReadyPoll) -> None:
    def content() -> str:
        db.expire_all()
        return hashlib.sha256(repr((board.ballots(db, UUID), board.get(db, UUID).state)).encode()).hexdigest()

    before = content()
    db.rollback()
    for _ in range(3):
        for path in ("/v", f"/v/{UUID}", f"/v/{UUID}/election.json", f"/v/{UUID}/state.json"):
            assert client.get(path).status_code == 200
            assert client.head(path).status_code == 200
    assert content() == before


def test_no_answer_to_a_phone_or_to_the_room_sets_a_cookie_or_asks_for_one(
    client: FlaskClient, poll: ReadyPoll
) -> None:
    answers = [post(client, poll.ballot(0).raw), post(client, b"{")]
    paths = ("/v", f"/v/{UUID}", f"/v/{UUID}/state.json", f"/board/{UUID}", f"/board/{UUID}/screen")
    answers += [client.get(path, headers={"Cookie": "session=x"}) for path in paths]
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert "cookie" not in answer.headers.get("Vary", "").lower()
        assert answer.headers["Cache-Control"] == "no-store"


def test_pages_have_no_inline_script_and_no_inline_style(client: FlaskClient, poll: ReadyPoll) -> None:
    for path in ("/v", f"/v/{UUID}", f"/board/{UUID}", f"/board/{UUID}/screen"):
        page = client.get(path).get_data(as_text=True)
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
        assert "onclick" not in page
        assert 'src="http' not in page


def test_typed_codes_have_a_page_that_sends_nothing(client: FlaskClient, poll: ReadyPoll) -> None:
    page = client.get("/v").get_data(as_text=True)
    assert UUID in page
    assert page.count('maxlength="4"') == 5
    assert "method=" not in page


def test_a_phone_without_script_reads_what_to_do(client: FlaskClient, poll: ReadyPoll) -> None:
    page = client.get(f"/v/{UUID}").get_data(as_text=True)
    assert "<noscript>" in page
    assert "选票未使用，仍然有效" in page


def test_the_page_preloads_exactly_the_modules_that_it_imports(client: FlaskClient, poll: ReadyPoll) -> None:
    root = Path(__file__).parents[3] / "voting" / "static"
    wanted, todo = set(), [root / "js/booth/app.js"]
    while todo:
        module = todo.pop()
        for name in re.findall(r'^(?:import|export)\b[^;]*?from "([^"]+)";', module.read_text("utf-8"), re.MULTILINE):
            found = (module.parent / name).resolve()
            if found not in wanted:
                wanted.add(found)
                todo.append(found)
    page = client.get(f"/v/{UUID}").get_data(as_text=True)
    preloaded = set(re.findall(r'rel="modulepreload" href="/static/([^"]+)"', page))
    assert preloaded == {str(path.relative_to(root)) for path in wanted}


def test_the_booth_weighs_at_most_120_kb_gzipped(client: FlaskClient, poll: ReadyPoll) -> None:
    page = client.get(f"/v/{UUID}").get_data()
    addresses = set(re.findall(r'"(/static/[^"]+)"', page.decode()))
    bodies = [page]
    for address in addresses:
        with client.get(address) as answer:
            bodies.append(answer.get_data())
    assert len(bodies) > 25
    assert sum(len(gzip.compress(body, 6)) for body in bodies) <= 120_000


class SlowBody(io.BytesIO):
    """A body during whose reading somebody else casts a ballot."""

    def __init__(self, raw: bytes, meanwhile: Callable[[], None]) -> None:
        super().__init__(raw)
        self.meanwhile = meanwhile

    def readinto(self, buffer: memoryview, /) -> int:
        self.meanwhile()
        self.meanwhile = lambda: None
        return super().readinto(buffer)


def test_a_phone_that_sends_slowly_does_not_hold_the_box(
    client: FlaskClient, database: Database, poll: ReadyPoll
) -> None:
    slow, other = poll.ballot(0), poll.ballot(1)

    def somebody_else_votes() -> None:
        with database.begin() as db:
            board.cast(db, UUID, other)

    body = SlowBody(slow.raw, somebody_else_votes)
    answer = client.post(
        f"/v/{UUID}/ballots",
        input_stream=body,
        content_type="application/json",
        headers={"Content-Length": str(len(slow.raw))},
    )
    assert answer.status_code == 201
    with database.session(immediate=False) as db:
        assert board.count(db, UUID) == 2


def test_a_form_of_staff_that_arrives_slowly_does_not_hold_the_box(
    office_client: FlaskClient, database: Database, poll: ReadyPoll
) -> None:
    ballot = poll.ballot(0)

    def somebody_votes() -> None:
        with database.begin() as db:
            board.cast(db, UUID, ballot)

    form = b"name=%E9%92%B1%E4%B8%80&login=qian&role=review"
    answer = office_client.post(
        "/office/users",
        input_stream=SlowBody(form, somebody_votes),
        content_type="application/x-www-form-urlencoded",
        headers={"Content-Length": str(len(form))},
    )
    assert answer.status_code == 201
    with database.session(immediate=False) as db:
        assert board.count(db, UUID) == 1


def costs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written here for every ballot whose proofs are looked at."""
    looked: list[str] = []
    monkeypatch.setattr(Ballot, "verify_proofs", lambda ballot, _election: looked.append(ballot.tracker))
    return looked


def test_who_has_no_slip_cannot_make_the_server_work_on_proofs(
    client: FlaskClient, poll: ReadyPoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = make(poll.election, Scalar(7), CHOICES, secrets.token_bytes)
    looked = costs(monkeypatch)
    assert told(post(client, stranger.raw)) == (422, "unknown_credential")
    assert looked == []


def test_a_used_slip_cannot_make_the_server_work_on_proofs_again(
    client: FlaskClient, poll: ReadyPoll, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted, other = poll.ballot(0), poll.ballot(0, ABSTAIN)
    looked = costs(monkeypatch)
    assert post(client, accepted.raw).status_code == 201
    assert told(post(client, other.raw)) == (409, "credential_used")
    assert looked == [accepted.tracker]


def test_a_ballot_that_is_only_looked_at_waits_for_nobody_who_writes(
    client: FlaskClient, database: Database, poll: ReadyPoll
) -> None:
    accepted, other, stranger = (
        poll.ballot(0),
        poll.ballot(0, ABSTAIN),
        make(poll.election, Scalar(7), CHOICES, secrets.token_bytes),
    )
    assert post(client, accepted.raw).status_code == 201
    with database.begin() as writing:
        board.set_counts(writing, UUID, present=3)  # holds SQLite's one lock to write until the end
        assert post(client, accepted.raw).status_code == 200
        assert told(post(client, other.raw)) == (409, "credential_used")
        assert told(post(client, stranger.raw)) == (422, "unknown_credential")
