"""What HR and the Party group type. Meaning is judged by the services."""

import re
from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length

from voting.decisions.analyses import FIELDS, MAX_WORDS, Texts
from voting.decisions.meetings import Plan, parse_members
from voting.decisions.models import STAGES, Said, Way
from voting.errors import Code, Refused

NEEDED = "请填写"
AT_MOST = "最多 %(max)d 字"


class AnalysisForm(FlaskForm):
    """综合分析 of one person."""

    votes = TextAreaField(FIELDS["votes"], [DataRequired(NEEDED), Length(max=MAX_WORDS, message=AT_MOST)])
    assessments = TextAreaField(FIELDS["assessments"], [DataRequired(NEEDED), Length(max=MAX_WORDS, message=AT_MOST)])
    performance = TextAreaField(FIELDS["performance"], [DataRequired(NEEDED), Length(max=MAX_WORDS, message=AT_MOST)])
    fit = TextAreaField(FIELDS["fit"], [DataRequired(NEEDED), Length(max=MAX_WORDS, message=AT_MOST)])
    reason = TextAreaField(FIELDS["reason"], [Length(max=MAX_WORDS, message=AT_MOST)])

    def texts(self) -> Texts:
        """What was written, as the service takes it."""
        return Texts(**{field: self[field].data or "" for field in FIELDS})


class ProposalForm(FlaskForm):
    """建议考察对象 or 拟任人选."""

    stage = RadioField("建议", [InputRequired("请选择")], choices=[SelectChoice(k.value, v) for k, v in STAGES.items()])
    person = SelectMultipleField("人选", choices=[], validate_choice=False)
    reason = TextAreaField("建议理由", [Length(max=MAX_WORDS, message=AT_MOST)])

    def positions(self) -> list[int]:
        """The ticked people's positions on the ballot. Raises Refused(BAD_REQUEST) for what no page of ours says."""
        found = [re.fullmatch(r"[0-9]{1,3}", box, re.ASCII) for box in self.person.data or ()]
        if not all(found):
            raise Refused(Code.BAD_REQUEST)
        return [int(one[0]) for one in found if one]


class FixForm(FlaskForm):
    """The day on which the Party group fixed whom to vet."""

    on = DateField("党组会议日期", [InputRequired("请填写日期")])


class MeetingForm(FlaskForm):
    """A Party group's meeting, before anybody states a view."""

    held_on = DateField("会议日期", [InputRequired("请填写日期，如 2026-11-25")])
    host = StringField("主持人", [DataRequired(NEEDED), Length(max=30, message=AT_MOST)])
    recorder = StringField("记录人", [DataRequired(NEEDED), Length(max=30, message=AT_MOST)])
    observers = StringField("列席（没有的不填）", [Length(max=200, message=AT_MOST)])
    members = TextAreaField("应到会成员", [DataRequired(NEEDED), Length(max=4000, message=AT_MOST)])
    way = RadioField(
        "表决方式", [InputRequired("请选择")], default=Way.NAMED.value,
        choices=[SelectChoice(Way.NAMED.value, "记名表决"), SelectChoice(Way.SLIPS.value, "投票表决（密票）")],
    )  # fmt: skip
    poll = SelectField("投票", choices=[], validate_choice=False)

    def plan(self) -> Plan:
        """What was typed, as the service takes it. Raises Refused(INVALID_VALUE)."""
        if self.held_on.data is None:
            raise Refused(Code.INVALID_VALUE, "会议日期")
        return Plan(
            held_on=self.held_on.data, host=self.host.data or "", recorder=self.recorder.data or "",
            observers=self.observers.data or "", members=parse_members(self.members.data or ""),
            way=Way(self.way.data), poll=self.poll.data or "",
        )  # fmt: skip


class CorrectionForm(FlaskForm):
    """Why a final record is corrected."""

    reason = StringField("更正的理由", [DataRequired(NEEDED), Length(max=200, message=AT_MOST)])


Notes = tuple[list[int], dict[tuple[int, int], Said | None], dict[int, int | None]]


def notes(form: Mapping[str, str]) -> Notes:
    """The table of a meeting: `present-<member>`, `vote-<item>-<member>`, `reconsider-<item>`. Raises Refused(BAD_REQUEST)."""
    present: list[int] = []
    votes: dict[tuple[int, int], Said | None] = {}
    reconsider: dict[int, int | None] = {}
    try:
        for name, value in form.items():
            if found := re.fullmatch(r"present-([0-9]{1,9})", name, re.ASCII):
                present.append(int(found[1]))
            elif found := re.fullmatch(r"vote-([0-9]{1,9})-([0-9]{1,9})", name, re.ASCII):
                votes[int(found[1]), int(found[2])] = Said(value) if value else None
            elif found := re.fullmatch(r"reconsider-([0-9]{1,9})", name, re.ASCII):
                if not re.fullmatch(r"[0-9]{0,3}", value.strip(), re.ASCII):
                    raise Refused(Code.BAD_REQUEST)
                reconsider[int(found[1])] = int(value) if value.strip() else None
    except ValueError as error:
        raise Refused(Code.BAD_REQUEST) from error
    return present, votes, reconsider
