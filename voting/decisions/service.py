"""What other slices and papers call: the typed record of a Party group's meeting, and a post's page.

`load(db, meeting_id) -> MeetingView` is 党组会表决情况; `post_page(db, post_id, today) -> PostPage` the comparison.
"""

from voting.decisions.meetings import of_selection
from voting.decisions.overview import PostPage
from voting.decisions.overview import load as post_page
from voting.decisions.record import ItemView, MeetingView, MemberView, Statement, load

__all__ = ["ItemView", "MeetingView", "MemberView", "PostPage", "Statement", "load", "of_selection", "post_page"]
