"""The page of cards. What is typed there is printed and forgotten: the Wi-Fi's password is kept nowhere."""

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from voting.cards import wifi
from voting.errors import Code, Refused
from voting.slips.sheets import host
from voting.web.access import Audience, audience
from voting.web.qr import draw

blueprint = Blueprint("cards", __name__, url_prefix="/office")

DEFAULT_PLACE = "签到台"
MAX_PLACE = 20


@blueprint.get("/cards")
@audience(Audience.OFFICE)
def cards() -> ResponseReturnValue:
    """The cards for phones that use their own network."""
    return _page("", "", DEFAULT_PLACE, None)


@blueprint.post("/cards")
@audience(Audience.OFFICE)
def adapted() -> ResponseReturnValue:
    """The cards for this room. A POST, so that the password stands in no address and no history."""
    name, password, place = (request.form.get(field, "").strip() for field in ("wifi", "password", "place"))
    place = place or DEFAULT_PLACE
    try:
        if len(place) > MAX_PLACE or not place.isprintable():
            raise Refused(Code.INVALID_VALUE, f"平板在哪里，最多 {MAX_PLACE} 字")
        if password and not name:
            raise Refused(Code.INVALID_VALUE, "填了密码，没有填无线网名称")
        try:
            joining = wifi.code(name, password) if name else None
        except ValueError:
            raise Refused(Code.INVALID_VALUE, "无线网名称最多 32 字节；密码 8 至 63 个英文字符") from None
    except Refused as refused:
        return _page(name, password, place, None, refused), refused.sentence.status
    return _page(name, password, place, joining)


def _page(name: str, password: str, place: str, joining: str | None, error: Refused | None = None) -> str:
    return render_template(
        "cards/cards.html", wifi=name if joining else "", password=password, place=place, error=error, typed=name,
        picture=draw(joining) if joining else None, host=host(g.config.base_url), rehearsal=not g.config.https,
    )  # fmt: skip
