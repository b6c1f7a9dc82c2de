"""The trustees of a record: whole keys (`Single`) and threshold keys (`Pedersen`), checked as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keys.group import Group, Point
from keys.threshold import Certificate, Commitments, joint, sub_key, verification_key, verify_message
from keys.trustee import PublicKey, verify_pok
from tally import canonical
from tally.errors import Code, Invalid
from tally.names import MAX_NAME

MAX_TRUSTEES = 100


@dataclass(frozen=True, slots=True)
class Single:
    """A trustee that holds a whole key: needed for every decryption. Spec: TRUST-1."""

    public: PublicKey

    def plain(self) -> list[Any]:
        """Return the item as JSON has it."""
        return ["Single", _plain_key(self.public)]


@dataclass(frozen=True, slots=True)
class Pedersen:
    """A group of whom any `threshold` members decrypt together. Spec: TRUST-4 to TRUST-6."""

    threshold: int
    certificates: tuple[Certificate, ...]
    commitments: tuple[Commitments, ...]
    signatures: tuple[Any, ...]
    members: tuple[PublicKey, ...]
    member_signatures: tuple[Any, ...]

    def plain(self) -> list[Any]:
        """Return the item as JSON has it."""
        keys = zip(self.members, self.member_signatures, strict=True)
        return [
            "Pedersen",
            {
                "threshold": self.threshold,
                "certs": [_plain_signed(one.message, one.signature) for one in self.certificates],
                "coefexps": [_plain_signed(one.message, one.signature) for one in self.commitments],
                "signatures": [canonical.plain(one) for one in self.signatures],
                "verification_keys": [_plain_key(key, canonical.plain(signature)) for key, signature in keys],
            },
        ]


@dataclass(frozen=True, slots=True)
class Owner:
    """One holder of a key, as partial decryptions number them (from 1). `member` is 0 for a whole key."""

    number: int
    public: PublicKey
    item: int
    member: int

    @property
    def who(self) -> str:
        """How a report names the owner."""
        return f"trustee {self.number}" + (f" ({self.public.name})" if self.public.name else "")


@dataclass(frozen=True)
class Trustees:
    """All holders of the election key, in order."""

    group: Group
    items: tuple[Single | Pedersen, ...]

    @property
    def raw(self) -> bytes:
        """The exact bytes of the record. Spec: TRUST-7."""
        return canonical.dump([item.plain() for item in self.items])

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Whole keys and members, flattened in order."""
        owners: list[Owner] = []
        for index, item in enumerate(self.items):
            if isinstance(item, Single):
                owners.append(Owner(len(owners) + 1, item.public, index, 0))
                continue
            for member, public in enumerate(item.members, 1):
                owners.append(Owner(len(owners) + 1, public, index, member))
        return tuple(owners)

    @property
    def election_key(self) -> Point:
        """The product of all items' keys. Spec: TRUST-7."""
        total = self.group.identity
        for item in self.items:
            key = item.public.key if isinstance(item, Single) else sub_key(item.commitments, self.group.identity)
            total = total + key
        return total

    def check(self) -> None:
        """Check every proof and signature. Raises Invalid naming the trustee. Spec: TRUST-2, TRUST-4 to TRUST-7."""
        seen: set[str] = set()
        for owner in self.owners:
            if owner.public.key.text in seen:
                raise Invalid(Code.TRUSTEE_REPEATED, "trustees", owner.who)
            seen.add(owner.public.key.text)
            if not verify_pok(self.group, owner.public):
                raise Invalid(Code.TRUSTEE_POK, "trustees", owner.who)
        for index, item in enumerate(self.items):
            if isinstance(item, Pedersen):
                _check_pedersen(self.group, item, f"trustees, item {index + 1}")

    @classmethod
    def of(cls, group: Group, keys: Sequence[PublicKey]) -> "Trustees":
        """Gather holders of whole keys."""
        return cls(group, tuple(Single(key) for key in keys))

    @classmethod
    def parse(cls, raw: bytes, group: Group) -> "Trustees":
        """Read the record's form; `check` judges it. Raises Invalid. Spec: TRUST-7."""
        items = canonical.items(canonical.load(raw, "trustees"), "trustees")
        if not 0 < len(items) <= MAX_TRUSTEES:
            raise Invalid(Code.MALFORMED, "trustees")
        trustees = cls(group, tuple(_read_item(group, one, f"trustees, item {n}") for n, one in enumerate(items, 1)))
        if len(trustees.owners) > MAX_TRUSTEES:
            raise Invalid(Code.MALFORMED, "trustees")
        canonical.same(raw, trustees.raw, "trustees")
        return trustees


def read_public_key(group: Group, value: Any, where: str, extra: tuple[str, ...] = ()) -> PublicKey:
    """Read one public key with its proof of possession and optional name. Spec: TRUST-1."""
    fields = canonical.record(value, where, ("pok", "public_key", *extra), ("name",))
    name = canonical.text(fields["name"], where) if "name" in fields else None
    if name is not None and len(name) > MAX_NAME:  # it stands in every line of a report about its owner
        raise Invalid(Code.TOO_LARGE, where)
    return PublicKey(
        key=canonical.point(group, fields["public_key"], where),
        pok=canonical.proof(group, fields["pok"], where),
        name=name,
    )


