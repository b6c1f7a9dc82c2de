"""The receipt that a phone may keep as a file: its sealed ballot and the box's signature on it. No choice is in it."""

from dataclasses import dataclass

from tally import canonical
from tally.ballot import tracker
from tally.closing import verify_receipt
from tally.errors import Code, Invalid

_FIELDS = ("uuid", "ballot", "tracker", "receipt")


@dataclass(frozen=True, slots=True)
class Receipt:
    """`ballot` holds the exact bytes that were cast; `signature` is the receipt (b64)."""

    uuid: str
    ballot: bytes
    tracker: str
    signature: str

    @property
    def raw(self) -> bytes:
        """The exact bytes of the file. Spec: RECEIPT-2."""
        values = (self.uuid, self.ballot.decode(), self.tracker, self.signature)
        return canonical.dump(dict(zip(_FIELDS, values, strict=True)))

    def verify(self, receipt_key: str, phi: str) -> None:
        """Check that the box signed for this ballot. Raises Invalid(RECEIPT). Spec: RECEIPT-1."""
        verify_receipt(receipt_key, self.uuid, phi, self.tracker, self.signature)

    @classmethod
    def parse(cls, raw: bytes) -> "Receipt":
        """Read the file; its tracker is that of its ballot. Raises Invalid. Spec: RECEIPT-2."""
        where = "receipt"
        fields = canonical.record(canonical.load(raw, where), where, _FIELDS)
        uuid, ballot, named, signature = (canonical.text(fields[name], where) for name in _FIELDS)
        read = cls(uuid, ballot.encode(), named, signature)
        canonical.same(raw, read.raw, where)
        if tracker(read.ballot) != named:
            raise Invalid(Code.RECEIPT, where)
        return read
