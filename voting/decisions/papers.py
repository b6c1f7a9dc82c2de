"""A meeting's record as the paper 党组会表决情况 wants it."""

from voting.board.facts import seal
from voting.decisions.models import Said, Way
from voting.decisions.record import ItemView, MeetingView
from voting.papers.decision import Session, Voted, minutes
from voting.papers.model import Paper, Seal


def paper(found: MeetingView) -> Paper:
    """The paper of one meeting, to print and to sign."""
    return minutes(session(found))


def session(found: MeetingView) -> Session:
    """The meeting's facts for the paper."""
    return Session(
        bureau=found.bureau,
        selection=found.selection,
        held_on=found.held_on,
        expected=found.expected,
        present=found.present,
        absent=found.absent,
        chair=found.host,
        recorder=found.recorder,
        observers=tuple(part for part in found.observers.replace("，", "、").split("、") if part),
        persons=tuple(map(_voted, found.items)),
        by_slips=found.way is Way.SLIPS,
        rehearsal=found.rehearsal,
        warning=found.warning,
        seals=(Seal("封箱印记", seal(found.poll_seal), found.poll_seal),) if found.poll_seal else (),
    )


def _voted(item: ItemView) -> Voted:
    named = [one for one in item.statements if one.label]
    return Voted(
        name=item.name,
        duty=item.duty,
        post=item.post_title,
        agree=item.agree,
        disagree=item.oppose,
        postpone=item.postpone,
        silent=item.silent,
        recused=tuple(one.member.name for one in named if one.said is Said.RECUSED),
        stated=tuple((one.member.name, one.label) for one in named) if any(one.said for one in named) else (),
        reconsidered=item.reconsidered if item.again else None,
    )
