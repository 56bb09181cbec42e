"""The settings: layers, lists, secrets, and one clear line for everything that cannot be."""

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from config.load import ConfigError, gather, load


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starts each test in an empty folder, so that no `writethru.toml` of anybody's is read."""
    monkeypatch.chdir(tmp_path)


def test_defaults_need_nothing() -> None:
    """Without a file and variables the settings are whole: SQLite and an embedded queue beside `writethru`."""
    settings = load({}, None, {})
    root = Path(__file__).resolve().parents[2]
    assert root / "var" == settings.data_dir
    assert f"sqlite+pysqlite:///{root}/var/writethru.db" == settings.database_url
    assert settings.redis.url is None


def test_the_nearest_layer_wins(tmp_path: Path) -> None:
    """A flag beats a variable, a variable beats the file, the file beats the default; each says where it came from."""
    file = tmp_path / "writethru.toml"
    file.write_text("[web]\nport = 1001\nhost = '::1'\n[work]\nreaders = 3\n")
    environ = {"WRITETHRU_WEB__PORT": "1002", "WRITETHRU_WEB__HOST": "127.0.0.2"}
    given = gather(environ, file, {"web.port": 1003, "work.readers": None})
    assert {
        "web.port": (1003, "flag"),
        "web.host": ("127.0.0.2", "WRITETHRU_WEB__HOST"),
        "work.readers": (3, str(file)),
    } == {key: (each.value, each.origin) for key, each in given.items()}


def test_the_file_is_found(tmp_path: Path) -> None:
    """`writethru.toml` of the current folder is read, unless WRITETHRU_CONFIG or the flag name another."""
    (tmp_path / "writethru.toml").write_text("web.port = 1")
    (tmp_path / "variable.toml").write_text("web.port = 2")
    (tmp_path / "flag.toml").write_text("web.port = 3")
    environ = {"WRITETHRU_CONFIG": "variable.toml"}
    ports = [load({}, None, {}), load(environ, None, {}), load(environ, Path("flag.toml"), {})]
    assert [1, 2, 3] == [settings.web.port for settings in ports]


