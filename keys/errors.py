"""The one error root of `keys`, with its closed set of codes."""

from enum import StrEnum


class Code(StrEnum):
    """Why a value was refused."""

    POINT = "point"
    IDENTITY = "identity"
    SCALAR = "scalar"
    GROUP = "group"
    PROOF_SHAPE = "proof_shape"
    CREDENTIAL = "credential"
    KEY_FILE = "key_file"
    PASSPHRASE = "passphrase"
    SECOND_HEAD = "second_head"
    TRUSTEE = "trustee"


class KeysError(Exception):
    """Root of all errors of this package."""

    def __init__(self, code: Code, where: str = "") -> None:
        super().__init__(f"{code.value}: {where}" if where else code.value)
        self.code = code
        self.where = where


class Malformed(KeysError):
    """An input that is not the one canonical form of anything."""


class Untrue(KeysError):
    """A well-formed object whose proof or signature does not hold."""
