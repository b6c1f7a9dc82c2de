"""Selections, posts and candidates. Knows no Flask; a list of candidates is replaced whole or not at all."""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tally.canonical import dump
from tally.names import readable
from voting.errors import Code, Refused
from voting.selections.importing import MAX_CANDIDATES, CandidateRow, key_of, tidy, unprintable
from voting.selections.models import Candidate, Post, PostLock, Selection

MAX_TITLE = 80
MAX_POSTS = 20
MAX_PLACES = 50
MAX_ID = 2**31
"""Larger numbers fit no column: an address that names one names nothing."""


def plain(text: str, what: str, limit: int = MAX_TITLE) -> str:
    """One line of text that every page and paper can show. Raises Refused(INVALID_VALUE) naming `what`."""
    text = tidy(text)
    # "|" parts the inputs of hashes; the record knows its own elections by the word of the other.
    if not readable(text) or len(text) > limit or unprintable(text) or "|" in text or "mipiao-manifest" in text:
        raise Refused(Code.INVALID_VALUE, what)
    return text


def create_selection(
    db: Session, title: str, bureau: str, plan_date: dt.date, now: dt.datetime, *, rehearsal: bool = False
) -> Selection:
    """Enter a selection; whether it is a rehearsal is said now or never. Raises Refused(INVALID_VALUE)."""
    selection = Selection(
        title=plain(title, "名称"), bureau=plain(bureau, "单位"), plan_date=plan_date, created=now, rehearsal=rehearsal
    )
    db.add(selection)
    db.flush()
    return selection


def selections(db: Session) -> Sequence[Selection]:
    """All selections, the newest first."""
    return db.scalars(select(Selection).order_by(Selection.id.desc())).all()


def get_selection(db: Session, selection_id: int) -> Selection:
    """One selection. Raises Refused(NO_SUCH_SELECTION)."""
    selection = db.get(Selection, selection_id) if 0 < selection_id < MAX_ID else None
    if selection is None:
        raise Refused(Code.NO_SUCH_SELECTION)
    return selection


def add_post(db: Session, selection_id: int, title: str, places: int) -> Post:
    """Enter a post of a selection. Raises Refused(NO_SUCH_SELECTION, INVALID_VALUE)."""
    selection = get_selection(db, selection_id)
    if not 1 <= places <= MAX_PLACES:
        raise Refused(Code.INVALID_VALUE, "名额")
    if len(selection.posts) >= MAX_POSTS:
        raise Refused(Code.INVALID_VALUE, f"职位最多 {MAX_POSTS} 个")
    post = Post(selection_id=selection.id, title=plain(title, "职位"), places=places)
    try:
        with db.begin_nested():
            db.add(post)
            db.flush()
    except IntegrityError as error:
        raise Refused(Code.INVALID_VALUE, "职位重复") from error
    db.refresh(selection, ["posts"])
    return post


def get_post(db: Session, post_id: int) -> Post:
    """One post. Raises Refused(NO_SUCH_POST)."""
    post = db.get(Post, post_id) if 0 < post_id < MAX_ID else None
    if post is None:
        raise Refused(Code.NO_SUCH_POST)
    return post


def candidates(db: Session, post_id: int) -> Sequence[Candidate]:
    """Who stands for a post, in ballot order."""
    return db.scalars(select(Candidate).where(Candidate.post_id == post_id).order_by(Candidate.position)).all()


def fingerprint(db: Session, post_id: int) -> str:
    """Changes whenever a post's list of candidates does; a confirmation of an old preview is told by it."""
    rows = [[c.name, c.duty, c.department] for c in candidates(db, post_id)]
    return hashlib.sha256(dump({"post": post_id, "rows": rows})).hexdigest()


