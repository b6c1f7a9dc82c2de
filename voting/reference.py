"""The reference ballots that speed is measured with.

The first: 1 question of 10 answers, 0 to 1 chosen, and 6 of 4 answers, exactly 1. The second, the evaluation of 8: of each
person 6 items in 4 grades and 使用意见, at most one mark each.
"""

import secrets

from keys.curve import ED25519
from keys.group import Scalar
from keys.trustee import PublicKey, generate
from tally.questions import Election, Question

UUID = "2NEPzJcRqtUYwG"
GRADES = ("优秀", "称职", "基本称职", "不称职")


PERSONS = 8
ITEMS = ("德", "能", "勤", "绩", "廉", "总体评价")
OPINIONS = ("同意", "不同意")


def election() -> tuple[Election, Scalar, PublicKey]:
    """The reference questions under a fresh key, the key's secret, and its public part."""
    secret, public = generate(ED25519, secrets.token_bytes)
    first = Question("参照题 1", tuple(f"答案 {n}" for n in range(1, 11)), 0, 1)
    rest = tuple(Question(f"参照题 {n}", GRADES, 1, 1) for n in range(2, 8))
    return Election(ED25519, "测速", "测速", public.key, (first, *rest), UUID), secret, public


def choices() -> list[list[int]]:
    """A random choice."""
    chosen = secrets.randbelow(11)
    rest = [secrets.randbelow(4) for _ in range(6)]
    return [[int(n == chosen) for n in range(10)]] + [[int(n == one) for n in range(4)] for one in rest]


def evaluation() -> tuple[Election, Scalar, PublicKey]:
    """The evaluation of 8 under a fresh key: 56 questions, 208 ciphertexts."""
    secret, public = generate(ED25519, secrets.token_bytes)
    asked = tuple(
        question
        for n in range(1, PERSONS + 1)
        for question in (
            *(Question(f"参照人员 {n}（某处　副处长）：{item}", GRADES, 0, 1) for item in ITEMS),
            Question(f"参照人员 {n}（某处　副处长）：使用意见", OPINIONS, 0, 1),
        )
    )
    return Election(ED25519, "测速", "测速", public.key, asked, UUID), secret, public


def marks() -> list[list[int]]:
    """A random evaluation of 8; one item in six is left open."""
    widths = (*(len(GRADES) for _ in ITEMS), len(OPINIONS)) * PERSONS
    return [_one_of(width) if secrets.randbelow(6) else [0] * width for width in widths]


def _one_of(width: int) -> list[int]:
    chosen = secrets.randbelow(width)
    return [int(n == chosen) for n in range(width)]
