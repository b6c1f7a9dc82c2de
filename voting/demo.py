"""`mipiao demo`: an invented bureau with a meeting that is ready to begin, and two that are counted."""

import datetime as dt
import json
import os
import re
import secrets
import shutil
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from config import Config, has_desktop
from keys import keyfile
from keys.curve import ED25519
from voting import sample, serving
from voting.accounts import passwords
from voting.accounts import service as accounts
from voting.accounts.models import User
from voting.app import create_app
from voting.polls import lifecycle
from voting.rehearse.checking import check_all
from voting.slips import sheets as paper
from voting.slips.service import Slip
from voting.store.base import Database
from voting.store.clock import now as seconds

ACTOR = "demo"
STAFF = (
    ("office", "糜文珊", "人教处经办"),
    ("review", "范景和", "局党组审阅"),
    ("supervisor", "柏清源", "派驻纪检监察"),
)
NEXT, COUNTED = "会议推荐演练", "会议推荐演练（示例，113 票已计）"
EVALUATED = "民主测评演练（示例，111 票已计）"
NEXT_TITLE = "人事教育处处长选拔任用工作（供试用）"
SLIPS = "选票.html"
MARK = ".mipiao-demo"
NOTES = "logins.json"
STYLE = re.compile(r'<link rel="stylesheet" href="/static/([^?"]+)[^>]*>')
SCRIPT = re.compile(r'<script src="/static/([^?"]+)[^>]*></script>')


def run(folder: Path, *, port: int, lan: bool, fresh: bool) -> None:
    """Seed the folder once, print addresses and log-ins, open the console in a browser if there is one, serve until stopped.

    Raises OSError where the folder cannot be used; ConfigError for a bad setting.
    """
    folder = folder.absolute()
    if fresh:
        wipe(folder)
    host = lan_address() if lan else "127.0.0.1"
    config = Config.for_instance(folder, environment(folder, f"http://{host}:{port}"))
    notes = seed(config, folder)
    print_guide(config, notes, folder, port, lan=lan)
    _show_console(console_of(config, notes))
    serving.run(config, "0.0.0.0" if lan else host, port)  # noqa: S104 - asked for by --lan


def environment(folder: Path, base_url: str) -> dict[str, str]:
    """Settings of the demo; only those of the demo, so that no real installation is touched."""
    return {
        "MIPIAO_DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}",
        "MIPIAO_BASE_URL": base_url,
        "MIPIAO_BUREAU": sample.BUREAU,
        "MIPIAO_REHEARSAL_CLOSING_SECONDS": "0",
    }


def wipe(folder: Path) -> None:
    """Delete the demo's folder; refuses a folder that this command did not make."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            raise FileExistsError(f"{folder} 不是演示数据文件夹，没有删除 / not a demo folder, nothing was deleted")
        shutil.rmtree(folder)


def seed(config: Config, folder: Path) -> dict[str, Any]:
    """Users, the sample's selection, two counted polls and one that is about to begin; once. Returns what a person needs to know to try it out."""
    if (folder / NOTES).exists():
        found: dict[str, Any] = json.loads((folder / NOTES).read_text(encoding="utf-8"))
        return found
    (folder / "demo.sqlite3").unlink(missing_ok=True)  # a seeding that was interrupted
    (folder / MARK).touch()
    database = Database(config.database_url)
    try:
        database.create()
        with database.session() as db:
            staff = _staff(db)
            polls, slips = _polls(db, config, folder)
            db.commit()
    finally:
        database.close()
    notes = {"staff": staff, **polls}
    _private(folder / SLIPS, _sheets(config, notes["next"], slips).encode())
    _private(folder / NOTES, json.dumps(notes, ensure_ascii=False, indent=1).encode())
    return notes


def _staff(db: Session) -> list[dict[str, str]]:
    logins = []
    for login, name, label in STAFF:
        password = "-".join(secrets.token_hex(2) for _ in range(3))
        db.add(
            User(name=name, login=login, role=login, password_hash=passwords.hash_password(password), disabled=False)
        )
        logins.append({"login": login, "password": password, "name": name, "role": label})
    db.flush()
    assert accounts.has_administrator(db)  # noqa: S101 - otherwise the start would print a set-up link
    return logins


def _polls(db: Session, config: Config, folder: Path) -> tuple[dict[str, Any], list[Slip]]:
    now = dt.datetime.fromtimestamp(seconds(), dt.UTC)
    selection, post = sample.enter_selection(db, now)
    step = _dots(len(sample.read().ballots) + len(sample.read_evaluation().ballots))
    counted = sample.draft(db, selection, post, COUNTED, now, ACTOR)
    _hold(db, config, counted, now, step, sample.read())
    evaluated = sample.draft_evaluation(db, selection, EVALUATED, now, ACTOR)
    _hold(db, config, evaluated, now, step, sample.read_evaluation())
    # A selection of its own: its few ballots must not stand where the sample's 113 stood.
    next_selection, next_post = sample.enter_selection(db, now, NEXT_TITLE)
    following = sample.draft(db, next_selection, next_post, NEXT, now, ACTOR)
    keys, slips = _ready(db, config, folder, following, now)
    return {
        "post": post, "counted": counted, "evaluated": evaluated, "next": following, "next_post": next_post,
        "next_selection": next_selection, "base_url": config.base_url, **keys,
    }, slips  # fmt: skip


def _hold(
    db: Session, config: Config, uuid: str, now: dt.datetime, step: Callable[[], None], meeting: sample.Sample
) -> None:
    keys = [key for _, key in sample.make_keys(db, uuid, ACTOR)]
    sample.hold_meeting(db, uuid, keys, config.secret, now, ACTOR, step, meeting)


