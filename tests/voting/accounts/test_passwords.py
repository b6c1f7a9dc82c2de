"""Passwords on the disk."""

from voting.accounts import passwords


def test_a_password_costs_three_passes_over_64_megabytes(real_cost):
    stored = passwords.hash_password("清晨的江面有薄雾和船灯")
    assert stored.startswith(b"$argon2id$v=19$m=65536,t=3,")
    assert passwords.NOBODY.startswith(b"$argon2id$v=19$m=65536,t=3,")


def test_the_same_password_is_stored_differently_each_time():
    assert passwords.hash_password("清晨的江面有薄雾和船灯") != passwords.hash_password("清晨的江面有薄雾和船灯")


def test_full_width_letters_are_the_same_password():
    assert passwords.matches(passwords.hash_password("correct horse 9"), "ｃｏｒｒｅｃｔ　ｈｏｒｓｅ　９")


def test_nothing_matches_where_nothing_is_stored():
    assert not passwords.matches(None, "")


def test_a_broken_hash_is_no_way_in():
    assert not passwords.matches(b"$argon2id$nonsense", "x")
