"""The public credentials of an election: who may cast a ballot, with what weight. The record holds only public keys."""

from keys.group import Group
from tally import canonical
from tally.errors import Code, Invalid


def sort_key(credential: str) -> str:
    """Order of credentials in the record: by the little-endian bytes of the keys. Spec: CRED-4."""
    return bytes.fromhex(credential)[::-1].hex()


def encode_credentials(credentials: list[str]) -> bytes:
    """Return the record's credential list, sorted. Spec: CRED-4."""
    return canonical.dump(sorted(credentials, key=sort_key))


def read_credentials(raw: bytes, group: Group) -> dict[str, int]:
    """Read a record's credential list: public key to weight, in order. Raises Invalid. Spec: CRED-4."""
    where = "credentials"
    weights: dict[str, int] = {}
    previous = ""
    listed = canonical.items(canonical.load(raw, where), where)
    for number, one in enumerate(listed, 1):
        place = f"credential {number}"
        key, comma, rest = canonical.text(one, place).partition(",")
        public = canonical.point(group, key, place)
        if public.text in weights:
            raise Invalid(Code.CREDENTIAL_REPEATED, place)
        if previous and sort_key(key) < previous:
            raise Invalid(Code.CREDENTIAL_ORDER, place)
        previous = sort_key(key)
        weights[public.text] = _read_weight(rest, place) if comma else 1
    canonical.same(raw, canonical.dump(listed), where)
    return weights


def _read_weight(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18 and not text.startswith("0") and text != "1"):
        raise Invalid(Code.NOT_CANONICAL, where)
    return int(text)
