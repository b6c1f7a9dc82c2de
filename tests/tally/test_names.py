"""Names that people compare by eye."""

import pytest

from tally.names import distinct, readable


@pytest.mark.parametrize("name", ["机关中层正职", "直属(下属)单位负责人", "王　芳", "买买提·艾力", "Jia Li", "é"])
def test_ordinary_names_are_readable(name):
    assert readable(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "甲 ",
        "　甲",
        "甲\n",
        "甲\x00",
        "甲\u200b",
        "甲\u202e",
        "甲\ufe00",
        "甲\U000e0100",
        "\u3164",
        "e\u0301",
        "甲" * 201,
        "甲\ud800",
    ],
)
def test_names_that_hide_something_are_not(name):
    assert not readable(name)


@pytest.mark.parametrize(
    ("one", "other"), [("甲", "甲"), ("Ａ组", "A组"), ("甲 组", "甲组"), ("（一）", "(一)"), ("A", "a")]
)
def test_two_names_that_look_alike_are_not_distinct(one, other):
    assert not distinct([one, other])
    assert distinct([one, "乙"])
