"""The verifier's named checks and notes in Chinese, for people who read the report on a page. The names stay beside."""

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
    "manifest": "启用时固定的清单：票种划分与选票名单一致",
    "voids": "作废的选票没有进入票箱",
    "ballot_order": "选票按查验码排列，不显示先后",
    "closing": "封箱声明及其签名、各项计数",
    "minimum": "收回票数不少于可解密的下限",
    "strong_decryptions": "部分解密与密文、封箱印记绑定的强证明",
    "group_decryptions": "只解开规则允许的类别，每一项都有强证明",
    "published_result": "随附的结果（总计、类别、其余合计）与记录一致",
}
NOTES = (
    ("a rehearsal", "这是演练，结果不得使用。"),
    ("phones were served without TLS", "本次投票使用未加密的网络连接（HTTP）。"),
    ("more ballots returned than slips", "收回的票多于发出的票：按规定应当作废重投。"),
    ("fewer ballots than the minimum", "收回票数少于下限：不得解密。"),
    ("some ballots do not hold", "有的选票不成立，没有再核对合计。"),
    ("the record is not complete", "记录尚未完成，只核验到目前为止的部分。"),
)


def check_words(name: str) -> str:
    """What a check is about; `partial_decryption 2` is the second trustee's."""
    kind, _, number = name.partition(" ")
    words = CHECKS.get(kind, name)
    return f"{words}（第 {number} 位）" if number and kind in CHECKS else words


def note_words(note: str) -> str:
    """A note in Chinese; one that is not known stays as it is."""
    return next((words for start, words in NOTES if note.startswith(start)), note)
