"""Log-in, set-up, one's own account, the users page and the audit log."""

import re

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from pyotp.totp import TOTP
from wtforms import Field

from voting.accounts import audit, forms, menu, service, words
from voting.accounts.current import who_is_logged_in
from voting.errors import Code, Refused
from voting.store.clock import now
from voting.web.access import Audience, audience
from voting.web.qr import draw
from voting.web.sessions import TOKEN

blueprint = Blueprint("accounts", __name__)
NEW_TOTP = "new_totp"
STAFF_PAGE = re.compile(r"/(office|review|account)([/?][\w/?&=.%+-]*)?", re.ASCII)
blueprint.add_app_template_global(menu.staff_menu)
blueprint.add_app_template_filter(words.moment)
blueprint.add_app_template_filter(words.audit_action)
blueprint.add_app_template_filter(words.audit_detail)


@blueprint.get("/login")
@audience(Audience.ANYONE)
def login() -> ResponseReturnValue:
    """The log-in form; who is logged in already goes on."""
    if g.user:
        return redirect(menu.home())
    return render_template(
        "accounts/login.html", form=forms.LoginForm(formdata=None, next=request.args.get("next", "")), error=None
    )


@blueprint.post("/login")
@audience(Audience.ANYONE)
def log_in() -> ResponseReturnValue:
    """Begin a log-in. The cookie is emptied first: nothing from before it survives."""
    form = forms.LoginForm()
    error = None
    if form.validate_on_submit():
        try:
            token = service.log_in(
                g.db,
                g.config.secret,
                _text(form.login),
                _text(form.password),
                _text(form.code),
                request.remote_addr or "",
                now=now(),
                hours=g.config.session_hours,
            )
        except Refused as refused:
            g.db.rollback()
            error = refused
        else:
            session.clear()
            session[TOKEN] = token
            g.user = who_is_logged_in(g.db)
            return redirect(_safe(form.next.data) or menu.home())
    error = error or Refused(Code.INVALID_VALUE)
    return render_template("accounts/login.html", form=form, error=error), error.sentence.status


@blueprint.post("/logout")
@audience(Audience.ANYONE)
def log_out() -> ResponseReturnValue:
    """End this log-in, on the server and in the browser."""
    service.log_out(g.db, session.get(TOKEN, ""))
    session.clear()
    return redirect(url_for("accounts.login"))


@blueprint.get("/setup")
@audience(Audience.ANYONE)
def setup() -> ResponseReturnValue:
    """Inert: a link preview that opens this page uses nothing up. The token stands in the fragment."""
    return render_template("accounts/setup.html", form=forms.TokenForm(formdata=None), error=None)


@blueprint.post("/setup")
@audience(Audience.ANYONE)
def use_setup() -> ResponseReturnValue:
    """First the token, then the password; the token is used up by the second step."""
    token = request.form.get("setup_token", "").strip()
    try:
        found = service.find_setup(g.db, token, now=now())
    except Refused as refused:
        return render_template("accounts/setup.html", form=forms.TokenForm(), error=refused), refused.sentence.status
    first = found.user_id is None
    form = forms.FirstForm() if first else forms.PasswordForm()
    error = None
    if "password" in request.form and form.validate_on_submit():
        who = {"name": _text(form.name), "login": _text(form.login)} if isinstance(form, forms.FirstForm) else {}
        try:
            service.complete_setup(g.db, token, _text(form.password), now=now(), **who)
        except Refused as refused:
            g.db.rollback()
            error = refused
        else:
            session.clear()
            flash("密码已设置，请登录。")
            return redirect(url_for("accounts.login"))
    if form.errors:
        error = Refused(Code.INVALID_VALUE)
    page = render_template("accounts/password.html", form=form, first=first, person=found.user, error=error)
    return page, error.sentence.status if error else 200


@blueprint.get("/office/users")
@audience(Audience.OFFICE)
def users() -> ResponseReturnValue:
    """Everybody who may log in."""
    return _users_page(forms.UserForm(formdata=None))


@blueprint.post("/office/users")
@audience(Audience.OFFICE)
def create_user() -> ResponseReturnValue:
    """Enter a person and show the set-up link, once."""
    form = forms.UserForm()
    if not form.validate_on_submit():
        error = Refused(Code.INVALID_VALUE)
        return _users_page(form, error=error), error.sentence.status
    try:
        user = service.create_user(
            g.db, g.user.login, name=_text(form.name), login=_text(form.login), role=form.role.data, now=now()
        )
    except Refused as refused:
        g.db.rollback()
        return _users_page(form, error=refused), refused.sentence.status
    link = _link(service.setup_link(g.db, g.user.login, user, now=now()))
    return _users_page(forms.UserForm(formdata=None), link=link, person=user), 201


@blueprint.post("/office/users/<int:user_id>/reset")
@audience(Audience.OFFICE)
def reset_user(user_id: int) -> ResponseReturnValue:
    """A new set-up link for a person; the old password ends at once."""
    user = service.get_user(g.db, user_id)
    link = _link(service.reset(g.db, g.user.login, user, now=now()))
    return _users_page(forms.UserForm(formdata=None), link=link, person=user)


