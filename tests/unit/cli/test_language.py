"""The command line speaks Korean and English, and leaves no sentence out."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import orderwatch.cli
from orderwatch.cli.korean import KOREAN
from orderwatch.cli.language import pick_language, translate
from orderwatch.cli.program import command

# Said by typer itself.
_NOT_OURS = ("Install completion", "Show completion")
_SPEAKING = frozenset({"say", "note", "text"})


def test_every_sentence_has_its_korean() -> None:
    missing = [sentence for sentence in _sentences() if sentence not in KOREAN]

    assert missing == []


def test_no_korean_is_left_of_a_sentence_that_nobody_says_any_more() -> None:
    said = set(_sentences())

    assert [sentence for sentence in KOREAN if sentence not in said] == []


def test_a_translation_takes_the_same_values_as_its_sentence() -> None:
    differing = [english for english, korean in KOREAN.items() if _names(english) != _names(korean)]

    assert differing == []


@pytest.mark.parametrize(
    ("environment", "chosen", "expected"),
    [
        ({}, "auto", "en"),
        ({"LANG": "ko_KR.UTF-8"}, "auto", "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C.UTF-8"}, "auto", "en"),
        ({"LANG": "en_GB.UTF-8", "ORDERWATCH_LANGUAGE": "ko"}, "auto", "ko"),
        ({"LANG": "ko_KR.UTF-8", "ORDERWATCH_LANGUAGE": "en"}, "auto", "en"),
        ({"LANG": "ko_KR.UTF-8", "ORDERWATCH_LANGUAGE": "auto"}, "auto", "ko"),
        ({"LANG": "ko_KR.UTF-8"}, "en", "en"),
    ],
)
def test_the_language_follows_the_setting_and_then_the_locale(
    environment: dict[str, str], chosen: str, expected: str
) -> None:
    assert pick_language(environment, chosen=chosen) == expected


def test_a_sentence_that_nobody_translated_is_said_in_english() -> None:
    assert translate("Something quite new", language="ko") == "Something quite new"


def _sentences() -> Iterator[str]:
    yield from _of_help(command("en"))
    folder = Path(next(iter(orderwatch.cli.__path__)))
    for file in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield from _of_call(node, node.func.attr)


def _of_help(command: Any) -> Iterator[str]:
    texts = [command.help, *(getattr(option, "help", None) for option in command.params)]
    yield from (text for text in texts if text and not text.startswith(_NOT_OURS))
    yield "Examples:"
    for below in getattr(command, "commands", {}).values():
        yield from _of_help(below)


def _of_call(node: ast.Call, name: str) -> Iterator[str]:
    if name in _SPEAKING and node.args:
        yield from _constants(node.args[0])
    if name == "table":
        yield from _constants(node.args[0])
        yield from (text for keyword in node.keywords if keyword.arg == "empty" for text in _constants(keyword.value))


def _constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Tuple):
        for element in node.elts:
            yield from _constants(element)


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