def import_candidates(db: Session, post_id: int, rows: Sequence[CandidateRow], expected: str | None = None) -> int:
    """Put these people, in this order, in the place of a post's candidates. Returns how many.

    `expected` is the fingerprint of the list that the preview would replace. Raises Refused: NO_SUCH_POST, POST_LOCKED
    (slips are printed), IMPORT_STALE (the list has changed since), IMPORT_EMPTY, IMPORT_TOO_MANY, IMPORT_ROWS.
    """
    post = db.scalar(select(Post).where(Post.id == post_id).with_for_update())
    if post is None:
        raise Refused(Code.NO_SUCH_POST)
    if locked(db, post_id):
        raise Refused(Code.POST_LOCKED)
    if not rows:
        raise Refused(Code.IMPORT_EMPTY)
    if len(rows) > MAX_CANDIDATES:
        raise Refused(Code.IMPORT_TOO_MANY)
    if expected is not None and expected != fingerprint(db, post_id):
        raise Refused(Code.IMPORT_STALE)
    if not all(row.name for row in rows) or len({(key_of(r.name), r.department) for r in rows}) != len(rows):
        raise Refused(Code.IMPORT_ROWS)
    db.execute(delete(Candidate).where(Candidate.post_id == post_id))
    db.add_all(
        Candidate(post_id=post_id, position=i, name=r.name, duty=r.duty, department=r.department)
        for i, r in enumerate(rows)
    )
    db.flush()
    db.expire(post)
    return len(rows)


def lock_post(db: Session, post_id: int, holder: str) -> None:
    """Keep a post's candidates as they are: `holder` (a poll) has printed slips. Doing it again changes nothing."""
    db.merge(PostLock(post_id=post_id, holder=holder))
    db.flush()


def release_posts(db: Session, holder: str) -> None:
    """Take back every lock of a poll that is void or being amended."""
    db.execute(delete(PostLock).where(PostLock.holder == holder))


def difference(before: Sequence[str], after: Sequence[str]) -> str:
    """What a new list changes of an old one, line by line of the ballot, for the log; empty if there was no list."""
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
    said = [f"撤下 {'、'.join(gone)}"] if gone else []
    said += [f"加入 {'、'.join(come)}"] if come else []
    if not said and list(before) != list(after):
        said = ["顺序有变"]
    return "；".join(said) if before else ""


def rename_posts(db: Session, titles: Mapping[int, str], holder: str) -> None:
    """Give posts other titles, all or none: `titles` by post. Two posts of a selection may change theirs for each other's.

    Raises Refused: POST_HELD if a poll other than `holder` has printed slips for one; INVALID_VALUE for a title that
    cannot be shown or is another post's; NO_SUCH_POST.
    """
    posts = db.scalars(select(Post).where(Post.id.in_(titles)).order_by(Post.id).with_for_update()).all()
    if len(posts) != len(titles):
        raise Refused(Code.NO_SUCH_POST)
    held = held_by_others(db, titles, holder)
    if held:
        raise Refused(Code.POST_HELD, "、".join(post.title for post in posts if post.id in held))
    wanted = {post.id: plain(titles[post.id], "职位") for post in posts}
    try:
        with db.begin_nested():
            for post in posts:  # no title holds "|", so these are nobody's
                post.title = f"|{post.id}"
            db.flush()
            for post in posts:
                post.title = wanted[post.id]
            db.flush()
    except IntegrityError as error:
        raise Refused(Code.INVALID_VALUE, "职位重复") from error


def held_by_others(db: Session, post_ids: Collection[int], holder: str) -> set[int]:
    """Those posts for which a poll other than `holder` has printed slips."""
    others = select(PostLock.post_id).where(PostLock.post_id.in_(post_ids), PostLock.holder != holder)
    return set(db.scalars(others))


def locked(db: Session, post_id: int) -> bool:
    """True while a poll holds the post's candidates."""
    return db.scalar(select(PostLock.holder).where(PostLock.post_id == post_id).limit(1)) is not None


def candidate_keys(db: Session, selection_id: int) -> set[str]:
    """The names of all candidates of a selection, in the form that forgives spacing and width (importing.key_of)."""
    names = db.scalars(select(Candidate.name).join(Post).where(Post.selection_id == selection_id))
    return {key_of(name) for name in names}
