"""The other examples: names and addresses, the units, the database's settings, the backup."""

import contextlib
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from config import AUDIENCES, Config
from tests.voting.deploy.proxies import DEPLOY, DNSMASQ, NAME, free_port
from voting.board import service as board
from voting.board.models import BoardPoll
from voting.store.base import Database

ANALYZE = shutil.which("systemd-analyze")
UNIT = DEPLOY / "systemd" / "mipiao@.service"
ISLAND = "10.20.0.1"
NO_SUCH_NAME = 3


def lookup(port, name):
    """(code, IPv4 addresses) of one question."""
    question = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(5)
        line.sendto(struct.pack(">6H", 7, 0x0100, 1, 0, 0, 0) + question, ("127.0.0.1", port))
        answer = line.recv(2000)
    flags, _questions, answers = struct.unpack(">HHHH", answer[:8])[1:]
    found = [socket.inet_ntoa(answer[len(answer) - 4 :])] if answers else []
    return flags & 15, found


@pytest.mark.skipif(DNSMASQ is None, reason="skipped: no dnsmasq")
def test_on_the_island_every_name_leads_to_the_service_but_those_that_switch_resolvers_off(tmp_path):
    example = (DEPLOY / "dnsmasq" / "mipiao.conf").read_text(encoding="utf-8")
    checked = tmp_path / "mipiao.conf"
    checked.write_text(example, encoding="utf-8")
    subprocess.run([DNSMASQ, "--test", f"--conf-file={checked}"], check=True, capture_output=True)
    port = free_port()
    without_addresses = re.sub(r"(?m)^(dhcp|interface|bind).*\n", "", example)
    checked.write_text(f"{without_addresses}port={port}\nlisten-address=127.0.0.1\nbind-interfaces\n", encoding="utf-8")
    command = [DNSMASQ, "--keep-in-foreground", "--user=", f"--conf-file={checked}", "--pid-file", "--log-facility=-"]
    with (tmp_path / "output").open("wb") as output, subprocess.Popen(command, stderr=output) as running:
        try:
            for _ in range(100):
                with contextlib.suppress(OSError):
                    lookup(port, NAME)
                    break
                time.sleep(0.05)
            for name in (NAME, "connect.rom.miui.com", "captive.apple.com", "www.qq.com"):
                assert lookup(port, name) == (0, [ISLAND])
            for name in ("use-application-dns.net", "mask.icloud.com", "mask-h2.icloud.com"):
                assert lookup(port, name) == (NO_SUCH_NAME, [])
            assert lookup(port, "dns.msftncsi.com") == (0, ["131.107.255.255"])
        finally:
            running.terminate()
    assert "miui" not in (tmp_path / "output").read_text()


def test_who_joined_the_wifi_is_not_written_to_a_disk():
    example = (DEPLOY / "dnsmasq" / "mipiao.conf").read_text(encoding="utf-8")
    assert "dhcp-leasefile=/run/" in example
    assert "quiet-dhcp\n" in example
    assert "log-queries" not in example
    assert "log-dhcp" not in example


def environment(*names):
    """What systemd makes of the files."""
    lines = [line for name in names for line in (DEPLOY / "systemd" / name).read_text(encoding="utf-8").splitlines()]
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def settings(*names):
    return Config.from_env(environment(*names) | {"MIPIAO_SECRET": "only for this test: 0123456789abcdef"})


def test_the_units_settings_are_ones_that_the_service_starts_with():
    everybody = settings("common.env", "all.env")
    phones, office = settings("common.env", "phones.env"), settings("common.env", "office.env")
    assert everybody.audiences == frozenset(AUDIENCES)
    assert phones.audiences | office.audiences == frozenset(AUDIENCES)
    assert phones.audiences & office.audiences == {"anyone"}
    assert {one.base_url for one in (everybody, phones, office)} == {f"https://{NAME}"}
    assert everybody.trust_proxy == 1
    with_server = (DEPLOY / "systemd" / "common.env").read_text(encoding="utf-8")
    (url,) = re.findall(r"#MIPIAO_DATABASE_URL=(\S+)", with_server)
    assert Config.from_env({"MIPIAO_DATABASE_URL": url, "MIPIAO_SECRET": "x1y2z3" * 9 + "abcdef"}).database_url
    for example in ("nginx/public.conf", "caddy/Caddyfile"):
        proxied = (DEPLOY / example).read_text(encoding="utf-8")
        assert {environment(name)["PORT"] for name in ("phones.env", "office.env")} == set(
            re.findall(r"127\.0\.0\.1:(\d+)", proxied)
        )
    assert f"127.0.0.1:{environment('all.env')['PORT']} " in (DEPLOY / "nginx/island.conf").read_text(encoding="utf-8")


