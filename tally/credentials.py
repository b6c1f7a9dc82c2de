"""The public credentials of an election: who may cast a ballot, with what weight. The record holds only public keys."""

from keys.curve import ED25519
from keys.group import Group
from tally import canonical
from tally.errors import Code, Invalid

sort_key = ED25519.rank
"""Order of credentials in our own records: by the little-endian bytes of the keys. Spec: CRED-4."""


def encode_credentials(credentials: list[str]) -> bytes:
    """Return our record's credential list, sorted, without weights. Spec: CRED-4."""
    return canonical.dump(sorted(credentials, key=sort_key))


def read_credentials(raw: bytes, group: Group) -> dict[str, int]:
    """Read a record's credential list: public key to weight, in order. Raises Invalid. Spec: CRED-4."""
    where = "credentials"
    weights: dict[str, int] = {}
    previous = b""
    listed = canonical.items(canonical.load(raw, where), where)
    weighted = bool(listed) and "," in canonical.text(listed[0], "credential 1")
    for number, one in enumerate(listed, 1):
        place = f"credential {number}"
        key, comma, rest = canonical.text(one, place).partition(",")
        public = canonical.point(group, key, place)
        if public.text in weights:
            raise Invalid(Code.CREDENTIAL_REPEATED, place)
        if group.rank(key) < previous:
            raise Invalid(Code.CREDENTIAL_ORDER, place)
        # Where one voter has a weight, all have one written, 1 included.
        if bool(comma) != weighted:
            raise Invalid(Code.NOT_CANONICAL, place)
        previous = group.rank(key)
        weights[public.text] = _read_weight(rest, place) if comma else 1
    canonical.same(raw, canonical.dump(listed), where)
    return weights


def _read_weight(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18 and text == str(int(text))):
        raise Invalid(Code.NOT_CANONICAL, where)
    return int(text)
