"""`mipiao trustee new | check | decrypt`: the trustee's page for those who would rather use a program of their own.

Knows no Flask and no database. Like the page it takes no ciphertext from anybody: it verifies the whole record and
decrypts the sums that it has added up itself.
"""

import os
import re
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from keys.curve import ED25519
from keys.errors import KeysError
from keys.keyfile import Entry, KeyFile, seal, unseal
from keys.trustee import Holder, generate, prove_possession
from tally import canonical, voter_groups
from tally.ballot import Ballot
from tally.closing import Closing
from tally.errors import TallyError
from tally.manifest import Manifest
from tally.questions import Election
from tally.record import Log
from tally.shares import decrypt as make_share
from tally.trustees import Owner, Trustees
from tally.verify import Report
from tally.voter_groups import Sums
from voting.trustees.holder import fingerprint, opening_holder
from voting.trustees.remote import Remote, RemoteRefusal
from voting.verify.judging import check
from voting.verify.reading import Unreadable, find_records, read_record
from voting.verify.text import printable
from voting.verify.words import check_words

T = TypeVar("T")
JOBS = os.cpu_count() or 1
SENTENCES = {
    "passphrase": "口令不对（或少于 12 位），或密钥文件有损坏。",
    "key_file": "这不是本次投票的密钥文件，或文件已损坏。",
    "other_key_file": "这个文件不是链接上这位保管人的。请另选本人的密钥文件。",
    "seal_form": "封箱印记是 8 位，由数字和字母 A 至 F 组成。",
    "keys_ready": "密钥已经就绪，不能再生成。计票请用 decrypt 和原来的密钥文件。",
    "second_head": "这把密钥已按另一份封箱记录计过本次投票，不会再计。请告诉监票人。",
    "seal_mismatch": "封箱印记与记录对不上，没有计票。先看有没有抄错、输错；仍对不上就停下来，告诉监票人。",
    "not_closed": "记录还没有封箱，或已经计票，或不是密票的记录。",
    "below_minimum": "收回的票少于规定的最少张数，任何合计都不解开。",
    "record": "选举记录没有通过核验，没有计票。请告诉监票人。",
    "not_a_trustee": "选举记录的保管人名单里没有这把密钥。",
    "file_exists": "文件已存在，没有覆盖。",
    "file": "文件读写不了。",
    "trustee": "投票编号、选拔名称、姓名或身份不能使用。",
    "invitation": "这不是完整的保管人链接。",
    "missing_options": "没有链接时，--uuid --selection --name --role 都要给。",
}


@click.group(
    short_help="密钥保管人：生成密钥、核验、计票。 A trustee's key and share.",
    help="密钥保管人：生成密钥、核验记录、计票。 / A trustee's key, check of the record, and decryption.",
)
def trustee() -> None:
    """Hold the three commands."""


def passphrase_option(command: click.decorators.FC) -> click.decorators.FC:
    """Add the choice between a prompt and a file."""
    told = "从文件第一行读口令 / first line of this file"
    return click.option("--passphrase-file", type=click.Path(dir_okay=False, path_type=Path), help=told)(command)


invitation_option = click.option("--invitation", metavar="LINK", help="局人教处给的链接 / the link from the HR office")