@blueprint.post("/office/users/<int:user_id>/<any(disable, enable):what>")
@audience(Audience.OFFICE)
def switch_user(user_id: int, what: str) -> ResponseReturnValue:
    """Close or reopen an account."""
    service.set_disabled(g.db, g.user.login, service.get_user(g.db, user_id), disabled=what == "disable", now=now())
    return redirect(url_for("accounts.users"))


@blueprint.get("/account")
@audience(Audience.OFFICE, Audience.REVIEW)
def account() -> ResponseReturnValue:
    """One's own password, second factor and log-ins."""
    return _account_page()


@blueprint.post("/account/password")
@audience(Audience.OFFICE, Audience.REVIEW)
def change_password() -> ResponseReturnValue:
    """A new password of one's own."""
    form = forms.ChangeForm()
    if not form.validate_on_submit():
        error = Refused(Code.INVALID_VALUE)
        return _account_page(change=form, error=error), error.sentence.status
    try:
        service.change_password(g.db, g.user, _text(form.old), _text(form.password), token=session[TOKEN], now=now())
    except Refused as refused:
        g.db.rollback()
        return _account_page(change=form, error=refused), refused.sentence.status
    flash("密码已更改，其他登录已全部退出。")
    return redirect(url_for("accounts.account"))


@blueprint.post("/account/logins")
@audience(Audience.OFFICE, Audience.REVIEW)
def end_other_logins() -> ResponseReturnValue:
    """End every log-in of one's own but this."""
    service.revoke_all(g.db, g.user, but=session[TOKEN])
    flash("其他登录已全部退出。")
    return redirect(url_for("accounts.account"))


@blueprint.post("/account/totp")
@audience(Audience.OFFICE, Audience.REVIEW)
def start_totp() -> ResponseReturnValue:
    """Show a new second factor as a QR code; it is in force once its first code was typed."""
    if g.user.totp_secret:  # else a log-in left open would be enough to put another in its place
        raise Refused(Code.FORBIDDEN)
    secret = service.new_totp_secret()
    form = forms.TotpForm() if "code" in request.form else forms.TotpForm(formdata=None)
    if "code" not in request.form:
        session[NEW_TOTP] = secret
        return _totp_page(secret, form)
    secret = session.get(NEW_TOTP, "")
    try:
        service.enable_totp(g.db, g.user, secret, _text(form.code), now=now())
    except Refused as refused:
        g.db.rollback()
        return _totp_page(secret, form, error=refused), refused.sentence.status
    session.pop(NEW_TOTP)
    flash("动态口令已启用，下次登录时需要输入。")
    return redirect(url_for("accounts.account"))


@blueprint.post("/account/totp/off")
@audience(Audience.OFFICE, Audience.REVIEW)
def stop_totp() -> ResponseReturnValue:
    """Give the second factor up, with the password."""
    form = forms.ConfirmForm()
    try:
        service.disable_totp(g.db, g.user, _text(form.password), now=now())
    except Refused as refused:
        g.db.rollback()
        return _account_page(confirm=form, error=refused), refused.sentence.status
    flash("动态口令已停用。")
    return redirect(url_for("accounts.account"))


@blueprint.get("/review/audit")
@audience(Audience.REVIEW)
def audit_log() -> ResponseReturnValue:
    """What staff did, with a check of the whole chain. For the supervisor alone: it names who read which result."""
    if g.user.role != "supervisor":
        raise Refused(Code.FORBIDDEN)
    lines, pages = audit.lines(g.db, request.args.get("page", 1, type=int))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "accounts/audit.html", lines=lines, page=page, pages=pages, verdict=audit.verify(g.db),
        titles=words.subjects(g.db, {line.subject for line in lines}),
    )  # fmt: skip


def _users_page(form: forms.UserForm, **more: object) -> str:
    return render_template(
        "accounts/users.html", form=form, people=service.users(g.db), **{"error": None, "link": None, **more}
    )


def _account_page(
    change: forms.ChangeForm | None = None, confirm: forms.ConfirmForm | None = None, error: Refused | None = None
) -> str:
    return render_template(
        "accounts/account.html",
        change=change or forms.ChangeForm(formdata=None),
        confirm=confirm or forms.ConfirmForm(formdata=None),
        logins=service.logins(g.db, g.user, now=now()),
        current=service.resume(g.db, session[TOKEN], now=now(), idle_minutes=g.config.idle_minutes),
        error=error,
    )


def _totp_page(secret: str, form: forms.TotpForm, error: Refused | None = None) -> str:
    uri = TOTP(secret).provisioning_uri(name=g.user.login, issuer_name=f"密票 {g.config.bureau}") if secret else ""
    return render_template(
        "accounts/totp.html", form=form, secret=secret, qr=draw(uri).svg("动态口令二维码"), error=error
    )


def _text(field: Field) -> str:
    """What was typed; nothing is the empty string."""
    return field.data or ""


def _link(token: str) -> str:
    return f"{g.config.base_url}{url_for('accounts.setup')}#{token}"


def _safe(target: str | None) -> str | None:
    """An address of this site's staff pages, or None: a log-in must not lead elsewhere."""
    return target if target and STAFF_PAGE.fullmatch(target) else None
