"""The example proxies do what docs/deployment.md says: who is let through to which process, and what is written down."""

import re

import pytest

from config import Config
from tests.voting.deploy.proxies import CADDY, DEPLOY, NAME, NGINX, Stub, caddy, nginx
from voting.app import create_app
from voting.store.base import Database
from voting.web.access import PREFIXES, STAFF_PREFIXES, Audience

needs_nginx = pytest.mark.skipif(NGINX is None, reason="skipped: no nginx")
needs_caddy = pytest.mark.skipif(CADDY is None, reason="skipped: no Caddy")


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    """Every address of the service with a value for each part, and whether only staff may come there."""
    folder = tmp_path_factory.mktemp("routes")
    url = f"sqlite:///{folder}/mipiao.sqlite3"
    database = Database(url)
    database.create()
    app = create_app(Config(url, b"only for this test: 0123456789abcdef", f"https://{NAME}"), database=database)
    rules = sorted({rule.rule for rule in app.url_map.iter_rules()})
    database.close()
    found = [re.sub(r"<[^>]*>", "7", rule) for rule in rules]
    return {path: path.startswith(tuple(STAFF_PREFIXES)) for path in found}


@pytest.fixture(params=[pytest.param("nginx", marks=needs_nginx), pytest.param("caddy", marks=needs_caddy)])
def public(request, tmp_path):
    """The public example, and the two processes behind it."""
    with Stub("phones") as phones, Stub("office") as office:
        ports = {"127.0.0.1:8000": phones.port, "127.0.0.1:8001": office.port}
        starting = nginx("public.conf", tmp_path, ports) if request.param == "nginx" else caddy(tmp_path, ports)
        with starting as proxy:
            yield proxy, phones, office


def test_every_address_reaches_the_process_that_serves_it_and_nothing_else_gets_through(public, addresses):
    proxy, phones, office = public
    assert len(addresses) > 40
    answers = {path: proxy.ask(path) for path in addresses}
    assert answers == {path: (200, "office" if staff else "phones") for path, staff in addresses.items()}
    for path in ("/verify", "/.env", "/vote", "/boards/7", "/officex", "/loginx", "/trustees/1"):
        assert proxy.ask(path)[0] == 404
    assert {seen[0] for seen in (*phones.seen, *office.seen)} == set(addresses)


def test_the_service_learns_name_and_scheme_and_gets_the_ballot_whole(public):
    proxy, phones, office = public
    ballot = bytes(range(256)) * 1200
    assert proxy.ask("/v/7/ballots", body=ballot) == (200, "phones")
    _path, headers, body = phones.seen[-1]
    assert body == ballot
    assert "transfer-encoding" not in headers
    assert headers["x-forwarded-host"] == NAME
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert proxy.ask("/office/upload", body=b"x" * (9 << 20))[0] in {413, 502}  # Caddy 2.6 says the latter
    assert all(len(seen[2]) <= 8_000_000 for seen in office.seen)


def test_plain_http_leads_to_tls(public):
    proxy, _phones, _office = public
    status, headers, _text = proxy.answer("/v/7", tls=False)
    assert status == 301
    assert headers["Location"] == f"https://{NAME}/v/7"


def test_no_line_is_written_about_anybody_even_when_the_service_is_down(public):
    proxy, phones, office = public
    assert proxy.ask("/v/7/ballots", body=b"{}")[0] == 200
    phones.stop()
    office.stop()
    for path in ("/v/7", "/board/7", "/trustee/7/1", "/office/polls"):
        assert proxy.ask(path)[0] == 502
    assert proxy.ask("/v/7/ballots", body=b"{}")[0] == 502
    assert proxy.ask("/nothing")[0] == 404
    written = proxy.written()
    for trace in ("/v/7", "ballots", "/trustee/7", "client:", "remote_", '"GET', '"POST'):
        assert trace not in written


