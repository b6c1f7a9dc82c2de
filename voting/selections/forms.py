"""What the office types about a selection."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, HiddenField, IntegerField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from voting.selections.service import MAX_PLACES, MAX_TITLE

NEEDED = "请填写"


class SelectionForm(FlaskForm):
    """A new selection."""

    title = StringField("选拔任用工作名称", [DataRequired(NEEDED), Length(max=MAX_TITLE, message="最多 %(max)d 字")])
    bureau = StringField("单位", [DataRequired(NEEDED), Length(max=MAX_TITLE, message="最多 %(max)d 字")])
    plan_date = DateField("方案日期", [InputRequired("请填写日期，如 2026-05-08")])
    # On by default as long as only rehearsals can be keyed (docs/adr/0003).
    rehearsal = BooleanField("这是演练", default=True)


class PostForm(FlaskForm):
    """A post of a selection."""

    title = StringField("职位", [DataRequired(NEEDED), Length(max=MAX_TITLE, message="最多 %(max)d 字")])
    places = IntegerField(
        "名额", [InputRequired("请填写数字"), NumberRange(1, MAX_PLACES, "请填 %(min)s 至 %(max)s")], default=1
    )


class UploadForm(FlaskForm):
    """A spreadsheet of candidates."""

    file = FileField("人选名单（.xlsx 或 .csv）", [FileRequired("请选择文件")])


class EarlierForm(FlaskForm):
    """An earlier spell in a post or rank that the roster's remark tells of, entered by a person with its basis."""

    what = StringField("职务或职级", [DataRequired(NEEDED), Length(max=30, message="最多 %(max)d 字")])
    since = DateField("起始日期", [InputRequired("请填写日期，如 2017-12-15")])
    basis = StringField("依据（文件、文号）", [DataRequired(NEEDED), Length(max=100, message="最多 %(max)d 字")])


class ConfirmForm(FlaskForm):
    """The previewed rows, signed by the server."""

    preview = HiddenField(validators=[InputRequired()])
