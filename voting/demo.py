"""`mipiao demo`: an invented bureau with one rehearsal poll ready for its slips and one already counted."""

import datetime as dt
import json
import os
import secrets
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from config import Config
from keys import keyfile
from keys.curve import ED25519
from voting import sample, serving
from voting.accounts import passwords
from voting.accounts import service as accounts
from voting.accounts.models import User
from voting.polls import drafts
from voting.store.base import Database
from voting.store.clock import now as seconds

ACTOR = "demo"
STAFF = (
    ("office", "糜文珊", "人教处经办"),
    ("review", "范景和", "局党组审阅"),
    ("supervisor", "柏清源", "派驻纪检监察"),
)
NEXT, COUNTED = "会议推荐演练", "会议推荐演练（示例，113 票已计）"
EVALUATED = "民主测评演练（示例，已计）"
MARK = ".mipiao-demo"
NOTES = "logins.json"


def run(folder: Path, *, port: int, lan: bool, fresh: bool, evaluation: bool = False) -> None:
    """Seed the folder once, print addresses and log-ins, serve until stopped.

    Raises OSError where the folder cannot be used; ConfigError for a bad setting.
    """
    folder = folder.absolute()
    if fresh:
        wipe(folder)
    host = lan_address() if lan else "127.0.0.1"
    config = Config.for_instance(folder, environment(folder, f"http://{host}:{port}"))
    notes = seed(config, folder)
    if evaluation:
        notes = hold_evaluation(config, folder)
    print_guide(config, notes, folder, port, lan=lan)
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
    """Users, the sample's selection, and two polls; once. Returns what a person needs to know to try it out."""
    if (folder / NOTES).exists():
        found: dict[str, Any] = json.loads((folder / NOTES).read_text(encoding="utf-8"))
        return found
    (folder / "demo.sqlite3").unlink(missing_ok=True)  # a seeding that was interrupted
    (folder / MARK).touch()
    database = Database(config.database_url)
    try:
        database.create()
        with database.session() as db:
            notes = {"staff": _staff(db), **_polls(db, config, folder)}
            db.commit()
    finally:
        database.close()
    _private(folder / NOTES, json.dumps(notes, ensure_ascii=False, indent=1).encode())
    return notes


def hold_evaluation(config: Config, folder: Path) -> dict[str, Any]:
    """Add the sample's evaluation meeting, 111 ballots of 78 ciphertexts, to a seeded demo; once. Returns the notes."""
    notes: dict[str, Any] = json.loads((folder / NOTES).read_text(encoding="utf-8"))
    if "evaluated" in notes:
        return notes
    now = dt.datetime.fromtimestamp(seconds(), dt.UTC)
    database, meeting = Database(config.database_url), sample.read_evaluation()
    try:
        with database.session() as db:
            selection = drafts.get(db, notes["counted"]).selection_id
            uuid = sample.draft_evaluation(db, selection, EVALUATED, now, ACTOR)
            keys = [key for _, key in sample.make_keys(db, uuid, ACTOR)]
            sample.hold_meeting(db, uuid, keys, config.secret, now, ACTOR, _dots(len(meeting.ballots)), meeting)
            db.commit()
    finally:
        database.close()
    notes["evaluated"] = uuid
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


def _polls(db: Session, config: Config, folder: Path) -> dict[str, Any]:
    now = dt.datetime.fromtimestamp(seconds(), dt.UTC)
    selection, post = sample.enter_selection(db, now)
    counted = sample.draft(db, selection, post, COUNTED, now, ACTOR)
    keys = [key for _, key in sample.make_keys(db, counted, ACTOR)]
    sample.hold_meeting(db, counted, keys, config.secret, now, ACTOR, _dots(len(sample.read().ballots)))
    following = sample.draft(db, selection, post, NEXT, now, ACTOR)
    passphrase = "-".join(secrets.token_hex(2) for _ in range(4))
    keepers = []
    (folder / "keys").mkdir(mode=0o700, exist_ok=True)
    for invitation, key in sample.make_keys(db, following, ACTOR):
        holder = key.holder
        opened = keyfile.KeyFile(following, holder.name, holder.role, key.public.key, key.secret)
        file = folder / "keys" / f"{invitation.n}-{holder.name}.json"
        _private(file, keyfile.seal(opened, passphrase, secrets.token_bytes))
        keepers.append({"name": holder.name, "role": holder.role, "path": invitation.path, "file": file.name})
    assert all(keyfile.unseal((folder / "keys" / k["file"]).read_bytes(), passphrase, ED25519) for k in keepers)  # noqa: S101 - a demo whose keys do not open is no demo
    return {"counted": counted, "next": following, "passphrase": passphrase, "keepers": keepers}


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
        f"1  以 office 登录，打开 {base}/office/polls/{notes['next']}，按页面提示印票、启用",
        "   log in as office, issue the slips, open the box",
        *([] if lan else [
            f"   选票印的是 {base}，只有本机能打开；要用手机，请先 mipiao demo --lan 再印票",
            "   these slips open on this machine only: for phones start with --lan before printing",
        ]),
        "2  用手机或浏览器扫选票上的二维码投票（至少 5 张），然后填人数、收票、封箱",
        "   vote with at least 5 slips, enter the counts, close in two steps",
        f"3  保管人解密：密钥文件在 {folder / 'keys'}，口令 {notes['passphrase']}",
        "   the trustees decrypt with these key files and this passphrase:",
        *(f"     {one['name']}（{one['role']}）{base}{one['path']}" for one in notes["keepers"]),
        f"4  已计票的示例 / a poll already counted: {base}/review/polls/{notes['counted']}",
        *([f"   已计票的民主测评 / an evaluation: {base}/review/polls/{notes['evaluated']}"] if "evaluated" in notes else []),
        "   下载选举记录，解压后运行 mipiao verify 文件夹 / download the record, unpack, run mipiao verify FOLDER",
        "",
        f"手机访问 / for phones on this network: {base}/v" if lan else
        f"要让同一网络的手机访问，请用 mipiao demo --lan（本机局域网地址 http://{lan_address()}:{port} ）/ for phones: mipiao demo --lan",
        "按 Ctrl+C 结束；mipiao demo --fresh 重新开始 / Ctrl+C stops, --fresh begins anew",
        "",
    ]  # fmt: skip
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
