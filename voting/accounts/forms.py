"""Forms of the accounts slice."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from voting.accounts.models import ROLES

MISSING = "请填写"


class LoginForm(FlaskForm):
    """Name, password and, where it is in force, the one-time code."""

    login = StringField(
        "登录名",
        [DataRequired(MISSING), Length(max=60)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )
    password = PasswordField(
        "密码", [DataRequired(MISSING), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )
    code = StringField(
        "动态口令", [Length(max=20)], render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"}
    )
    next = HiddenField()


class TokenForm(FlaskForm):
    """The first step of a set-up: the token out of the link's fragment."""

    setup_token = StringField(
        "设置码", [DataRequired(MISSING), Length(max=100)], render_kw={"autocomplete": "off", "spellcheck": "false"}
    )


class PasswordForm(FlaskForm):
    """The second step of a set-up for a person who is entered already."""

    setup_token = HiddenField()
    password = PasswordField(
        "密码", [DataRequired(MISSING), Length(max=200)], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        "再输一次", [EqualTo("password", "两次输入的密码不一致")], render_kw={"autocomplete": "new-password"}
    )


class FirstForm(PasswordForm):
    """The second step for the first administrator, who is not entered yet."""

    name = StringField("姓名", [DataRequired(MISSING), Length(max=40)], render_kw={"autocomplete": "name"})
    login = StringField(
        "登录名",
        [DataRequired(MISSING), Length(max=40)],
        render_kw={"autocomplete": "username", "autocapitalize": "none"},
    )


class UserForm(FlaskForm):
    """A new member of staff."""

    name = StringField("姓名", [DataRequired(MISSING), Length(max=40)], render_kw={"autocomplete": "off"})
    login = StringField(
        "登录名", [DataRequired(MISSING), Length(max=40)], render_kw={"autocomplete": "off", "autocapitalize": "none"}
    )
    role = SelectField("角色", choices=dict(ROLES))


class ChangeForm(FlaskForm):
    """One's own new password."""

    old = PasswordField(
        "现在的密码", [DataRequired(MISSING), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )
    password = PasswordField(
        "新密码", [DataRequired(MISSING), Length(max=200)], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        "再输一次新密码", [EqualTo("password", "两次输入的密码不一致")], render_kw={"autocomplete": "new-password"}
    )


class TotpForm(FlaskForm):
    """The first code of a new second factor."""

    code = StringField(
        "手机上显示的 6 位动态口令",
        [DataRequired(MISSING), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class ConfirmForm(FlaskForm):
    """One's own password, before the second factor is given up."""

    password = PasswordField(
        "密码", [DataRequired(MISSING), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )
