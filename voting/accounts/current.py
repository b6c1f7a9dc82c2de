"""Who is logged in, as the cookie says and the database confirms. The app hands this to the web tier."""

from flask import session
from sqlalchemy.orm import Session

from voting.accounts import service
from voting.accounts.models import User
from voting.store.clock import now
from voting.web.access import service as web
from voting.web.sessions import TOKEN


def who_is_logged_in(db: Session) -> User | None:
    """The member of staff whose cookie came with this request."""
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    found = service.resume(db, token, now=now(), idle_minutes=web().config.idle_minutes)
    if found is None:
        session.pop(TOKEN, None)
        return None
    return found.user