def _ready(db: Session, config: Config, folder: Path, uuid: str, now: dt.datetime) -> tuple[dict[str, Any], list[Slip]]:
    """Bring a poll to the door of the meeting: keys in files, slips issued, the pre-flight green."""
    passphrase = "-".join(secrets.token_hex(2) for _ in range(4))
    keepers = []
    (folder / "keys").mkdir(mode=0o700, exist_ok=True)
    for invitation, key in sample.make_keys(db, uuid, ACTOR):
        holder = key.holder
        opened = keyfile.KeyFile(uuid, holder.name, holder.role, key.public.key, key.secret)
        file = folder / "keys" / f"{invitation.n}-{holder.name}.json"
        _private(file, keyfile.seal(opened, passphrase, secrets.token_bytes))
        keepers.append({"name": holder.name, "role": holder.role, "path": invitation.path, "file": file.name})
    assert all(keyfile.unseal((folder / "keys" / k["file"]).read_bytes(), passphrase, ED25519) for k in keepers)  # noqa: S101 - a demo whose keys do not open is no demo
    slips = list(lifecycle.issue(db, uuid, ACTOR, base_url=config.base_url, today=now.date()))
    check_all(db, uuid, config.secret, folder, now, ACTOR)
    return {"passphrase": passphrase, "keepers": keepers}, slips


def _sheets(config: Config, uuid: str, slips: Sequence[Slip]) -> str:
    """The sheets as the office would see them once, kept in the demo's folder. Styles and script are inside: the server gives them to no file."""
    app = create_app(config)
    with app.test_request_context(base_url=config.base_url):
        page = render_template(
            "slips/sheets.html", heading="推荐票", title=NEXT, uuid=uuid, rehearsal=True, total=len(slips), void=(),
            host=paper.host(config.base_url), sheets=paper.sheets(iter(slips), config.base_url, uuid), kept=True,
        )  # fmt: skip
    page = STYLE.sub(lambda found: f"<style>{_asset(found[1])}</style>", page)
    page = SCRIPT.sub(lambda found: f'<script type="module">{_asset(found[1])}</script>', page)
    return page.replace('="/', f'="{config.base_url}/')


def _asset(name: str) -> str:
    return (sample.STATIC / name).read_text(encoding="utf-8")


def console_of(config: Config, notes: dict[str, Any]) -> str:
    """The address of the meeting's console; it asks for the log-in first."""
    return f"{config.base_url}/office/polls/{notes['next']}"


def _show_console(address: str) -> None:
    """Open the console in this desk's browser once the server listens. On a terminal without a desktop: nothing."""
    if sys.stdout.isatty() and has_desktop():
        opener = threading.Timer(3, webbrowser.open, (address,))
        opener.daemon = True
        opener.start()


def _dots(ballots: int) -> Callable[[], None]:
    sys.stdout.write(f"正在准备演示数据（{ballots} 张加密选票）/ preparing {ballots} encrypted ballots ")
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done % 10 == 0:
            sys.stdout.write(".")
            sys.stdout.flush()

    return step


def _private(path: Path, body: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(body)


def lan_address() -> str:
    """This machine's address on the local network. Nothing is sent: connecting a datagram socket only looks up the route."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def print_guide(config: Config, notes: dict[str, Any], folder: Path, port: int, *, lan: bool) -> None:
    """Addresses, log-ins, keys and what to do next."""
    base = config.base_url
    lines = [
        "",
        f"密票演示 / Mipiao demo: {base}/login",
        *(f"  {one['role']}：{one['login']}  {one['password']}  （{one['name']}）" for one in notes["staff"]),
        "",
        f"1  会议已备好，以 office 登录工作台，照主持词一步一步开会：{console_of(config, notes)}",
        "   a meeting is ready: log in as office and follow the console, step by step",
        f"   选票在 {folder / SLIPS}（用浏览器打开），大屏幕 {base}/board/{notes['next']}/screen",
        "   the slips are in that file, to be opened in a browser; the room's screen is at that address",
        *([
            f"   !! 选票印的是 {notes['base_url']}，现在的地址不同：请 mipiao demo --fresh{' --lan' if lan else ''} / these slips name another address",
        ] if notes["base_url"] != base else [] if lan else [
            "   选票只有本机能打开；要用手机，请 mipiao demo --fresh --lan / for phones: --fresh --lan",
        ]),
        f"2  至少投 5 张：扫选票上的二维码，或在平板页 {base}/v/kiosk 输入代码；然后收票、封箱",
        "   cast at least 5 ballots, by QR code or typed code, then close in two steps",
        f"3  保管人解密：密钥文件在 {folder / 'keys'}，口令 {notes['passphrase']}",
        "   the trustees decrypt with these key files and this passphrase:",
        *(f"     {one['name']}（{one['role']}）{base}{one['path']}" for one in notes["keepers"]),
        f"4  已计票的推荐 / a recommendation already counted: {base}/review/polls/{notes['counted']}",
        f"   已计票的测评 / an evaluation: {base}/review/polls/{notes['evaluated']}",
        "   下载选举记录，解压后运行 mipiao verify 文件夹 / download the record, unpack, run mipiao verify FOLDER",
        f"5  党组研究：票数与其他情况并列，综合分析、建议、党组会表决 / the Party group: {base}/review/posts/{notes['post']}",
        "",
        f"手机访问 / for phones on this network: {base}/v" if lan else
        f"要让同一网络的手机访问，请用 mipiao demo --lan（本机局域网地址 http://{lan_address()}:{port} ）/ for phones: mipiao demo --lan",
        "按 Ctrl+C 结束；mipiao demo --fresh 重新开始 / Ctrl+C stops, --fresh begins anew",
        "",
    ]  # fmt: skip
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
