"""Settings from file, environment and options: what wins, and what is refused."""

import os
from pathlib import Path

import msgspec
import pytest

from orderwatch.config import Settings
from orderwatch.domain.errors import BadSettings
from orderwatch.settings_file import load_settings

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"
NAMES = [field.name for field in msgspec.structs.fields(Settings)]


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder, with none of our variables set."""
    for name in list(os.environ):
        if name.startswith("ORDERWATCH_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def faults_of(text: str, **options: object) -> list[str]:
    Path("orderwatch.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings) as raised:
        load_settings(options=options)
    return raised.value.faults


def test_without_anything_the_defaults_hold() -> None:
    assert load_settings() == Settings()


def test_options_win_over_the_environment_and_that_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("orderwatch.toml").write_text('port = 1\nhost = "a"\ndata = "from-file"\n')
    monkeypatch.setenv("ORDERWATCH_PORT", "2")
    monkeypatch.setenv("ORDERWATCH_HOST", "b")

    settings = load_settings(options={"port": 3, "host": None})

    assert (settings.port, settings.host, settings.data) == (3, "b", "from-file")


def test_every_value_can_come_from_the_environment_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"PORT": "9", "OPEN_WEBHOOK": "false", "REQUEST_SECONDS": "2.5", "DATABASE": "postgresql://u@h/n"}
    for name, value in given.items():
        monkeypatch.setenv(f"ORDERWATCH_{name}", value)

    settings = load_settings()

    assert settings.port == 9
    assert settings.open_webhook is False
    assert settings.request_seconds == 2.5
    assert settings.database == "postgresql://u@h/n"


def test_trusted_proxies_come_as_text_or_as_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("orderwatch.toml").write_text('trusted_proxies = ["127.0.0.1", "10.0.0.0/8"]\n')
    from_file = load_settings()
    monkeypatch.setenv("ORDERWATCH_TRUSTED_PROXIES", "fd00::/8,::1")

    assert from_file.proxies == ("127.0.0.1", "10.0.0.0/8")
    assert load_settings().proxies == ("fd00::/8", "::1")
    assert (from_file.is_loopback, Settings().is_loopback) == (False, True)


@pytest.mark.parametrize("wrong", ['"everybody"', '"10.0.0.0/40"', "[1]", "7"])
def test_a_proxy_is_an_address_or_a_network(wrong: str) -> None:
    (fault,) = faults_of(f"trusted_proxies = {wrong}\n")

    assert fault.startswith("orderwatch.toml: trusted_proxies = ")


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERWATCH_DATABASE", "")

    assert load_settings().database is None


def test_an_unknown_key_names_its_file_and_the_nearest_right_one() -> None:
    assert faults_of("prot = 3\n") == ["orderwatch.toml: prot: there is no such setting; did you mean port?"]


def test_an_unknown_variable_names_the_nearest_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERWATCH_HANDLER", "x:y")

    assert faults_of("") == ["ORDERWATCH_HANDLER: there is no such setting; did you mean ORDERWATCH_HANDLERS?"]


def test_a_table_is_no_setting() -> None:
    assert faults_of("[server]\nport = 1\n") == [
        "orderwatch.toml: server: there is no such setting; docs/settings.md lists all of them"
    ]


def test_all_faults_are_told_together_each_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORDERWATCH_MAX_DEPTH", "deep")

    faults = faults_of('port = "x"\nlanguage = "fr"\nhotst = 1\n', log_format="loud")

    assert faults == [
        "orderwatch.toml: hotst: there is no such setting; did you mean host?",
        "orderwatch.toml: port = 'x': should be a valid integer",
        "ORDERWATCH_MAX_DEPTH = 'deep': should be a valid integer",
        "--log-format = 'loud': should be one of auto, console, json",
        "orderwatch.toml: language = 'fr': should be one of auto, ko, en",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "port = 70000",
        "port = -1",
        'host = ""',
        'data = " "',
        'database = "mysql://u@h/n"',
        'handlers = "shop"',
        'public_url = "orders.example.com"',
        "max_body_bytes = 0",
        "max_depth = 1",
        "request_seconds = 0",
        "max_pending = 0",
        "quarantine_rows = -1",
        "quarantine_bytes = -1",
        "quarantine_days = 0",
        "retry_hours = -1",
        'open_webhook = "perhaps"',
        'allow_private_targets = "perhaps"',
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(line: str) -> None:
    faults = faults_of(line)

    assert len(faults) == 1
    assert line.split(maxsplit=1)[0] in faults[0]


def test_the_password_in_an_address_is_not_repeated() -> None:
    assert "hunter2" not in faults_of('database = "mysql://u:hunter2@h/n"')[0]


def test_a_file_that_is_no_toml_says_where() -> None:
    faults = faults_of("port = \n")

    assert len(faults) == 1
    assert faults[0].startswith("orderwatch.toml: not valid TOML")
    assert "line 1" in faults[0]


def test_a_file_that_was_named_must_exist() -> None:
    with pytest.raises(BadSettings, match=r"elsewhere\.toml: cannot be read \(no such file or directory\)"):
        load_settings(config=Path("elsewhere.toml"))


def test_the_environment_can_name_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("mine.toml").write_text("port = 5\n")
    monkeypatch.setenv("ORDERWATCH_CONFIG", "mine.toml")

    assert load_settings().port == 5


def test_what_kubernetes_puts_beside_a_service_of_our_name_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "ORDERWATCH_SERVICE_HOST": "10.0.0.1",
        "ORDERWATCH_SERVICE_PORT_HTTP": "80",
        "ORDERWATCH_PORT": "tcp://10.0.0.1:80",
        "ORDERWATCH_PORT_80_TCP_ADDR": "10.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)

    assert load_settings() == Settings()


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_stands_in_the_documentation_with_its_default(name: str) -> None:
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{name}` ")]
    default = next(field.default for field in msgspec.structs.fields(Settings) if field.name == name)
    shown = {None: "–", True: "true", False: "false"}.get(default, str(default).removesuffix(".0"))

    assert len(rows) == 1
    assert f"`ORDERWATCH_{name.upper()}`" in rows[0]
    assert f"| {shown} |" in rows[0]


def test_the_documentation_lists_no_setting_that_there_is_not() -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    listed = [line.split("`")[1] for line in lines if line.startswith("| `") and line[3].islower()]

    assert sorted(listed) == sorted(NAMES)