@trustee.command("new", help="生成密钥并锁进文件。 / Make a key and seal it into a file.")
@click.option("--uuid", help="投票编号 / the poll's uuid")
@click.option("--selection", help="选拔名称 / the selection's title")
@click.option("--name", help="姓名 / name")
@click.option("--role", help="身份 / role")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="密钥文件 / key file to write"
)
@passphrase_option
@invitation_option
def new(
    uuid: str | None, selection: str | None, name: str | None, role: str | None, out: Path,
    passphrase_file: Path | None, invitation: str | None,
) -> None:  # fmt: skip
    """Make a key; prove that the file written opens; register it where there is a link, else print what to hand in."""
    remote = _remote(invitation)
    if remote is not None:
        told = _asked(remote.state)
        if told["state"] != "draft":  # before a file is written that would open nothing
            _refuse("keys_ready")
        uuid, selection, name, role = (str(told[field]) for field in ("uuid", "selection", "name", "role"))
    if not (uuid and selection and name and role):
        _refuse("missing_options", usage=True)
    if not all(text.isprintable() for text in (uuid, selection, name, role)):
        _refuse("trustee")
    passphrase = _passphrase(passphrase_file, new=True)
    try:
        holder = Holder(selection, name, role)
        secret, public = generate(ED25519, secrets.token_bytes, name)
        sealed = seal(KeyFile(uuid, name, role, public.key, secret), passphrase, secrets.token_bytes)
        _write_new(out, sealed)
        opened = unseal(out.read_bytes(), passphrase, ED25519)
    except KeysError as error:
        _refuse(error.code.value, error.where)
    except OSError as error:
        _refuse("file", str(error))
    possession = prove_possession(ED25519, opened.secret, holder, secrets.token_bytes)
    message = canonical.dump(
        {
            "public_key": {"pok": canonical.plain(public.pok), "public_key": public.key.text, "name": name},
            "possession": canonical.plain(possession),
        }
    )
    click.echo(f"密钥指纹 / fingerprint: {fingerprint(public.key.text)}", err=True)
    if remote is None:
        click.echo(message.decode())
        return
    nonce = str(_asked(lambda: remote.post("/key", message))["nonce"])
    proof = prove_possession(ED25519, opened.secret, opening_holder(holder, nonce), secrets.token_bytes)
    _asked(lambda: remote.post("/opened", canonical.dump(canonical.plain(proof))))
    click.echo("公钥已登记，密钥文件已试开。 / The key is registered and its file opens.", err=True)


@trustee.command("check", help="核验记录，说明将解开什么。 / Verify a record and say what would be decrypted.")
@click.argument("record", required=False, type=click.Path(exists=True, path_type=Path))
@invitation_option
def check_record(record: Path | None, invitation: str | None) -> None:
    """Verify as `decrypt` does. Never shows the seal: that comes from paper."""
    _say(_closed(_files(record, _remote(invitation))))


@trustee.command("decrypt", help="核验记录，用密钥解开合计。 / Verify a record and decrypt its sums.")
@click.argument("record", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--key", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), help="密钥文件 / key file"
)
@click.option(
    "--seal", "typed", required=True, metavar="XXXXXXXX", help="纸上的封箱印记 / the seal on the signed paper"
)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="写出的计票数据 / share to write"
)
@passphrase_option
@invitation_option
def decrypt(
    record: Path | None, key: Path, typed: str, out: Path, passphrase_file: Path | None, invitation: str | None
) -> None:
    """Verify, compare the seal, journal, decrypt; send the share where there is a link."""
    remote = _remote(invitation)
    seal_ = "".join(typed.split()).replace("-", "").lower()
    if not re.fullmatch("[0-9a-f]{8}", seal_):
        _refuse("seal_form", usage=True)
    closed = _closed(_files(record, remote))
    _say(closed)
    if seal_ != closed.closing.sigma[:8]:
        _refuse("seal_mismatch")
    passphrase = _passphrase(passphrase_file, new=False)
    try:
        opened = unseal(key.read_bytes(), passphrase, ED25519)
        owner = closed.owner(opened)
        if remote is not None and owner.number != _asked(remote.state)["n"]:
            _refuse("other_key_file", owner.who)
        entry = Entry(closed.election.uuid, closed.election.phi, closed.closing.sigma)
        answered = opened.answering(entry)
        share = make_share(
            closed.election, closed.sums.total, owner.number, opened.secret, closed.closing.sigma, secrets.token_bytes,
            closed.sums.groups,
        )  # fmt: skip
        # The journal is on disk before the share leaves, so that no interruption lets the key answer twice.
        _replace(key, seal(answered, passphrase, secrets.token_bytes))
        _replace(out, share.raw)
    except KeysError as error:
        _refuse(error.code.value, error.where)
    except OSError as error:
        _refuse("file", str(error))
    click.echo(f"{owner.who}: {out}", err=True)
    if remote is not None:
        done = _asked(lambda: remote.post("/share", share.raw))["done"]
        click.echo(
            "计票完成。 / The count is complete." if done else "已送达，等待其他保管人。 / Sent; others are awaited.",
            err=True,
        )


@dataclass(frozen=True)
class Closed:
    """A verified closed record, and the sums added up from its ballots on this machine."""

    report: Report
    election: Election
    trustees: Trustees
    closing: Closing
    sums: Sums

    def owner(self, opened: KeyFile) -> Owner:
        """Whose key this is. Refuses a stranger's."""
        mine = [owner for owner in self.trustees.owners if owner.public.key == opened.public_key]
        return mine[0] if mine else _refuse("not_a_trustee")


