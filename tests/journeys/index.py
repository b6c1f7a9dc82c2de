"""The list of pictures, by area: docs/screens/README.md."""

import re
from pathlib import Path

PICTURE = re.compile(r"[a-z]\d?\d?-[a-z0-9-]+\.(png|pdf)")
AREAS = {
    "a": "The door: set-up and log-in 登录", "b": "Staff and accounts 用户", "c": "Selections, candidates, polls 选拔任用工作",
    "n": "Polls about persons: evaluation and decision 民主测评、表决的拟定", "s": "Facts from the roster 名册情况",
    "d": "The console, from the draft through the twelve steps 工作台", "e": "Slips 选票", "k": "Cards for the room 会场张贴卡",
    "g": "The room's screen 大屏幕", "f": "A recommendation on the phone 手机：推荐", "m": "Evaluation and decision on the phone 手机：测评、表决",
    "i": "The tablet for whoever has no phone 平板", "h": "The box, on anybody's phone 票箱页", "t": "Trustees 密钥保管人",
    "r": "Results and log 结果", "p": "Papers, paper ballots, recheck 文书、复核", "q": "The Party group 党组研究、表决",
    "x": "What can go wrong 出错",
}  # fmt: skip
HEAD = """# Pictures of every page and state

Written by `make screens`, which walks through a meeting and through a seeded bureau in a browser; do not edit. The number at
a name's end is the width in pixels; `print` is the page on paper. People, bureau and votes are invented.
"""


def clear(folder: Path) -> None:
    """Remove an earlier walk's pictures, and nothing else."""
    for one in folder.iterdir():
        if PICTURE.fullmatch(one.name):
            one.unlink()


def write(folder: Path) -> None:
    """Write the index of the pictures in the folder."""
    names = sorted(one.stem for one in folder.glob("*.png"))
    parts = [HEAD]
    for letter, title in AREAS.items():
        mine = [name for name in names if name[0] == letter]
        if mine:
            lines = [f"- [{name.split('-', 1)[1].replace('-', ' ')}]({name}.png)" for name in mine]
            parts.append("\n".join([f"## {title}", "", *lines, ""]))
    (folder / "README.md").write_text("\n".join(parts), encoding="utf-8")
