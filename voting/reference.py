"""The reference ballot that speed is measured with: 1 question of 10 answers, 0 to 1 chosen, and 6 of 4 answers, exactly 1."""

import secrets

from keys.curve import ED25519
from keys.group import Scalar
from keys.trustee import PublicKey, generate
from tally.questions import Election, Question

UUID = "2NEPzJcRqtUYwG"
GRADES = ("优秀", "称职", "基本称职", "不称职")


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
