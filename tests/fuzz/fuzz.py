"""Coverage-guided fuzzing with atheris: `python tests/fuzz/fuzz.py TARGET SECONDS [libFuzzer options]`."""

import sys
import tempfile
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

with atheris.instrument_imports(include=["keys", "tally"]):
    from tests.fuzz import targets

MAX_BYTES = 200_000


def main() -> None:
    """Run one target on seeds made from a sound record; a finding ends with its input written to a file."""
    name, seconds, *options = sys.argv[1:]
    every = {**targets.READERS, "key_file": targets.key_file, "altered_record": targets.altered_record}
    if name not in every:
        sys.exit(f"targets: {', '.join(every)}")
    with tempfile.TemporaryDirectory() as corpus:
        seed = targets.seeds().get(name, b"")
        Path(corpus, "seed").write_bytes(seed or b"\0" + targets.sound().bel)
        arguments = [
            sys.argv[0],
            corpus,
            f"-max_total_time={seconds}",
            f"-max_len={MAX_BYTES}",
            "-timeout=20",
            *options,
        ]
        atheris.Setup([*arguments, "-rss_limit_mb=2048"], every[name])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
