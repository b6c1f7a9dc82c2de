"""Bringing a database to the newest revision."""

from sqlalchemy import Engine


def upgrade(engine: Engine) -> None:
    """Create what is missing."""
    from voting.store.base import Base

    Base.metadata.create_all(engine)
