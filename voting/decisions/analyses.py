"""HR's comprehensive analysis of a person: written, never computed; every version is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voting.decisions.models import Analysis
from voting.errors import Code, Refused
from voting.selections import service as selections
from voting.selections.importing import unprintable
from voting.selections.models import Post

MAX_WORDS = 1000
FIELDS: dict[str, str] = {
    "votes": "得票情况（会议、谈话，各类别）", "assessments": "年度考核和测评情况", "performance": "一贯表现",
    "fit": "人岗相适", "reason": "须说明的理由",
}  # fmt: skip
NEEDED = ("votes", "assessments", "performance", "fit")


@dataclass(frozen=True, slots=True)
class Texts:
    """What is written of a person. `reason` may be empty where nothing must be explained."""

    votes: str
    assessments: str
    performance: str
    fit: str
    reason: str = ""


def write(db: Session, post: Post, person: str, texts: Texts, *, author: str, now: int) -> Analysis:
    """Keep a new version. Raises Refused: NO_SUCH_PERSON, REASON_MISSING naming an empty part, INVALID_VALUE."""
    if person not in {one.answer for one in post.candidates}:
        raise Refused(Code.NO_SUCH_PERSON)
    said = {field: _text(getattr(texts, field), FIELDS[field]) for field in FIELDS}
    empty = [FIELDS[field] for field in NEEDED if not said[field]]
    if empty:
        raise Refused(Code.REASON_MISSING, "综合分析还缺：" + "、".join(empty))
    same = (Analysis.post_id == post.id, Analysis.person == person)
    version = (db.scalar(select(func.max(Analysis.version)).where(*same)) or 0) + 1
    made = Analysis(post_id=post.id, person=person, version=version, author=author, written=now, **said)
    db.add(made)
    db.flush()  # two at once: the constraint lets one through
    return made


def latest(db: Session, post_id: int) -> dict[str, Analysis]:
    """The version that counts, by line of the ballot."""
    rows = db.scalars(select(Analysis).where(Analysis.post_id == post_id).order_by(Analysis.version))
    return {one.person: one for one in rows}


def versions(db: Session, post_id: int, person: str) -> list[Analysis]:
    """All versions of one person's analysis, the newest first."""
    same = (Analysis.post_id == post_id, Analysis.person == person)
    return list(db.scalars(select(Analysis).where(*same).order_by(Analysis.version.desc())))


def person_at(db: Session, post_id: int, position: int) -> tuple[Post, str]:
    """The post and the line of the person at a position of the ballot, from 1. Raises Refused: NO_SUCH_POST, NO_SUCH_PERSON."""
    post = selections.get_post(db, post_id)
    lines: Mapping[int, str] = {one.position + 1: one.answer for one in post.candidates}
    if position not in lines:
        raise Refused(Code.NO_SUCH_PERSON)
    return post, lines[position]


def _text(raw: str, what: str) -> str:
    text = "\n".join(part.strip() for part in raw.replace("\r\n", "\n").strip().split("\n"))
    if len(text) > MAX_WORDS or any(unprintable(part) for part in text.split("\n")):
        raise Refused(Code.INVALID_VALUE, f"{what}：最多 {MAX_WORDS} 字，不能有控制字符")
    return text
