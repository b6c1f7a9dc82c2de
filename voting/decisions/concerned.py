"""Nobody acts in a selection that is about themselves (回避): who stands on one of its ballots only reads."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from voting.decisions.models import Meeting, Proposal
from voting.errors import Code, Refused
from voting.polls.models import Poll
from voting.polls.persons import barred
from voting.selections.importing import key_of
from voting.selections.models import Post


def refuse_the_concerned(db: Session, name: str, named: Mapping[str, Any]) -> None:
    """Judge an act by a member of staff of that name; `named` is what the address names.

    Names are compared, as for trustees and officials. Raises Refused(STAFF_IS_CANDIDATE).
    """
    selection = selection_of(db, named)
    if selection is not None and key_of(name) in barred(db, selection):
        raise Refused(Code.STAFF_IS_CANDIDATE)


def selection_of(db: Session, named: Mapping[str, Any]) -> int | None:
    """The selection that an address belongs to; None if it names none, or nothing that exists."""
    if "selection_id" in named:
        return int(named["selection_id"])
    if "uuid" in named:
        poll = db.get(Poll, named["uuid"])
        return poll.selection_id if poll else None
    if "meeting_id" in named:
        meeting = db.get(Meeting, named["meeting_id"])
        return meeting.selection_id if meeting else None
    post_id = named.get("post_id")
    if "proposal_id" in named:
        proposal = db.get(Proposal, named["proposal_id"])
        post_id = proposal.post_id if proposal else None
    post = db.get(Post, post_id) if post_id is not None else None
    return post.selection_id if post else None
