"""BELENIOS-2048: the finite-field group that Debian's belenios-tool knows, plugged into our protocol code by tests only.

Source: the Belenios specification, "Groups". Elements are written in base 10 and credentials are listed in their order
as integers. Nothing here runs in constant time.
"""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from keys.errors import Code, Malformed
from keys.group import Group, Point

P = int(
    "2069478569142254640101364365750500806492298929575110409710088478705737421924271740192223725449768433"
    "8129066633138078958404960054389636289796393038773905722803605973749427671376777618898589872735865049"
    "0811670993105358677809800307904916540637771737641986785272734744763418356000356983051931442845617019"
    "1100078673730733356412397173289791324047457883446826065232797464795113767265869358218004631792207366"
    "8860052627186363386088796882120769432366149491002923444346373222145884100586421050242120365433561201"
    "3204811188524087310770141516662001623131771693721892480785077118278423174980732765988288251691831031"
    "25680162072880719"
)
G = int(
    "2402352677501852209227687703532399932712287657378364916510075318787663274146353219320285676155269678"
    "7996946682987493890950838965734256019006010684771644917354741372831046104586813145117816467554005274"
    "0288984613986453266121505579709716201616827031288643245666383486363578210615491841998253431518974065"
    "8186868651151358576410138882215396016043228843603930989333662772848406593138406010231675095763777982"
    "6651036068224066350766977640253462537730851331734951942489677540525736590494924776314759915751987751"
    "7771148149092045660020547812705472823814097251863985833411570056835369555342378147558249189605029668"
    "0037745308460627"
)
Q = 78571733251071885079927659812671450121821421258408794611510081919805623223441
_DECIMAL = re.compile(r"[1-9][0-9]{0,616}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Residue(Point):
    """A member of the subgroup of order Q of the integers mod P; written additively like every Point."""

    value: int

    @property
    def text(self) -> str:
        return str(self.value)

    @property
    def is_identity(self) -> bool:
        return self.value == 1

    def __add__(self, other: Point) -> "Residue":
        assert isinstance(other, Residue)
        return Residue(self.value * other.value % P)

    def __sub__(self, other: Point) -> "Residue":
        assert isinstance(other, Residue)
        return Residue(self.value * pow(other.value, -1, P) % P)

    def __mul__(self, scalar: int) -> "Residue":
        return Residue(pow(self.value, scalar % Q, P))


class FiniteField(Group):
    """The group named `BELENIOS-2048`."""

    name = "BELENIOS-2048"
    order = Q

    @property
    def identity(self) -> Residue:
        return Residue(1)

    @cached_property
    def _powers(self) -> list[list[int]]:
        """G to each byte value at each of an exponent's 32 bytes: a tenth of the time of `pow`."""
        rows = []
        step = G
        for _ in range(32):
            row = [1]
            for _ in range(256):
                row.append(row[-1] * step % P)
            step = row.pop()
            rows.append(row)
        return rows

    def base(self, scalar: int) -> Residue:
        value = 1
        for row, digit in zip(self._powers, (scalar % Q).to_bytes(32, "little"), strict=True):
            value = value * row[digit] % P
        return Residue(value)

    @lru_cache(maxsize=4096)  # noqa: B019 - one group, and the tests read the same archives again and again
    def parse_or_identity(self, text: str) -> Residue:
        if not _DECIMAL.match(text) or int(text) >= P or pow(int(text), Q, P) != 1:
            raise Malformed(Code.POINT, text[:100])
        return Residue(int(text))

    def rank(self, text: str) -> bytes:
        return int(text).to_bytes(256)


BELENIOS_2048 = FiniteField()
