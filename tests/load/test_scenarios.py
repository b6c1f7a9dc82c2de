"""Each scenario with a dozen phones: whatever happens, the account is right and the record verifies. `make load` plays them long."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.load.databases import Fresh, NoServer, databases
from tests.load.run import play
from tests.load.scenarios import SCENARIOS


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(scope="module")
def fresh() -> Iterator[Fresh]:
    with databases(("sqlite", "postgresql"), durable=False) as fresh:
        yield fresh


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("bad phones", "sqlite"),
        ("siege", "sqlite"),
        ("kill", "sqlite"),
        ("kill", "postgresql"),
        ("close", "postgresql"),
        ("kill while closing", "sqlite"),
    ],
)
def test_every_ballot_is_accounted_for(name: str, kind: str, fresh: Fresh, pool: Executor, tmp_path: Path) -> None:
    try:
        url = fresh(kind, tmp_path)
    except NoServer:
        pytest.skip("skipped: no PostgreSQL (set TEST_DATABASE_URL or install the server)")
    run = play(SCENARIOS[name].short(), url, tmp_path, pool, seed=1)
    assert run.account.faults == []
    assert run.verified
    assert run.account.acknowledged + run.account.closed + run.account.gave_up == 12
    if name in ("bad phones", "siege", "kill"):
        assert run.account.closed == 0
