"""Drafts the next migration from the models: `make migration m="What changes"`. Read and mend the file before committing it."""

import sys
import tempfile
from pathlib import Path

from voting import models
from voting.store import migrate
from voting.store.base import Database


def main() -> int:
    """Upgrade an empty database, compare it with the models, write the difference as the next revision."""
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        print('usage: make migration m="What changes"', file=sys.stderr)
        return 2
    versions = list((migrate.FOLDER / "versions").glob("[0-9]*.py"))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/draft.sqlite3")
        database.create()
        migrate.draft(database.engine, models.metadata(), sys.argv[1], f"{len(versions) + 1:04d}")
        database.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