def _plain_key(public: PublicKey, signature: object = None) -> dict[str, Any]:
    signed = {} if signature is None else {"signature": signature}
    name = {} if public.name is None else {"name": public.name}
    return {"pok": canonical.plain(public.pok), "public_key": public.key.text, **signed, **name}


def _plain_signed(message: str, signature: Any) -> dict[str, Any]:
    return {"message": message, "signature": canonical.plain(signature)}


def _read_item(group: Group, value: Any, where: str) -> Single | Pedersen:
    match value:
        case ["Single", body]:
            return Single(read_public_key(group, body, where))
        case ["Pedersen", body]:
            return _read_pedersen(group, body, where)
    raise Invalid(Code.MALFORMED, where)


def _read_pedersen(group: Group, value: Any, where: str) -> Pedersen:
    names = ("threshold", "certs", "coefexps", "signatures", "verification_keys")
    fields = canonical.record(value, where, names)
    threshold = canonical.whole(fields["threshold"], where, 1, MAX_TRUSTEES)
    lists = [canonical.items(fields[name], where) for name in names[1:]]
    size = len(lists[0])
    if not threshold < size <= MAX_TRUSTEES or any(len(one) != size for one in lists):
        raise Invalid(Code.MALFORMED, where)
    certs, coefexps, signatures, keys = lists
    return Pedersen(
        threshold=threshold,
        certificates=tuple(
            _read_certificate(group, one, f"{where}, certificate {n}") for n, one in enumerate(certs, 1)
        ),
        commitments=tuple(_read_commitments(group, one, threshold, where) for one in coefexps),
        signatures=canonical.proofs(group, signatures, where),
        members=tuple(read_public_key(group, one, where, ("signature",)) for one in keys),
        member_signatures=tuple(canonical.proof(group, one["signature"], where) for one in keys),
    )


def _signed(value: Any, where: str) -> tuple[str, Any]:
    fields = canonical.record(value, where, ("message", "signature"))
    return canonical.text(fields["message"], where), fields["signature"]


def _read_certificate(group: Group, value: Any, where: str) -> Certificate:
    message, signature = _signed(value, where)
    inner = canonical.record(canonical.load(message.encode(), where), where, ("context", "verification", "encryption"))
    context = canonical.record(inner["context"], where, ("group", "size", "threshold", "index"))
    if context["group"] != group.name:
        raise Invalid(Code.UNSUPPORTED_GROUP, where)
    certificate = Certificate(
        message=message,
        size=canonical.whole(context["size"], where),
        threshold=canonical.whole(context["threshold"], where),
        index=canonical.whole(context["index"], where),
        verification=canonical.point(group, inner["verification"], where),
        encryption=canonical.point(group, inner["encryption"], where),
        signature=canonical.proof(group, signature, where),
    )
    canonical.same(message.encode(), canonical.dump(inner), where)
    return certificate


def _read_commitments(group: Group, value: Any, threshold: int, where: str) -> Commitments:
    message, signature = _signed(value, where)
    inner = canonical.record(canonical.load(message.encode(), where), where, ("coefexps",))
    points = tuple(canonical.point(group, one, where) for one in canonical.items(inner["coefexps"], where))
    if len(points) != threshold:
        raise Invalid(Code.THRESHOLD_KEYS, where)
    canonical.same(message.encode(), canonical.dump(inner), where)
    return Commitments(message, points, canonical.proof(group, signature, where))


def _check_pedersen(group: Group, item: Pedersen, where: str) -> None:
    """Check one threshold group: who signed what, and that the members' keys follow from the commitments."""
    if sub_key(item.commitments, group.identity).is_identity:
        raise Invalid(Code.IDENTITY, where)
    size, polynomial = len(item.certificates), joint(item.commitments, group.identity)
    keys = {key.text for one in item.certificates for key in (one.verification, one.encryption)}
    if len(keys) != 2 * size:
        raise Invalid(Code.TRUSTEE_REPEATED, where)
    certs = [_plain_signed(one.message, one.signature) for one in item.certificates]
    for index, (certificate, commitments) in enumerate(zip(item.certificates, item.commitments, strict=True)):
        who = f"member {index + 1}"
        key, member = certificate.verification, item.members[index]
        own = [point.text for point in commitments.points]
        agreed = "certs_sig|" + canonical.dump({"certs": certs, "coefexps": own}).decode()
        sound = (
            (certificate.size, certificate.threshold, certificate.index) == (size, item.threshold, index + 1)
            and verify_message(group, key, certificate.message, certificate.signature)
            and verify_message(group, key, commitments.message, commitments.signature)
            and verify_message(group, key, agreed, item.signatures[index])
            and member.key == verification_key(polynomial, index + 1, group.identity)
            and verify_message(group, key, member.key.text, item.member_signatures[index])
        )
        if not sound:
            raise Invalid(Code.THRESHOLD_KEYS, where, who)
