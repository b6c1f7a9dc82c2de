"""The manifest: what Belenios' election has no field for, hashed into φ through the description's last line."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from tally import canonical
from tally.closing import is_signing_key
from tally.errors import Code, Invalid
from tally.names import distinct, readable

_PREFIX = "mipiao-manifest:"
_HEX = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
_TRANSPORTS = {"https", "http"}
_ISSUANCES = {"server", "offline"}
MAX_GROUPS = 200
REST = "其余合计"
_FIELDS = (
    "version", "uuid", "selection", "kind", "rehearsal", "transport", "languages", "groups", "by_group", "minimum",
    "receipt_key", "assets", "issuance", "trustees", "replaces",
)  # fmt: skip
LOWEST_MINIMUM = 5


@dataclass(frozen=True, slots=True)
class VoterGroup:
    """A voter group and its credentials: public keys in the record's form, sorted as in the record."""

    label: str
    credentials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedTrustee:
    """Who holds which key."""

    name: str
    role: str
    key: str


@dataclass(frozen=True, slots=True)
class Asset:
    """One file that phones are served, with its SHA-256 in hex."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything around the election that voters and auditors must agree on. Spec: MAN-2."""

    uuid: str
    selection: str
    kind: str
    rehearsal: bool
    transport: str
    groups: tuple[VoterGroup, ...]
    minimum: int
    receipt_key: str
    trustees: tuple[NamedTrustee, ...]
    assets: tuple[Asset, ...] = ()
    by_group: tuple[int, ...] = ()
    languages: tuple[str, ...] = ("zh",)
    issuance: str = "server"
    replaces: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        sound = (
            self.transport in _TRANSPORTS
            and self.issuance in _ISSUANCES
            and self.minimum >= LOWEST_MINIMUM
            and is_signing_key(self.receipt_key)
            and all(_HEX.match(asset.sha256) for asset in self.assets)
            and len({asset.path for asset in self.assets}) == len(self.assets)
            and 0 < len(self.groups) <= MAX_GROUPS
            and distinct([group.label for group in self.groups] + [REST])
            and list(self.by_group) == sorted(set(self.by_group))
            and all(map(readable, (self.kind, self.selection, *self.languages)))
            and self.languages
            and self.replaces != self.uuid
        )
        if not sound:
            raise Invalid(Code.MANIFEST, "manifest")

    @cached_property
    def raw(self) -> bytes:
        """The exact bytes of `manifest.json`. Spec: MAN-2."""
        return canonical.dump(
            {
                "version": 1,
                "uuid": self.uuid,
                "selection": self.selection,
                "kind": self.kind,
                "rehearsal": self.rehearsal,
                "transport": self.transport,
                "languages": list(self.languages),
                "groups": [{"label": one.label, "credentials": list(one.credentials)} for one in self.groups],
                "by_group": list(self.by_group),
                "minimum": self.minimum,
                "receipt_key": self.receipt_key,
                "assets": [{"path": one.path, "sha256": one.sha256} for one in self.assets],
                "issuance": self.issuance,
                "trustees": [{"name": one.name, "role": one.role, "key": one.key} for one in self.trustees],
                "replaces": self.replaces,
            }
        )

    @property
    def hash(self) -> str:
        """b64 SHA-256 of the exact bytes. Spec: MAN-1."""
        return canonical.b64_hash(self.raw)

    @property
    def description_line(self) -> str:
        """The last line of the election's description. Spec: MAN-1."""
        return _PREFIX + self.hash

    @cached_property
    def group_of(self) -> dict[str, int]:
        """Credential (record's form) to the index of its group."""
        return {key: index for index, group in enumerate(self.groups) for key in group.credentials}

    def check_partition(self, credentials: list[str]) -> None:
        """Check that the groups share out the record's list: disjoint, complete, in its order. Spec: MAN-3."""
        listed = list(chain.from_iterable(group.credentials for group in self.groups))
        # Compared unsorted: the manifest's own strings may be anything, the record's have been read as points.
        if len(set(listed)) != len(listed) or set(listed) != set(credentials):
            raise Invalid(Code.MANIFEST, "groups are not a partition of the credentials")
        place = {key: index for index, key in enumerate(credentials)}
        if any(list(group.credentials) != sorted(group.credentials, key=place.__getitem__) for group in self.groups):
            raise Invalid(Code.MANIFEST, "credentials of a group are not sorted")

    @classmethod
    def parse(cls, raw: bytes) -> "Manifest":
        """Read `manifest.json`. Raises Invalid. Spec: MAN-2."""
        where = "manifest"
        fields = canonical.record(canonical.load(raw, where), where, _FIELDS)
        if canonical.whole(fields["version"], where) != 1:
            raise Invalid(Code.UNSUPPORTED_VERSION, where)
        read = {name: canonical.text(fields[name], where) for name in ("uuid", "selection", "kind", "transport")}
        replaces = fields["replaces"]
        manifest = cls(
            **read,
            rehearsal=canonical.truth(fields["rehearsal"], where),
            groups=tuple(_read_group(one) for one in canonical.items(fields["groups"], where)),
            minimum=canonical.whole(fields["minimum"], where),
            receipt_key=canonical.text(fields["receipt_key"], where),
            trustees=tuple(NamedTrustee(**_texts(one, ("name", "role", "key"))) for one in _list(fields, "trustees")),
            assets=tuple(Asset(**_texts(one, ("path", "sha256"))) for one in _list(fields, "assets")),
            by_group=tuple(canonical.whole(one, where) for one in _list(fields, "by_group")),
            languages=tuple(canonical.text(one, where) for one in _list(fields, "languages")),
            issuance=canonical.text(fields["issuance"], where),
            replaces=None if replaces is None else canonical.text(replaces, where),
        )
        canonical.same(raw, manifest.raw, where)
        return manifest


def _list(fields: dict[str, Any], name: str) -> list[Any]:
    return canonical.items(fields[name], f"manifest, {name}")


def _texts(value: Any, names: tuple[str, ...]) -> dict[str, str]:
    fields = canonical.record(value, "manifest", names)
    return {name: canonical.text(fields[name], f"manifest, {name}") for name in names}


def _read_group(value: Any) -> VoterGroup:
    fields = canonical.record(value, "manifest, groups", ("label", "credentials"))
    keys = canonical.items(fields["credentials"], "manifest, groups")
    return VoterGroup(
        canonical.text(fields["label"], "manifest, groups"),
        tuple(canonical.text(key, "manifest, groups") for key in keys),
    )