def test_paths_belong_to_their_file(tmp_path: Path) -> None:
    """A relative path in a file is relative to that file; in a variable, to the current folder."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "writethru.toml").write_text("data_dir = 'kept'")
    assert folder / "kept" == load({}, Path("etc/writethru.toml"), {}).data_dir
    assert tmp_path / "kept" == load({"WRITETHRU_DATA_DIR": "kept"}, None, {}).data_dir


def test_lists_are_comma_separated_in_variables() -> None:
    """Networks and waits are read from one variable, with or without spaces."""
    environ = {"WRITETHRU_FETCH__ALLOW_NETWORKS": "10.0.0.0/8, ::1/128", "WRITETHRU_DELIVER__SCHEDULE": "5s,1h30m"}
    settings = load(environ, None, {})
    assert (ip_network("10.0.0.0/8"), ip_network("::1/128")) == settings.fetch.allow_networks
    assert (timedelta(seconds=5), timedelta(minutes=90)) == settings.deliver.schedule


def test_secrets_may_lie_in_files(tmp_path: Path) -> None:
    """`…_FILE` names the file that holds a secret; its last line end is not part of it."""
    (tmp_path / "url").write_text("redis://:hush@127.0.0.1/0\n")
    settings = load({"WRITETHRU_REDIS__URL_FILE": str(tmp_path / "url")}, None, {})
    assert settings.redis.url is not None
    assert settings.redis.url.get_secret_value() == "redis://:hush@127.0.0.1/0"
    assert "hush" not in repr(settings)


def test_what_is_no_setting_is_left_alone() -> None:
    """An empty variable is as if unset, and the names kept for tests and for the file are no settings."""
    environ = {"WRITETHRU_REDIS__URL": "", "WRITETHRU_TEST_DATA": "x", "WRITETHRU_CONFIG": "", "PATH": "/bin"}
    assert {} == gather(environ, None, {})


def test_settings_are_frozen() -> None:
    """Nobody changes a setting after the start."""
    with pytest.raises(ValidationError, match="frozen"):
        load({}, None, {}).web.port = 1  # type: ignore[misc]


REFUSED_VARIABLES = [
    pytest.param("WRITETHRU_WEB__PROT", "1", "not a setting; did you mean WRITETHRU_WEB__PORT", id="unknown"),
    pytest.param("WRITETHRU_PORT", "1", "WRITETHRU_PORT is not a setting", id="unknown at the top"),
    pytest.param("WRITETHRU_WEB__PORT_FILE", "x", "WRITETHRU_WEB__PORT_FILE is not", id="no secret, so no file"),
    pytest.param("WRITETHRU_REDIS__URL_FILE", "/none", "/none cannot be read", id="secret file missing"),
    pytest.param("WRITETHRU_FETCH__READ_TIMEOUT", "10", "'10' is not a duration; write 90s, 5m", id="no unit"),
    pytest.param("WRITETHRU_FETCH__READ_TIMEOUT", "ten", "fetch.read_timeout: 'ten' is not", id="no duration"),
    pytest.param("WRITETHRU_FETCH__READ_TIMEOUT", "0s", "must be longer than 0s", id="no time at all"),
    pytest.param("WRITETHRU_DELIVER__SCHEDULE", "5s,soon", "deliver.schedule: 'soon'", id="one of a list"),
    pytest.param("WRITETHRU_FETCH__ALLOW_NETWORKS", "10.0.0.0/33", "write a CIDR such as", id="no CIDR"),
    pytest.param("WRITETHRU_FETCH__ALLOW_NETWORKS", "10.1.0.0/8", "has host bits set", id="CIDR with host bits"),
    pytest.param("WRITETHRU_WEB__PORT", "http", "web.port: must be a whole number, not 'http'", id="no number"),
    pytest.param("WRITETHRU_WEB__PORT", "70000", "web.port: must be at most 65535, not '70000'", id="no port"),
    pytest.param(
        "WRITETHRU_FETCH__OBEY_ROBOTS", "maybe", "must be true or false, not 'maybe'", id="neither true nor false"
    ),
    pytest.param(
        "WRITETHRU_FETCH__CONTACT", "a\r\nX: b", "fetch.contact: must be printable ASCII", id="header injection"
    ),
    pytest.param("WRITETHRU_SCHEDULE__FEED_MIN", "2h", "schedule.feed_min is longer than", id="shortest over longest"),
    pytest.param("WRITETHRU_WEB__HOST", "0.0.0.0", "fetch.contact is required", id="reachable without a contact"),
    pytest.param("WRITETHRU_DELIVER__TIMEOUT", "90s", "must be at most 35 seconds, not 90s", id="over the longest"),
    pytest.param("WRITETHRU_LOG__LEVEL", "loud", "must be 'debug', 'info', 'warning' or 'error'", id="none of a few"),
    pytest.param("WRITETHRU_FOO", "1", "WRITETHRU_FOO is not a setting; docs/configuration.md", id="like no other"),
    pytest.param("WRITETHRU_CONFIG", "/none.toml", "no such configuration file", id="file missing"),
]


@pytest.mark.parametrize(("name", "value", "line"), REFUSED_VARIABLES)
def test_refused_variables(name: str, value: str, line: str) -> None:
    """What cannot be is refused in one line that names the variable's key and what to write."""
    with pytest.raises(ConfigError) as refused:
        load({name: value}, None, {})
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("[web]\nprot = 1", "web.prot is not a setting; did you mean web.port?", id="unknown key"),
        pytest.param("[webs]\nport = 1", "webs.port is not a setting; did you mean web.port?", id="unknown table"),
        pytest.param("[nothing]", "nothing is not a setting", id="unknown empty table"),
        pytest.param("web = 8700", "web is a table; write [web]", id="a value where a table belongs"),
        pytest.param("[web.port]\nx = 1", "web.port: must be a whole number", id="a table where a value belongs"),
        pytest.param("[fetch]\nallow_networks = '10.0.0.0/8'", "must be a list, not '10.0.0.0/8'", id="no list"),
        pytest.param("web.port = ", "not TOML", id="no TOML"),
    ],
)
def test_refused_files(tmp_path: Path, text: str, line: str) -> None:
    """What cannot be in a file is refused in one line that names the file."""
    (tmp_path / "writethru.toml").write_text(text)
    with pytest.raises(ConfigError) as refused:
        load({}, None, {})
    assert str(refused.value).startswith("writethru.toml: ")
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["WRITETHRU_DATABASE__URL", "WRITETHRU_REDIS__URL"])
def test_a_refused_secret_is_not_repeated(name: str) -> None:
    """A URL that cannot be used is refused without its password."""
    with pytest.raises(ConfigError) as refused:
        load({name: "mysql://me:hush@db.example/x"}, None, {})
    assert "the URL must begin with" in str(refused.value)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_loopback_needs_no_contact(host: str) -> None:
    """Only an address that others can reach demands to say whose it is."""
    assert load({"WRITETHRU_WEB__HOST": host}, None, {}).web.is_loopback
