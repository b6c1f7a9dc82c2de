"""Every refusal of the service: one closed set of codes, one table of sentences."""

from dataclasses import dataclass

from voting.codes import Code

__all__ = ["TABLE", "Code", "Refused", "Sentence"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a person is told, and the HTTP status that goes with it."""

    zh: str
    en: str
    status: int


TABLE: dict[Code, Sentence] = {
    Code.NOT_FOUND: Sentence("没有这个页面。请核对地址。", "There is no such page.", 404),
    Code.METHOD: Sentence("这个地址不接受此操作。", "This address does not accept that method.", 405),
    Code.TOO_LARGE: Sentence("提交的内容过大，没有接收。", "The request is too large and was not taken.", 413),
    Code.BAD_REQUEST: Sentence(
        "提交的内容不完整或格式不对，没有保存。请检查后再试。", "The request is malformed; nothing was saved.", 400
    ),
    Code.FORM_EXPIRED: Sentence(
        "页面停留过久，请刷新后重新提交。", "The form has expired; reload and submit again.", 400
    ),
    Code.LOGIN_REQUIRED: Sentence("请先登录。", "Please log in.", 401),
    Code.FORBIDDEN: Sentence("您的身份不能使用这一页。", "Your role may not use this page.", 403),
    Code.LOGIN_FAILED: Sentence("登录名、密码或动态口令不对。", "The name, password or one-time code is wrong.", 401),
    Code.THROTTLED: Sentence("尝试次数过多，请稍候再试。", "Too many attempts; wait a little.", 429),
    Code.SETUP_LINK: Sentence(
        "这个设置链接已用过、已过期或不完整。请向人教处索取新链接。",
        "This set-up link was used, has expired or is incomplete.",
        410,
    ),
    Code.PASSWORD_WEAK: Sentence(
        "密码至少 12 个字，不能过于单调，不能含登录名。",
        "A password has at least 12 varied characters and not the login name.",
        422,
    ),
    Code.LOGIN_TAKEN: Sentence("这个登录名已有人使用。", "This login name is taken.", 409),
    Code.LAST_ADMINISTRATOR: Sentence(
        "不能停用：人教处至少要保留一个可登录的账户。", "The office must keep one account that can log in.", 409
    ),
    Code.TOTP_WRONG: Sentence(
        "动态口令不对。请核对手机时间后重新输入。", "The one-time code is wrong; check the phone's clock.", 422
    ),
    Code.CONTENT_TYPE: Sentence(
        "提交的格式不是本系统所用，没有接收。", "The request is not of the type that is used here.", 415
    ),
    Code.BUSY: Sentence("服务器正忙，请稍候再试。您的内容没有丢失。", "The server is busy; try again shortly.", 503),
    Code.INTERNAL: Sentence(
        "服务器出错，没有保存。请举手或联系局人教处。", "The server failed; nothing was saved.", 500
    ),
    Code.NO_SUCH_POLL: Sentence("没有这次投票。请核对选票上的地址。", "There is no such poll.", 404),
    Code.WRONG_STATE: Sentence(
        "这一步现在不能做：投票所处的阶段不对。请刷新页面。", "The poll is not in the state this step needs.", 409
    ),
    Code.NOT_YET: Sentence(
        "投票还没有开始，选票没有用掉。请稍候。", "Voting has not begun yet; the slip is unused.", 409
    ),
    Code.CLOSED: Sentence(
        "投票已经结束，这张票没有收进票箱。", "Voting has closed; this ballot was not accepted.", 409
    ),
    Code.CREDENTIAL_USED: Sentence(
        "此码的票已在票箱内。若不是您投的，请举手。", "A ballot from this slip is already in the box.", 409
    ),
    Code.UNKNOWN_CREDENTIAL: Sentence(
        "这张选票不在本次投票的名单内，可能是另一次投票的，或是已作废重印的旧票。请举手换票。",
        "This slip is not on this poll's list: another poll's, or one that was made void and printed anew.",
        422,
    ),
    Code.BALLOT_MALFORMED: Sentence(
        "选票格式不对，没有收下。请刷新页面重新填写。", "The ballot is malformed and was not taken.", 422
    ),
    Code.BALLOT_OTHER_POLL: Sentence("这张选票属于另一次投票，没有收下。", "The ballot belongs to another poll.", 422),
    Code.BALLOT_PROOF: Sentence(
        "选票的加密证明不成立，没有收下。请刷新页面重新填写。", "A proof on the ballot does not hold.", 422
    ),
    Code.BALLOT_SIGNATURE: Sentence(
        "选票的签名不成立，没有收下。请刷新页面重新填写。", "The ballot's signature does not hold.", 422
    ),
    Code.CIPHERTEXT_REPEATED: Sentence(
        "选票中有重复的密文，没有收下。请刷新页面重新填写。", "The ballot repeats a ciphertext already in the box.", 422
    ),
    Code.ALREADY_ISSUED: Sentence(
        "选票已经印制过，代码没有保存，不能再印一次。没有印好的，在投票页办理作废重印。",
        "The slips were printed once and the codes were not kept; a lost batch can be made void and printed anew.",
        409,
    ),
    Code.REISSUE_NO_GROUP: Sentence(
        "还没有勾选要重印的票种，一张票也没有作废。", "No voter group was chosen; no slip was made void.", 422
    ),
    Code.REISSUE_STALE: Sentence(
        "这一页打开以后，所选票种已经重印过一次，这次没有再作废。请先核对打印机刚印出的票；确须再印，重新勾选。",
        "Slips of a chosen group were printed anew meanwhile; nothing was made void by this request.",
        409,
    ),
    Code.INVITATION: Sentence(
        "这个保管人链接无效或已作废。请向局人教处要新的链接。", "This trustee's link is not valid.", 401
    ),
    Code.KEY_MALFORMED: Sentence(
        "公钥格式不对，没有保存。请刷新页面重新生成。", "The public key is malformed; nothing was saved.", 422
    ),
    Code.KEY_PROOF: Sentence(
        "公钥的知识证明不成立，没有保存。", "The proof that belongs to the public key does not hold.", 422
    ),
    Code.KEY_POSSESSION: Sentence(
        "持有证明与本次选拔、姓名、身份不符，没有保存。",
        "The possession proof is not for this selection and person.",
        422,
    ),
    Code.KEY_REPEATED: Sentence(
        "这把公钥已由另一位保管人登记，没有保存。", "Another trustee has registered this key.", 409
    ),
    Code.KEY_EXISTS: Sentence(
        "您已登记过另一把公钥，没有改动。要更换请联系局人教处。", "Another key of yours is registered already.", 409
    ),
    Code.KEY_NOT_OPENED: Sentence(
        "试开没有成功。请重选刚保存的密钥文件，再输一次口令。", "The key file was not shown to open; try again.", 422
    ),
    Code.KEYS_INCOMPLETE: Sentence(
        "保管人的密钥还没有全部就绪并试开。", "Not every trustee's key is ready and shown to open.", 409
    ),
    Code.TRUSTEE_REPEATED: Sentence(
        "这位保管人已在名单上，或姓名、身份不能使用。",
        "This trustee is listed already, or the name cannot be used.",
        409,
    ),
    Code.SHARE_MALFORMED: Sentence(
        "计票数据格式不对，没有保存。请重新计票。", "The share is malformed; nothing was saved.", 422
    ),
    Code.SHARE_OTHER_POLL: Sentence(
        "这份计票数据属于另一次投票，没有保存。", "The share belongs to another poll.", 422
    ),
    Code.SHARE_OWNER: Sentence(
        "这份计票数据属于另一位保管人，没有保存。", "The share belongs to another trustee.", 422
    ),
    Code.SHARE_SEAL: Sentence(
        "计票数据所依据的封箱记录与本次不符，没有保存。", "The share was made for another closing statement.", 422
    ),
    Code.SHARE_PROOF: Sentence(
        "计票数据的解密证明不成立，没有保存。", "A decryption proof of the share does not hold.", 422
    ),
    Code.SHARE_STRONG_PROOF: Sentence(
        "计票数据的强证明不成立，没有保存。", "A strong decryption proof of the share does not hold.", 422
    ),
    Code.SHARE_GROUPS: Sentence(
        "计票数据里解开的类别与规则不符，没有保存。", "The share opens other groups than the rule allows.", 422
    ),
    Code.SECOND_HEAD: Sentence(
        "本次投票已按另一份封箱记录计过票，不能再计。请告诉监票人。",
        "Already decrypted under another closing statement.",
        409,
    ),
    Code.BELOW_MINIMUM: Sentence(
        "收回的票少于规定的最少张数，为保密，任何合计都不解开。", "Too few ballots: nothing is decrypted.", 409
    ),
    Code.RECORD_UNSOUND: Sentence(
        "选举记录没有通过核验，没有保存结果。请告诉监票人。", "The record does not verify; no result was saved.", 409
    ),
    Code.NO_SUCH_SELECTION: Sentence(
        "没有这项选拔任用工作。",
        "There is no such selection.",
        404,
    ),
    Code.NO_SUCH_POST: Sentence(
        "没有这个职位。",
        "There is no such post.",
        404,
    ),
    Code.INVALID_VALUE: Sentence(
        "有一项填写不对，没有保存。请检查后再试。",
        "A value is not acceptable; nothing was saved.",
        422,
    ),
    Code.POST_LOCKED: Sentence(
        "这个职位的推荐人选已随选票固定，不能再改。如有错误，请先在投票页办理更正。",
        "The candidates of this post are fixed by a poll.",
        409,
    ),
    Code.POST_HELD: Sentence(
        "这个职位还在另一次已印选票的投票上，名称不能改，什么也没有更正。",
        "Another poll whose slips are printed holds this post; nothing was amended.",
        409,
    ),
    Code.NOTHING_AMENDED: Sentence(
        "没有要更正的内容。请改动至少一项，或勾选更正推荐人选。", "Nothing was changed; there is nothing to amend.", 422
    ),
    Code.IMPORT_TOO_LARGE: Sentence(
        "文件过大，没有接收。人选名单不应超过 2 MB。",
        "The file is too large.",
        413,
    ),
    Code.IMPORT_ZIP_BOMB: Sentence(
        "文件展开后异常庞大或内部结构可疑，没有接收。请另存为新的 xlsx 文件再上传。",
        "The file unpacks to a suspicious size or holds entities; it was not taken.",
        422,
    ),
    Code.IMPORT_NOT_A_TABLE: Sentence(
        "读不出表格。请上传 .xlsx 或 .csv 文件（旧版 .xls 请另存为 .xlsx）。",
        "This is not a readable .xlsx or .csv table.",
        422,
    ),
    Code.IMPORT_ENCODING: Sentence(
        "文字编码无法识别。请另存为 xlsx，或另存为“CSV UTF-8”。",
        "The text encoding is not UTF-8 or GB18030.",
        422,
    ),
    Code.IMPORT_HEADERS: Sentence(
        "第一行里找不到唯一的“姓名”一列。请核对表头：姓名、现任职务、所在处室。若表头是乱码，请另存为 xlsx。",
        "The header row must hold exactly one 姓名 column.",
        422,
    ),
    Code.IMPORT_EMPTY: Sentence(
        "文件里没有人选。",
        "The file holds no candidates.",
        422,
    ),
    Code.IMPORT_TOO_MANY: Sentence(
        "行数或列数过多。一个职位最多导入 100 人。",
        "There are too many rows or columns.",
        422,
    ),
    Code.IMPORT_ROWS: Sentence(
        "名单中还有须改正的行，一个也没有导入。请改正后重新上传。",
        "Some rows must be corrected; nothing was imported.",
        422,
    ),
    Code.IMPORT_STALE: Sentence(
        "预览之后人选又有变化，或预览已过期，没有导入。请重新上传。",
        "The preview is out of date; upload again.",
        409,
    ),
    Code.NO_CANDIDATES: Sentence(
        "还有职位没有可推荐的人选，不能继续。",
        "A post has no candidates.",
        409,
    ),
    Code.GROUPS_INVALID: Sentence(
        "票种填写不对：名称须各不相同，应到人数须为正整数，备用票不少于应到的 10 % 且每类至少 3 张。",
        "The voter groups are not acceptable.",
        422,
    ),
    Code.PERSONS_INVALID: Sentence(
        "选票上的人选不对：至少 1 人，不能重复，姓名须能清楚显示。请改正后再保存。",
        "The persons of this poll are not acceptable; correct them and save again.",
        422,
    ),
    Code.ITEMS_INVALID: Sentence(
        "请至少选一个测评项目；只有民主测评有测评项目。",
        "Choose at least one item; only evaluations have items.",
        422,
    ),
    Code.WRONG_KIND: Sentence(
        "这次投票不是这一类（民主推荐、民主测评、党组会表决），请从它自己的页面进入。",
        "This poll is of another kind; use its own page.",
        409,
    ),
    Code.CHOICES_INVALID: Sentence(
        "每个职位可推荐的人数须至少 1 人，且不多于该职位的人选。",
        "The number of choices is not acceptable.",
        422,
    ),
    Code.STAFF_IS_CANDIDATE: Sentence(
        "您是这次选拔的推荐人选、测评对象或提请表决的人选，须回避，只能查看。请由另一位同志办理。",
        "This selection is about you, so you may read but not act. Ask a colleague.",
        403,
    ),
    Code.TRUSTEE_IS_CANDIDATE: Sentence(
        "推荐人选、测评对象和提请表决的人选，都不能担任密钥保管人。",
        "A candidate may not be a trustee.",
        422,
    ),
    Code.TRUSTEES_TOO_FEW: Sentence(
        "密钥保管人至少 2 人。",
        "At least two trustees are needed.",
        422,
    ),
    Code.TRUSTEES_NOT_READY: Sentence(
        "还有密钥保管人没有生成密钥并试开成功，不能继续。",
        "A trustee has not made a key or has not shown that it opens.",
        409,
    ),
    Code.TRUSTEE_KEY_FALSE: Sentence(
        "有密钥保管人的公钥证明不成立，或与他人的公钥相同，不能继续。",
        "A trustee's key has no valid proof of possession, or is not distinct.",
        409,
    ),
    Code.REHEARSAL_KEYS_ONLY: Sentence(
        "目前的密钥须全体保管人到齐才能计票，只能用于演练。正式投票须等待“部分保管人即可计票”的密钥，请先建立演练。",
        "Keys that all trustees must bring are for rehearsals only; a counting poll needs threshold keys.",
        409,
    ),
    Code.INSECURE_TRANSPORT: Sentence(
        "现在的地址不是 HTTPS，只能启用演练。正式投票须使用手机信任的 HTTPS 地址。",
        "Over plain HTTP only rehearsals open.",
        409,
    ),
    Code.PREFLIGHT_MISSING: Sentence(
        "会前检查还没有全部通过，不能往下走，也不能启用票箱。请按每一项后面的话处理。",
        "The pre-flight is not all green; the box stays shut. Each line says what to do.",
        409,
    ),
    Code.NOT_WAIVABLE: Sentence(
        "这一项会前检查不能免做。请按它后面的话处理。", "This line of the pre-flight cannot be waived.", 409
    ),
    Code.CHECK_TOKEN: Sentence(
        "这不是本次会前检查的码，或已过期。请重扫工作台上的码或打印样张。",
        "This is no code of this pre-flight, or it has expired; scan the console or the printed sample again.",
        401,
    ),
    Code.CHECK_OVER: Sentence(
        "会前检查只在印好选票以后、启用票箱以前做。", "The pre-flight runs between printing and opening.", 409
    ),
    Code.SLIPS_MISSING: Sentence(
        "还有票种没有印制选票，或印制数少于应到数，不能启用票箱。",
        "Slips are missing for a voter group.",
        409,
    ),
    Code.OFFICIALS_INVALID: Sentence(
        "须写明两位不同的监督人员姓名，推荐人选、测评对象和提请表决的人选都不能担任。",
        "Two distinct officials who are not candidates must be named.",
        422,
    ),
    Code.REASON_MISSING: Sentence(
        "须写明理由。",
        "A reason is needed.",
        422,
    ),
    Code.CLOSING_TOO_SOON: Sentence(
        "查验码须公示满规定时间后才能封箱。",
        "The trackers must be shown for the full time first.",
        409,
    ),
    Code.COUNTS_INVALID: Sentence(
        "人数对不上，没有保存：剩余不能多于印制，实到不能少于发出，应到、实到须为正整数。",
        "The counts contradict each other; nothing was saved.",
        422,
    ),
    Code.MEETING_OVER: Sentence(
        "会议已经结束，查验码不再公布；有权查阅的人可以核验选举记录。",
        "The meeting is over and the trackers are no longer shown; the record can be verified by those authorised.",
        409,
    ),
    Code.NOT_OPENED: Sentence(
        "票箱还没有启用，没有选举记录可看。", "The box has not been opened; there is no record yet.", 409
    ),
    Code.PAPER_TEMPLATE: Sentence(
        "本局的 Word 模板不能用，没有生成文件。请按下面所说改正模板，或把它移出模板文件夹，改用随软件附带的。",
        "The office's own Word template does not work; mend it as told below or take it out of its folder.",
        409,
    ),
    Code.PAPER_TOO_FEW: Sentence(
        "纸质选票太少，计数等于公开这几张票，没有登记。纸质选票须满规定张数才能使用。",
        "Too few paper ballots: their counts would open them. Nothing was saved.",
        422,
    ),
    Code.PAPER_COUNTS: Sentence(
        "纸质选票的数字对不上，没有登记。请核对后再填。",
        "The paper ballots' counts cannot be true; nothing was saved.",
        422,
    ),
    Code.PAPER_DIFFERS: Sentence(
        "与第一次登记不一致，没有登记。请两人一起重新清点下列各处；第一次有误的，先撤回第一次。",
        "The second count differs from the first at the places named; nothing was saved.",
        409,
    ),
    Code.PAPER_CONFIRMED: Sentence(
        "纸质选票已由两人登记一致，不能再改。", "Two people have confirmed the paper ballots; they stay.", 409
    ),
    Code.NOT_TALLIED: Sentence("这次投票还没有计票结果。", "This poll has no result yet.", 409),
    Code.SLIP_VOIDED: Sentence("此票已作废，请举手换备用票。", "This slip is void; ask for a spare.", 409),
    Code.VOID_MALFORMED: Sentence(
        "作废登记的格式不对，没有保存。请刷新页面再试。", "The void is malformed; nothing was saved.", 422
    ),
    Code.VOID_PROOF: Sentence(
        "作废登记不是用这张选票的密钥作的，没有保存。", "The void is not proved by the slip's own key.", 422
    ),
    Code.VOID_CAST: Sentence(
        "这张票已经投进票箱，不是剩余票，没有作废。请核对手中的票。",
        "A ballot was cast with this slip; it is not left over.",
        409,
    ),
    Code.VOID_TRACKER: Sentence(
        "查验码与票箱内这张票的不符，没有作废。", "The tracker is not that of the ballot in the box.", 409
    ),
    Code.ALREADY_VOIDED: Sentence("这张票此前已登记作废。", "This slip is void already.", 409),
    Code.RECEIPT_MALFORMED: Sentence(
        "读不出回执文件，没有补入。请选手机上保存的回执文件。", "This is not a receipt file; nothing was inserted.", 422
    ),
    Code.RECEIPT_FALSE: Sentence(
        "回执不是本次投票的票箱签发的，没有补入。", "The receipt was not signed by this poll's box.", 422
    ),
    Code.ALREADY_IN_BOX: Sentence("这张票已在票箱内，不用补入。", "This ballot is in the box already.", 409),
    Code.REHEARSAL_SELECTION: Sentence(
        "这项选拔任用工作是演练，里面只能建立演练投票。正式投票请另建一项工作。",
        "This selection is a rehearsal and holds rehearsal polls only.",
        409,
    ),
    Code.ROSTER_HEADERS: Sentence(
        "认不出这份名册的表头。须有唯一的“姓名”，另有出生年月、学历、现任职务、现职级、任现职务时间、任现职级时间、各年度考核中的若干列。",
        "The roster's header row is not recognised.",
        422,
    ),
    Code.ROSTER_NOBODY: Sentence(
        "名册里没有选票上的任何一个人，什么也没有导入。请核对是否选错了文件。",
        "Nobody on the ballots stands in this roster; nothing was imported.",
        422,
    ),
    Code.NO_SUCH_PERSON: Sentence("这个职位的选票上没有这个人。", "Nobody of that line stands for this post.", 404),
    Code.PROPOSAL_INVALID: Sentence(
        "建议人选不对，没有提出。须从选票上的人选中勾选，拟任人选不超过名额。", "The proposal is not acceptable.", 422
    ),
    Code.PROPOSAL_NOT_FIXED: Sentence(
        "拟任人选须是局党组已确定的考察对象。请先提出建议考察对象，由局党组确定。",
        "Only people whom the Party group fixed to be vetted can be proposed for appointment.",
        409,
    ),
    Code.PROPOSAL_STALE: Sentence(
        "这一稿建议已确定、已有新的一稿，或应由党组会表决，没有改动。请刷新页面。",
        "This version of the proposal cannot be fixed any more.",
        409,
    ),
    Code.RECOMMENDATION_MISSING: Sentence(
        "这个职位还没有计出结果的民主推荐，不能提出建议。", "There is no recommendation with a result yet.", 409
    ),
    Code.RECOMMENDATION_EXPIRED: Sentence(
        "民主推荐的结果一年内有效，已经过期，须重新推荐。", "The recommendation is more than a year old.", 409
    ),
    Code.ANALYSIS_MISSING: Sentence(
        "建议的人选，以及得票不少于其中任何一人的，都须有综合分析。请先补齐。",
        "An analysis is missing of somebody proposed or with at least as many votes.",
        409,
    ),
    Code.NOTHING_TO_DECIDE: Sentence(
        "还没有拟任人选，没有可表决的。请先提出拟任人选。", "Nobody is proposed for appointment yet.", 409
    ),
    Code.MEETING_INVALID: Sentence(
        "党组会的填写不对，没有保存。请核对成员、主持人、记录人。", "The meeting's entries are not acceptable.", 422
    ),
    Code.MEETING_CONCLUDED: Sentence(
        "表决情况已经确认，不能再改。确有错误的，另立一份更正并写明理由。",
        "The record is final; enter a reasoned correction.",
        409,
    ),
    Code.MEETING_WITHDRAWN: Sentence(
        "这次党组会表决已经撤回，不能再填、再确认。请另建一次。", "This meeting was withdrawn; enter another.", 409
    ),
    Code.NOT_CONCLUDED: Sentence("表决情况还没有确认，不能打印。请先确认。", "The record is not final yet.", 409),
    Code.WRONG_MEETING: Sentence(
        "这份表决情况还没有确认，或已有更正，不能再更正。", "This record is open, or has been corrected already.", 409
    ),
    Code.NOT_QUORATE: Sentence(
        "到会人数不足应到会成员的三分之二（回避的不计入到会），表决无效，不能确认。",
        "Fewer than two thirds of those who should attend are present.",
        409,
    ),
    Code.VOTES_INCOMPLETE: Sentence(
        "还有到会的成员没有表态。没有表示意见的，请记“未表态”。", "A member present has stated nothing yet.", 409
    ),
    Code.RECONSIDERATION_NEEDED: Sentence(
        "这件事以前表决过。须先有超过应到会成员半数的人同意复议，才能再表决。",
        "This was decided before; more than half must first agree to reconsider.",
        409,
    ),
    Code.SLIPS_MISMATCH: Sentence(
        "所选的投票与这次党组会不符：须是本项工作已计票的党组会表决，人选相同，应到数等于应到会成员数。",
        "The chosen poll does not fit this meeting.",
        409,
    ),
    Code.MUST_BE_VOID: Sentence(
        "收回的选票多于发出的选票，按规定这次投票应作废重投，不能封箱。",
        "More ballots came back than were handed out; the poll must be voided.",
        409,
    ),
}


class Refused(Exception):
    """A request that the service turns down. Nothing was changed; the sentence says what to do next."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(code.value)
        self.code = code
        self.detail = detail

    @property
    def sentence(self) -> Sentence:
        """The sentence and status that belong to the code."""
        return TABLE[self.code]