def _closed(files: Mapping[str, bytes]) -> Closed:
    report = check(files, JOBS)
    if not report.ok:
        for one in report.checks:
            if not one.ok:
                click.echo(printable(one.line), err=True)
        _refuse("record")
    if not report.ours or report.stage not in ("closed", "decrypting", "tallied"):
        _refuse("not_closed", report.stage)
    try:
        log = Log.parse(next(body for name, body in files.items() if name.endswith(".bel")))
        election = Election.parse(log.election)
        manifest = Manifest.parse(files["manifest.json"])
        if report.ballots < manifest.minimum:
            _refuse("below_minimum")
        return Closed(
            report,
            election,
            Trustees.parse(log.trustees, election.group),
            Closing.parse(files["closing.json"]),
            voter_groups.add_up(election, manifest, (Ballot.parse(raw, election) for raw in log.ballots)),
        )
    except TallyError as error:  # verified a moment ago: only a fault of ours could come here
        _refuse("record", str(error))


def _say(closed: Closed) -> None:
    for one in closed.report.checks:
        click.echo(printable(f"ok   {one.name} — {check_words(one.name)}"))
    ballots, sums = closed.report.ballots, sum(len(row) for row in closed.sums.total)
    labels = [group.label for group in closed.sums.groups]
    click.echo(f"= {ballots} 张票；解开全体合计 {sums} 项 / {ballots} ballots; {sums} sums of all")
    merged = sum(cast > 0 for _, cast in closed.closing.cast_per_group) - len(labels)
    others = "；其余类别并为一项，不单独解开 / the others only together" if merged else ""
    told = f"另解开 {len(labels)} 个类别的合计（{'、'.join(labels)}）/ and the sums of {len(labels)} groups{others}"
    click.echo(printable(f"= {told if labels else '不按类别解开 / no group is opened alone'}"))


def _files(record: Path | None, remote: Remote | None) -> Mapping[str, bytes]:
    """The record's files, from a folder or from the server behind the link."""
    if record is not None:
        return _from_folder(record)
    if remote is None:
        raise click.UsageError("RECORD 或 --invitation 须有其一 / give RECORD or --invitation")
    names = [str(name) for name in _asked(remote.state)["files"]]
    return _asked(lambda: remote.record(names)) if names else _refuse("not_closed")


def _from_folder(path: Path) -> Mapping[str, bytes]:
    try:
        archives = list(find_records(path))
        if len(archives) != 1:
            _refuse("record", "several records")
        return {name: bytes(body[:]) for name, body in read_record(archives[0]).items()}
    except (Unreadable, OSError) as error:
        _refuse("record", str(error))


def _remote(link: str | None) -> Remote | None:
    if link is None:
        return None
    try:
        return Remote.of(link)
    except ValueError:
        _refuse("invitation", usage=True)


def _asked(call: Callable[[], T]) -> T:
    """Call the server; its refusal is ours."""
    try:
        return call()
    except RemoteRefusal as error:
        _refuse(error.code, sentence=error.sentence)
    except (KeyError, TypeError) as error:
        _refuse("no_json", str(error), sentence="服务器的回答不是预期的格式。")


def _passphrase(file: Path | None, *, new: bool) -> str:
    if file is None:
        return str(click.prompt("口令 / passphrase", hide_input=True, confirmation_prompt=new))
    try:
        text = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        _refuse("file", str(error))
    return text[0] if text else ""


def _write_new(path: Path, raw: bytes) -> None:
    """Write a file that nobody else can read and that was not there before."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        _refuse("file_exists", str(path))
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
        os.fsync(file.fileno())


def _replace(path: Path, raw: bytes) -> None:
    """Write in one step: the old bytes or the new, never a torn file."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
    _write_new(beside, raw)
    beside.replace(path)


def _refuse(code: str, where: str = "", *, sentence: str = "", usage: bool = False) -> NoReturn:
    """Say what is wrong with its code and leave: 1, or 2 where the command itself was wrong."""
    told = sentence or SENTENCES.get(code, SENTENCES["record"])
    click.echo(printable(f"FAIL {code}: {told}" + (f"（{where}）" if where else "")), err=True)
    sys.exit(2 if usage else 1)
