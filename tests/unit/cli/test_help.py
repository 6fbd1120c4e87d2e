"""What the verbs say of themselves."""

import re

import pytest

from orderwatch.cli.examples import EXAMPLES
from orderwatch.cli.program import run
from orderwatch.cli.verbs import GROUPS, VERBS


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English, on a wide terminal."""
    monkeypatch.setenv("ORDERWATCH_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.parametrize("verb", EXAMPLES)
def test_each_verb_explains_itself_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run([*verb.split(), "--help"])

    shown = " ".join(capsys.readouterr().out.split())
    assert code == 0
    assert all(example in shown for example in EXAMPLES[verb])


def test_every_verb_has_an_example() -> None:
    grouped = {f"{group} {name}" for group, (_, verbs) in GROUPS.items() for name in verbs}

    assert set(EXAMPLES) == {"", *VERBS, *GROUPS, *grouped}


@pytest.mark.parametrize("example", sorted({example for examples in EXAMPLES.values() for example in examples}))
def test_every_option_in_an_example_exists(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = re.sub(r"^\w+=\$\((.*)\)$", r"\1", example).split()
    verb = words[1:3] if words[1] in GROUPS else words[1:2]

    run([*verb, "--help"])

    shown = capsys.readouterr().out
    assert [word for word in words if word.startswith("--") and word not in shown] == []


def test_help_comes_in_korean_where_the_locale_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ORDERWATCH_LANGUAGE", "")
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")

    run(["serve", "--help"])

    assert "서버를 시작합니다" in capsys.readouterr().out


def test_the_version_is_told_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert re.fullmatch(r"orderwatch \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_a_verb_that_there_is_not_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["servo"]) == 2
    assert "serve" in capsys.readouterr().err