def test_staff_are_let_in_from_inside_only():
    text = (DEPLOY / "nginx" / "public.conf").read_text(encoding="utf-8")
    doors = [part for part in re.split(r"(?=\n    location )", text) if "http://mipiao_office;" in part]
    assert len(doors) == 2
    assert all("deny all;" in door for door in doors)
    caddyfile = (DEPLOY / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    (staff,) = re.findall(r"\t@staff \{(.*?)\n\t\}", caddyfile, re.DOTALL)
    assert "remote_ip" in staff


def test_the_examples_name_every_prefix_of_the_service():
    staff = set(STAFF_PREFIXES)
    others = {prefix for one in Audience for prefix in PREFIXES[one]} - staff
    caddyfile = (DEPLOY / "caddy" / "Caddyfile").read_text(encoding="utf-8")
    (for_staff,) = re.findall(r"@staff \{\s+path (.*)", caddyfile)
    (for_phones,) = re.findall(r"@phones path (.*)", caddyfile)
    assert {path.removesuffix("/*") for path in for_staff.split()} == staff
    assert {path.removesuffix("/*") for path in for_phones.split()} == others | {"/"}


def test_a_ballot_never_lies_in_a_file_of_the_proxy():
    """nginx writes a body that outgrows its buffer to a temporary file: buffer and limit must be the same."""
    common = (DEPLOY / "nginx" / "mipiao-proxy.inc").read_text(encoding="utf-8")
    limit, buffer = (
        re.search(rf"^{name} (\d+)m;", common, re.MULTILINE)
        for name in ("client_max_body_size", "client_body_buffer_size")
    )
    assert limit
    assert buffer
    assert int(limit[1]) <= int(buffer[1])
    for path in (DEPLOY / "nginx").glob("*.conf"):
        assert "client_body_buffer_size" not in path.read_text(encoding="utf-8")
        servers = path.read_text(encoding="utf-8").count("\nserver {")
        assert path.read_text(encoding="utf-8").count("include /etc/nginx/mipiao-proxy.inc;") == servers


@pytest.fixture
def island(tmp_path):
    with Stub("service") as service, nginx("island.conf", tmp_path, {"127.0.0.1:8000": service.port}) as proxy:
        yield proxy


PROBES = [
    ("connectivitycheck.gstatic.com", "/generate_204", 204, ""),
    ("connect.rom.miui.com", "/generate_204", 204, ""),
    ("connectivitycheck.platform.hicloud.com", "/generate_204", 204, ""),
    ("conn1.coloros.com", "/generate_204", 204, ""),
    ("wifi.vivo.com.cn", "/generate_204", 204, ""),
    ("www.google.com", "/gen_204", 204, ""),
    ("captive.apple.com", "/hotspot-detect.html", 200, "<BODY>Success</BODY>"),
    ("www.apple.com", "/library/test/success.html", 200, "<BODY>Success</BODY>"),
    ("www.msftconnecttest.com", "/connecttest.txt", 200, "Microsoft Connect Test"),
    ("detectportal.firefox.com", "/success.txt", 200, "success"),
]


@needs_nginx
def test_on_the_island_each_makers_question_gets_the_answer_it_waits_for(island):
    for host, path, status, words in PROBES:
        found, text = island.ask(path, tls=False, host=host)
        assert (found, words in text) == (status, True), host
        assert not (status == 204 and text)
    assert island.ask("/v/7") == (200, "service")
    assert island.ask("/office/polls") == (200, "service")
    with pytest.raises(OSError, match=r"(?i)ssl|reset"):
        island.ask("/generate_204", host="www.google.com")
    assert "google" not in island.written()


@needs_nginx
def test_a_rehearsal_over_plain_http_is_served_under_its_own_name(tmp_path):
    with Stub("service") as service, nginx("plain.conf", tmp_path, {"127.0.0.1:8000": service.port}) as proxy:
        assert proxy.ask("/v", tls=False, host="yanlian.example.gov.cn") == (200, "service")
        assert service.seen[-1][1]["x-forwarded-proto"] == "http"
        assert proxy.ask("/generate_204", tls=False, host="connect.rom.miui.com") == (204, "")
        assert "generate_204" not in proxy.written()
