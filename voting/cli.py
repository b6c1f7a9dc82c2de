"""The `mipiao` command.

`verify`, `recheck` and `bench` are the auditor's commands: they need PyNaCl and nothing else. Everything else belongs to the
service and is imported only when asked for, so that an auditor's machine never loads web code.
"""

import sys
from collections.abc import Callable, Sequence

from voting import bench
from voting.verify import command as verify
from voting.verify import recheck

LIGHT: dict[str, Callable[[Sequence[str]], int]] = {
    "verify": verify.main,
    "recheck": recheck.main,
    "bench": bench.main,
}

MISSING = """\
这个命令需要服务端的库（{name} 未安装）；只装核心时可用 mipiao verify、mipiao recheck 与 mipiao bench。
This command needs the server's libraries ({name} is not installed); the core install offers `mipiao verify`, `mipiao recheck` and `mipiao bench`.
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code: 0 done, 1 refused or failed, 2 usage."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    tolerate_any_terminal()
    if words and words[0] in LIGHT:
        sys.exit(LIGHT[words[0]](words[1:]))
    try:
        from voting.commands import mipiao
    except ModuleNotFoundError as missing:
        sys.stderr.write(MISSING.format(name=missing.name))
        sys.exit(2)
    mipiao.main(args=words, prog_name="mipiao")


def tolerate_any_terminal() -> None:
    """Let no character of a record or file name that the terminal cannot show end the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
