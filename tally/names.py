"""Names that people compare by eye: readable, and no two that look alike."""

import re
import unicodedata
from collections.abc import Sequence

MAX_NAME = 200
# Drawn as nothing at all (Unicode, Default_Ignorable_Code_Point), as far as str.isprintable lets them pass.
_INVISIBLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def readable(name: str) -> bool:
    """Whether a name is composed (NFC), of reasonable length, without controls, invisible characters or blank ends. Spec: NAME-1."""
    bare = name.replace("\u3000", " ")
    return (
        0 < len(name) <= MAX_NAME
        and bare.isprintable()
        and bare == bare.strip()
        and not _INVISIBLE.search(name)
        and unicodedata.is_normalized("NFC", name)
    )


def distinct(names: Sequence[str]) -> bool:
    """Whether all names are readable and differ by more than width, case and spaces. Spec: NAME-1."""
    looks = {"".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in names}
    return len(looks) == len(names) and all(map(readable, names))
