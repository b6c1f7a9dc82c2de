"""The walls between the rooms: who may import whom, and what no table may point to."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from voting import models

ROOT = Path(__file__).resolve().parents[2]
BOARD = {"board_polls", "board_credentials", "board_box", "board_voids", "board_files"}
OFFICE_ROOMS = ("accounts", "selections", "polls", "slips", "trustees", "rehearse", "app", "cli", "models")
IMPURE = {
    "os", "io", "sys", "time", "datetime", "random", "secrets", "socket", "ssl", "subprocess", "sqlite3", "urllib", "http",
    "logging", "shutil", "tempfile", "pathlib", "uuid", "asyncio", "multiprocessing", "threading", "ctypes", "pickle", "config",
    "flask", "werkzeug", "sqlalchemy", "voting",
}  # fmt: skip
IMPURE_CALLS = {"open", "print", "input", "eval", "exec", "compile", "__import__", "breakpoint"}


def modules(*folders):
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def named(path):
    return str(path.relative_to(ROOT))


def test_the_import_linter_keeps_every_contract():
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "4 kept, 0 broken" in run.stdout


def test_loading_booth_and_board_loads_nothing_of_the_office():
    program = "import json, sys, voting.booth.views, voting.board.views; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = json.loads(run.stdout)
    office = tuple(f"voting.{room}" for room in OFFICE_ROOMS)
    assert [name for name in loaded if name.startswith(office)] == []
    assert "voting.board.service" in loaded


def test_the_auditors_tool_needs_pynacl_only():
    """`mipiao verify` starts in an environment without Flask, SQLAlchemy and the rest of the server's libraries."""
    program = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in {'flask', 'sqlalchemy', 'werkzeug', 'alembic', 'jinja2', 'structlog', 'click', 'qrcode', 'wtforms'}:\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "sys.argv = ['mipiao', 'verify', '--help']\n"
        "from voting.cli import main\n"
        "sys.exit(main())\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "verify" in run.stdout


@pytest.mark.parametrize("path", modules("keys", "tally"), ids=named)
def test_keys_and_tally_touch_no_clock_no_file_no_environment_and_no_randomness_of_their_own(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names} & IMPURE
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").split(".")[0]} & IMPURE
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found |= {node.func.id} & IMPURE_CALLS
        elif isinstance(node, ast.Attribute) and node.attr in {"randombytes", "urandom", "token_bytes"}:
            found.add(node.attr)
    assert found == set()


@pytest.mark.parametrize("path", modules("keys", "tally", "voting"), ids=named)
def test_only_config_reads_the_environment(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    read = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}
    ]
    assert read == []


def test_no_foreign_key_leads_from_a_ballot_to_the_office():
    tables = models.metadata().tables
    assert set(tables) >= BOARD
    for name in BOARD:
        leads_to = {key.column.table.name for key in tables[name].foreign_keys}
        assert leads_to <= {"board_polls"}, name


def test_no_table_of_the_office_points_at_ballots_or_credentials():
    for name, table in models.metadata().tables.items():
        if name not in BOARD:
            assert not {key.column.table.name for key in table.foreign_keys} & {
                "board_box",
                "board_credentials",
                "board_files",
            }, name


def test_the_ballot_box_has_no_column_for_time_address_order_or_person():
    assert set(models.metadata().tables["board_box"].columns.keys()) == {
        "poll",
        "credential",
        "filled",
        "tracker",
        "alphas",
        "body",
    }


def test_no_column_of_the_office_could_hold_a_slips_code():
    for name, table in models.metadata().tables.items():
        if name.startswith("slips"):
            assert not {"code", "credential", "secret", "slip"} & set(table.columns.keys()), name
