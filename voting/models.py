"""The whole schema: loads the models of every slice, so that `Base.metadata` is complete."""

import importlib

from sqlalchemy import MetaData

from voting.store.base import Base

SLICES = ("accounts", "board", "selections", "polls", "slips", "trustees", "papers", "decisions")


def metadata() -> MetaData:
    """Every table of the service."""
    for name in SLICES:
        importlib.import_module(f"voting.{name}.models")
    return Base.metadata
