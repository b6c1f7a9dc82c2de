"""A world that was played once, as rows: taken out of one database and put into another."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from voting import models

Rows = Sequence[tuple[Table, list[dict[str, Any]]]]


def taken(db: Session) -> Rows:
    """Every row of every table."""
    tables = models.metadata().sorted_tables
    return [(table, [dict(row) for row in db.execute(select(table)).mappings()]) for table in tables]


def put(db: Session, rows: Rows) -> None:
    """Into an empty database. PostgreSQL does not notice numbers that are given: it is told to count on behind them."""
    for table, several in rows:
        if not several:
            continue
        db.execute(insert(table), several)
        number = table.autoincrement_column
        if number is not None and db.get_bind().dialect.name == "postgresql":
            highest = select(func.max(number)).scalar_subquery()
            db.execute(select(func.setval(func.pg_get_serial_sequence(table.name, number.name), highest)))
