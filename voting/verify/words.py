"""The verifier's checks, refusals, places and notes in Chinese, for officials. The names of the checks stay beside them."""

import re

from tally.errors import Code

CHECKS = {
    "read": "读取记录",
    "archive": "选举记录逐字节规范，事件链完整",
    "election": "选举参数和题目",
    "trustees": "保管人公钥，各自证明持有私钥",
    "credentials": "选票名单：互不相同、按序排列",
    "election_key": "选举公钥由全部保管人公钥合成",
    "ballots": "每张选票的签名和全部证明",
    "encrypted_tally": "加密合计数等于票箱内选票之和",
    "partial_decryption": "保管人的部分解密",
    "result": "结果由部分解密得出",
    "files": "附件与记录的进度相符，没有提前出现的",
    "manifest": "启用时固定的清单：票种划分与选票名单一致",
    "voids": "作废的选票没有进入票箱",
    "ballot_order": "选票按查验码排列，不显示先后",
    "closing": "封箱声明及其签名、各项计数",
    "minimum": "收回票数不少于可解密的下限",
    "strong_decryptions": "部分解密与密文、封箱印记绑定的强证明",
    "group_decryptions": "只解开规则允许的类别，每一项都有强证明",
    "published_result": "随附的结果（总计、类别、其余合计）与记录一致",
}
REFUSALS = {
    Code.TOO_LARGE: "内容过大",
    Code.TOO_DEEP: "嵌套过深",
    Code.NOT_JSON: "不是规范的 JSON",
    Code.NOT_CANONICAL: "不是唯一的规范写法",
    Code.MALFORMED: "格式不对：缺少、多出或类型不符",
    Code.POINT: "不是合法的群元素",
    Code.IDENTITY: "不允许的单位元（这样的密钥或密文什么也不保密）",
    Code.SCALAR: "不是合法的指数",
    Code.UNSUPPORTED_GROUP: "本程序不支持的群",
    Code.UNSUPPORTED_QUESTION: "本程序不支持的题型",
    Code.UNSUPPORTED_VERSION: "本程序不支持的版本",
    Code.OTHER_ELECTION: "属于另一次投票",
    Code.UNKNOWN_CREDENTIAL: "选票不在名单内",
    Code.CREDENTIAL_ORDER: "选票名单没有按序排列",
    Code.CREDENTIAL_REPEATED: "选票名单中有重复",
    Code.SIGNATURE: "签名不成立",
    Code.INDIVIDUAL_PROOF: "某一项不能证明是 0 或 1",
    Code.OVERALL_PROOF: "不能证明选择的数目在规定之内",
    Code.BLANK_PROOF: "不能证明弃权时没有选人",
    Code.CIPHERTEXT_REPEATED: "密文与另一处相同",
    Code.BALLOT_REPEATED: "同一张选票出现两次",
    Code.SECOND_VOTE: "同一张纸票投了两次",
    Code.ARCHIVE: "不是规范的选举档案",
    Code.DATA_HASH: "数据与它的哈希不符",
    Code.EVENT_CHAIN: "事件链中断",
    Code.EVENT_ORDER: "事件次序不对",
    Code.MISSING_DATA: "缺少数据",
    Code.EXTRA_DATA: "多出数据",
    Code.BALLOT_ORDER: "选票没有按查验码排列",
    Code.ELECTION_KEY: "选举公钥不是由保管人公钥合成的",
    Code.TRUSTEE_POK: "保管人没有证明持有私钥",
    Code.TRUSTEE_REPEATED: "两位保管人的密钥相同",
    Code.THRESHOLD_KEYS: "门限密钥不成立",
    Code.TALLY_MISMATCH: "加密合计数与选票不符",
    Code.DECRYPTION_PROOF: "部分解密的证明不成立",
    Code.WEAK_DECRYPTION_PROOF: "没有成立的强证明，计数可能被改动",
    Code.DECRYPTION_OWNER: "部分解密的作者不存在或重复",
    Code.SHARES_MISSING: "部分解密不够，不能得出结果",
    Code.RESULT: "计数不能由部分解密得出",
    Code.BELOW_MINIMUM: "收回不足下限，不应解密",
    Code.GROUP_WITHHELD: "解开或公布了规则不允许单列的类别",
    Code.GROUP_MISSING: "缺少规则要求单列的类别",
    Code.GROUP_DECRYPTION: "类别合计的解密证明不成立",
    Code.GROUP_RESULT: "类别或其余合计的数字与记录不符",
    Code.MANIFEST_MISSING: "缺少清单 manifest.json",
    Code.MANIFEST_HASH: "清单不是启用时固定的那一份",
    Code.MANIFEST: "清单与本次投票不符",
    Code.CLOSING_MISSING: "缺少封箱声明 closing.json",
    Code.CLOSING: "封箱声明与票箱不符",
    Code.CLOSING_SIGNATURE: "封箱声明的签名不成立",
    Code.VOIDS: "作废名单不成立",
    Code.VOIDED_BALLOT: "已作废的票计入了票箱",
    Code.RECEIPT: "回执不成立",
    Code.UNREADABLE: "读不到选举记录",
}
STAGES = {
    "open": "正在投票", "ended": "投票已停止", "closed": "已封箱，尚未解密", "decrypting": "正在解密",
    "tallied": "已计票", "empty": "没有内容", "unreadable": "读不到",
}  # fmt: skip
NOTES = (
    ("a rehearsal", "这是演练，结果不得使用。"),
    ("phones were served without TLS", "本次投票使用未加密的网络连接（HTTP）。"),
    ("more ballots returned than slips", "收回的票多于发出的票：按规定应当作废重投。"),
    ("fewer ballots than the minimum", "收回票数少于下限：不得解密。"),
    ("some ballots do not hold", "有的选票不成立，没有再核对合计。"),
    ("the record is not complete", "记录尚未完成，只核验到目前为止的部分。"),
    ("foreign archive", "外来档案，只按 Belenios 的规则核验：它的解密证明既不绑定密文，也不绑定解密因子。"),
    ("the sums cannot be read", "加密合计数读不了，没有再核对部分解密。"),
    ("the closing statement does not hold", "封箱声明不成立，没有再核对与它绑定的强证明。"),
    ("partial_decryption", "有一份部分解密不成立，已搁置；其余保管人的足够。"),
)
PLACES = (
    (r"ballot (\d+)", r"票箱内第 \1 张票"),
    (r"question (\d+)", r"第 \1 题"),
    (r"answer (\d+)", r"第 \1 项"),
    (r"trustee (\d+)", r"第 \1 位保管人"),
    (r"member (\d+)", r"第 \1 位成员"),
    (r"credential (\d+)", r"名单第 \1 行"),
    (r"event (\d+)", r"第 \1 号事件"),
    (r"tracker ([0-9A-Z]{4} [0-9A-Z]{4})", r"查验码 \1"),
    (r"\btotal\b", "总计"),
    (r"byte (\d+)", r"第 \1 字节"),
    (r"(\S+\.json) is missing", r"缺 \1"),
    ("a zip file: unpack it first", "这是压缩包，请先解压，再核验解压出的文件夹"),
    (r"no \.bel file in this folder", "文件夹里没有 .bel 文件"),
    (r"several \.bel files in one folder", "一个文件夹里有几个 .bel 文件"),
    ("No such file or directory", "没有这个文件或文件夹"),
)


def check_words(name: str) -> str:
    """What a check is about; `partial_decryption 2` is the second trustee's."""
    kind, _, number = name.partition(" ")
    words = CHECKS.get(kind, name)
    return f"{words}（第 {number} 位）" if number and kind in CHECKS else words


def refusal_words(code: Code | None, where: str, who: str | None) -> str:
    """Why a check does not hold, where, and whose it is."""
    parts = [REFUSALS[code] if code else "", _place_words(where), _place_words(who or "")]
    return "，".join(part for part in parts if part)


def note_words(note: str) -> str:
    """A note in Chinese; one that is not known stays as it is."""
    more = re.fullmatch(r"(\d+) more ([a-z_]+) do not hold", note)
    if more:
        return f"另有 {more[1]} 项“{check_words(more[2])}”不成立，没有逐一列出。"
    return next((words for start, words in NOTES if note.startswith(start)), note)


def _place_words(place: str) -> str:
    for pattern, words in PLACES:
        place = re.sub(pattern, words, place)
    return place.replace(", ", "，")
