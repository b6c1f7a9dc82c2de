"""The meeting's steps, pressed by the clerk: on, back, people counted, officials named."""

import datetime as dt

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from voting.errors import Code, Refused
from voting.polls import meeting
from voting.polls.forms import OfficialsForm, PeopleForm, StepForm
from voting.polls.views import console_page, step
from voting.web.access import Audience, audience

blueprint = Blueprint("meeting", __name__, url_prefix="/office")


@blueprint.post("/polls/<uuid>/step")
@audience(Audience.OFFICE)
def go(uuid: str) -> ResponseReturnValue:
    """One step on or back, or the last call once more."""
    form, now = StepForm(), dt.datetime.now(dt.UTC)
    return step(
        uuid, lambda: meeting.go(g.db, uuid, form.frm, form.to, base_url=g.config.base_url, now=now, actor=g.user.login)
    )


@blueprint.post("/polls/<uuid>/people")
@audience(Audience.OFFICE)
def people(uuid: str) -> ResponseReturnValue:
    """应到 and 实到, then on to 宣读办法."""
    form = PeopleForm()
    if not form.validate():
        return console_page(uuid, Refused(Code.COUNTS_INVALID))
    expected, present = form.expected.data or 0, form.present.data or 0
    return step(uuid, lambda: meeting.count_people(g.db, uuid, expected=expected, present=present, actor=g.user.login))


@blueprint.post("/polls/<uuid>/officials")
@audience(Audience.OFFICE)
def officials(uuid: str) -> ResponseReturnValue:
    """监票人 and 计票人, then on to 展示空票箱."""
    form = OfficialsForm()
    return step(uuid, lambda: meeting.name_officials(g.db, uuid, form.named(), actor=g.user.login))
