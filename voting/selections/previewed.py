"""Carries a sound preview through the browser and back, signed: what is confirmed is exactly what was shown."""

from collections.abc import Sequence
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from voting.errors import Code, Refused
from voting.selections.importing import CandidateRow

MAX_AGE = 3600
SALT = "mipiao-candidates"


def pack(secret: str | bytes, post_id: int, fingerprint: str, rows: Sequence[CandidateRow]) -> str:
    """Sign the rows for this post and this state of its list."""
    payload = {"post": post_id, "was": fingerprint, "rows": [[r.row, r.name, r.duty, r.department] for r in rows]}
    return URLSafeTimedSerializer(secret, salt=SALT).dumps(payload)


def unpack(secret: str | bytes, post_id: int, packed: str) -> tuple[str, list[CandidateRow]]:
    """The fingerprint of the list that the preview replaces, and its rows.

    Raises Refused(IMPORT_STALE) for a preview that is altered, older than an hour, or of another post.
    """
    try:
        payload: dict[str, Any] = URLSafeTimedSerializer(secret, salt=SALT).loads(packed, max_age=MAX_AGE)
    except BadData as error:
        raise Refused(Code.IMPORT_STALE) from error
    if payload["post"] != post_id:
        raise Refused(Code.IMPORT_STALE)
    return payload["was"], [CandidateRow(*row) for row in payload["rows"]]
