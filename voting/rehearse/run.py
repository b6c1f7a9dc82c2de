"""`mipiao rehearse`: play one whole meeting against the real service and check what comes out."""

import json
import os
import random
import sys
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path, PurePosixPath

from voting.rehearse.browser import Browser, Stuck
from voting.rehearse.office import OFFICIALS, Office
from voting.rehearse.phones import Ballotbox, Handed, deal, vote_all
from voting.rehearse.plan import Choices, Plan, add_up, make_plan, shown, source
from voting.rehearse.progress import Progress
from voting.rehearse.server import Server
from voting.verify.judging import judge
from voting.verify.text import as_text

STEPS_BESIDE_PHONES = 8
OUTPUTS = ("records", "plaintext.json", "result.json", "slips.json", "server.sqlite3", "server.log")


def rehearse(voters: int, out: Path, trustees: int, seed: int | None, kind: str = "recommendation") -> int:
    """Play a poll of `kind` with `voters` phones into the folder `out`. Returns 0 only if everything holds, 1 otherwise, 2 usage."""
    try:
        if any((out / name).exists() for name in OUTPUTS):
            print(f"{out} 里已有一次演练的结果，请换一个文件夹 / {out} already holds a rehearsal", file=sys.stderr)
            return 2
        out.mkdir(parents=True, exist_ok=True)
        plan = make_plan(voters, seed, kind)
        uuid = _play(plan, out, trustees, seed)
    except (Stuck, OSError) as error:
        print(f"\n演练中断 / the rehearsal is stuck: {error}", file=sys.stderr)
        return 1
    return _judge(out, uuid, plan)


def _play(plan: Plan, out: Path, trustees: int, seed: int | None) -> str:
    progress = Progress(plan.voters + STEPS_BESIDE_PHONES + 2 * trustees)
    chance = source(seed)
    try:
        progress.stage("启动服务 / starting the service")
        with Server(out) as server:
            uuid = _meeting(server, plan, out, trustees, chance, progress)
        progress.stage("完成 / done")
    finally:
        progress.close()
    return uuid


def _meeting(server: Server, plan: Plan, out: Path, trustees: int, chance: random.Random, progress: Progress) -> str:
    office = Office(Browser(server.base))
    office.set_up(server.setup_link())
    progress.step()
    progress.stage("录入人选与投票 / selection and poll")
    office.enter_poll(office.enter_selection(plan), plan)
    progress.step()
    progress.stage("保管人生成密钥 / trustees' keys")
    keepers = office.invite(trustees)
    for keeper in keepers:
        keeper.make_key()
        progress.step()
    office.press("keyed")
    progress.stage("印制选票 / slips")
    slips = office.issue()
    progress.step()
    office.begin_meeting(plan.voters)
    office.press("open")
    office.go("hand")
    office.count_the_room(plan.voters)
    progress.step()
    dealt = deal(slips, plan.groups, chance)
    progress.stage("投票 / voting")
    _vote(Ballotbox(server.base, office.uuid), dealt, plan, chance, progress)
    progress.stage("收票封箱 / closing")
    office.go("call")
    drawn = {slip.code for group in dealt for slip in group}
    leftovers = [slip for slip in slips if slip.code not in drawn]
    office.void_leftovers(leftovers[::2])
    office.press("closing")
    office.void_leftovers(leftovers[1::2])
    office.go("seal")
    office.press("close", **OFFICIALS)
    progress.step()
    progress.stage("保管人解密 / trustees decrypt")
    done = False
    for keeper in keepers:
        done = keeper.decrypt()
        progress.step()
    if not done:
        raise Stuck("all shares are in, and there is no result")
    _write(out, office, plan, dealt)
    progress.step()
    return office.uuid


def _vote(
    box: Ballotbox, dealt: Sequence[Sequence[Handed]], plan: Plan, chance: random.Random, progress: Progress
) -> None:
    slips = [slip for group in dealt for slip in group]
    ballots = [ballot for group in plan.ballots for ballot in group]
    accepted = vote_all(box, slips, ballots, chance, progress.step)
    if accepted != plan.voters:
        raise Stuck(f"{accepted} of {plan.voters} ballots were accepted")


def _write(out: Path, office: Office, plan: Plan, dealt: Sequence[Sequence[Handed]]) -> None:
    uuid = office.uuid
    page = office.browser.get(f"/review/polls/{uuid}")
    if page.status != 200:
        raise Stuck("the result page does not open")
    with zipfile.ZipFile(BytesIO(office.browser.download(f"/review/polls/{uuid}/record.zip"))) as archive:
        folder = out / "records" / uuid
        folder.mkdir(parents=True)
        for entry in archive.namelist():
            (folder / PurePosixPath(entry).name).write_bytes(archive.read(entry))
    # Sorted, so that neither file tells who voted how or in which order ballots came.
    ballots: list[Choices] = sorted(ballot for group in plan.ballots for ballot in group)
    _dump(out / "plaintext.json", {uuid: {"ballots": ballots, "result": add_up(ballots)}})
    _dump(out / "slips.json", {uuid: sorted(slip.code for group in dealt for slip in group)})
    counted = json.loads((folder / "result.json").read_bytes())
    _dump(out / "result.json", {uuid: {"result": counted["result"], "groups": counted["groups"]}})


def _judge(out: Path, uuid: str, plan: Plan) -> int:
    """Verify the downloaded record and compare its result, total and groups, with what the phones voted."""
    verdicts = list(judge(str(out / "records" / uuid), os.cpu_count() or 1))
    sys.stdout.write(as_text(verdicts))
    voted = {
        "result": json.loads((out / "plaintext.json").read_bytes())[uuid]["result"],
        "groups": shown(plan),
    }
    counted = json.loads((out / "result.json").read_bytes())[uuid]
    same = voted == counted
    print("= 结果与各手机所投一致 / total and groups are what the phones voted" if same else
          f"FAIL result: 结果与各手机所投不一致 / counted {counted}, voted {voted}")  # fmt: skip
    return 0 if same and all(verdict.ok for verdict in verdicts) else 1


def _dump(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