@pytest.mark.skipif(ANALYZE is None, reason="skipped: no systemd")
def test_the_unit_is_one_that_systemd_takes(tmp_path):
    unit = UNIT.read_text(encoding="utf-8")
    assert "/opt/mipiao/bin/mipiao serve" in unit
    unit = unit.replace("/opt/mipiao/bin/mipiao", sys.executable).replace("/etc/mipiao/", f"{tmp_path}/")
    for name in ("common.env", "all.env"):
        shutil.copy(DEPLOY / "systemd" / name, tmp_path)
    (tmp_path / "mipiao@all.service").write_text(unit, encoding="utf-8")
    done = subprocess.run(
        [ANALYZE, "verify", "--man=no", tmp_path / "mipiao@all.service"], capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if "mipiao@all" in line]
    assert (done.returncode, told) == (0, [])
    for line in ("LimitCORE=0", "NoNewPrivileges=yes", "ProtectSystem=strict", "IPAddressDeny=any"):
        assert f"\n{line}\n" in unit


def test_postgresql_knows_the_examples_settings(request):
    made = request.getfixturevalue("postgres_database")
    if made is None:
        pytest.skip("skipped: no PostgreSQL")
    _url, connection = made
    rows = connection.execute(text("SELECT name, vartype, enumvals FROM pg_settings"))
    known = {name: (kind, values) for name, kind, values in rows}
    lines = (DEPLOY / "postgresql" / "mipiao.conf").read_text(encoding="utf-8").splitlines()
    chosen = dict(line.split(" = ", 1) for line in lines if line and not line.startswith("#"))
    assert len(chosen) > 10
    for name, value in chosen.items():
        kind, values = known[name]
        if kind == "bool":
            assert value in {"on", "off"}, name
        elif kind == "enum":
            assert value in {*values, "on", "off"}, name
        elif kind == "integer":
            assert re.fullmatch(r"-?\d+(MB)?", value), name
        else:
            assert value == "''", name


def backup(folder: Path, kept: Path):
    mipiao = Path(sys.executable).parent / "mipiao"
    env = os.environ | {"MIPIAO_INSTANCE": str(folder)}
    return subprocess.run(
        [DEPLOY / "backup.sh", kept, mipiao], env=env, capture_output=True, text=True, check=False, cwd=folder
    )


@pytest.mark.parametrize("state", ["open", "closing"])
def test_no_copy_is_made_while_a_box_is_open(tmp_path, state):
    folder, kept = tmp_path / "instance", tmp_path / "kept"
    folder.mkdir(mode=0o700)
    kept.mkdir()
    database = Database(f"sqlite:///{folder}/mipiao.sqlite3")
    database.create()
    with database.begin() as db:
        board.create(db, "5LfEWpRgYcAzZh", "机关 open 测试", rehearsal=True, transport="https")
    first = backup(folder, kept)
    assert (first.returncode, len(list(kept.iterdir()))) == (0, 1), first.stderr
    with Database(f"sqlite:///{first.stdout.strip()}").begin() as db:
        assert db.scalars(text("SELECT title FROM board_polls")).all() == ["机关 open 测试"]
    with database.begin() as db:
        db.get_one(BoardPoll, "5LfEWpRgYcAzZh").state = state
    database.close()
    second = backup(folder, kept)
    assert second.returncode == 1
    assert "票箱开着" in second.stderr
    assert len(list(kept.iterdir())) == 1
