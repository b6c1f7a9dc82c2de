"""The settings: what is weak, missing or malformed stops the start with a sentence."""

import stat
from pathlib import Path

import pytest

from config import Config, ConfigError

SECRET = "q8Zr0vT1xW2yU3sP4nM5kJ6hG7fD8aS9"
GOOD = {"MIPIAO_SECRET": SECRET}


def test_a_secret_is_all_that_must_be_set():
    config = Config.from_env(GOOD)
    assert config.database_url.startswith("sqlite:////")
    assert config.audiences == {"anyone", "voter", "office", "trustee", "review"}
    assert not config.https


@pytest.mark.parametrize(
    "secret", ["", "short", SECRET[:31], "a" * 64, "changeme" * 8, "secretsecretsecretsecretsecret123456", "ab" * 32]
)
def test_a_missing_or_weak_secret_stops_the_start(secret):
    with pytest.raises(ConfigError, match="MIPIAO_SECRET"):
        Config.from_env({"MIPIAO_SECRET": secret})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIPIAO_DATABASE_URL", "mysql://x/y"),
        ("MIPIAO_DATABASE_URL", "sqlite:///:memory:"),
        ("MIPIAO_DATABASE_URL", "sqlite:///"),
        ("MIPIAO_DATABASE_URL", "sqlite://"),
        ("MIPIAO_BASE_URL", "tp.example"),
        ("MIPIAO_BASE_URL", "ftp://tp.example"),
        ("MIPIAO_BASE_URL", "https://tp.example/path"),
        ("MIPIAO_BASE_URL", "https://tp.example/?x"),
        ("MIPIAO_BASE_URL", "https://user@tp.example"),
        ("MIPIAO_BASE_URL", "https://tp.example:port"),
        ("MIPIAO_BASE_URL", "https://[tp"),
        ("MIPIAO_AUDIENCES", "everyone"),
        ("MIPIAO_AUDIENCES", " "),
        ("MIPIAO_BUREAU", ""),
        ("MIPIAO_BUREAU", "局\n局"),
        ("MIPIAO_BUREAU", "局" * 61),
        ("MIPIAO_TRUST_PROXY", "-1"),
        ("MIPIAO_TRUST_PROXY", "yes"),
        ("MIPIAO_TRUST_PROXY", "９"),
        ("MIPIAO_IDLE_MINUTES", "1"),
        ("MIPIAO_SESSION_HOURS", "25"),
    ],
)
def test_a_malformed_value_is_refused_by_name(name, value):
    with pytest.raises(ConfigError) as caught:
        Config.from_env({**GOOD, name: value})
    assert caught.value.name == name
    assert str(caught.value).startswith(name)


def test_values_are_read_as_written():
    config = Config.from_env(
        {
            **GOOD,
            "MIPIAO_DATABASE_URL": "postgres://u:p@db/mipiao",
            "MIPIAO_BASE_URL": "https://tp.example:8443/",
            "MIPIAO_AUDIENCES": "voter, anyone",
            "MIPIAO_BUREAU": " 云州市商务局 ",
            "MIPIAO_TRUST_PROXY": "1",
        }
    )
    assert config.database_url == "postgresql+psycopg://u:p@db/mipiao"
    assert (config.base_url, config.https) == ("https://tp.example:8443", True)
    assert config.audiences == {"voter", "anyone"}
    assert (config.bureau, config.trust_proxy) == ("云州市商务局", 1)


def test_neither_the_secret_nor_the_databases_password_is_printed():
    config = Config.from_env({**GOOD, "MIPIAO_DATABASE_URL": "postgresql://u:hidden@db/x"})
    assert SECRET not in repr(config)
    assert "hidden" not in repr(config)


def test_an_instance_folder_keeps_its_own_secret(tmp_path: Path):
    folder = tmp_path / "instance"
    first = Config.for_instance(folder, {})
    assert Config.for_instance(folder, {}).secret == first.secret
    assert len(first.secret) >= 32
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert first.database_url == f"sqlite:///{folder}/mipiao.sqlite3"


def test_a_secret_that_others_can_read_stops_the_start(tmp_path: Path):
    Config.for_instance(tmp_path, {})
    (tmp_path / "secret").chmod(0o644)
    with pytest.raises(ConfigError, match="0600"):
        Config.for_instance(tmp_path, {})


def test_a_secret_file_that_was_emptied_stops_the_start(tmp_path: Path):
    Config.for_instance(tmp_path, {})
    (tmp_path / "secret").write_text("")
    with pytest.raises(ConfigError):
        Config.for_instance(tmp_path, {})
