"""What the documents say is so: the two READMEs are one, commands and links exist, examples are right."""

import re
import shlex
from pathlib import Path

import pytest

from orderwatch.cli.examples import EXAMPLES
from orderwatch.cli.program import command
from orderwatch.cli.verbs import GROUPS, VERBS

ROOT = Path(__file__).parents[2]
ENGLISH, KOREAN = ROOT / "README.md", ROOT / "README.ko.md"
DOCUMENTS = [ENGLISH, KOREAN, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(document: Path, language: str = "") -> list[str]:
    found = _FENCED.findall(document.read_text(encoding="utf-8"))
    return [code for name, code in found if not language or name == language]


def commands(document: Path) -> list[list[str]]:
    """Return every call of ``orderwatch`` in the document's shell examples."""
    lines = "\n".join(blocks(document, "sh")).replace("\\\n", " ").splitlines()
    calls = [line.partition("$(")[2].rstrip(")") if "$(" in line else line for line in lines]
    return [shlex.split(call)[1:] for call in calls if call.startswith("orderwatch ")]


def without_code(document: Path) -> str:
    return _FENCED.sub("", document.read_text(encoding="utf-8"))


def test_both_readmes_have_the_same_headings_and_the_same_code() -> None:
    levels = [re.findall(r"^#+(?= )", without_code(document), re.MULTILINE) for document in (ENGLISH, KOREAN)]

    assert levels[0] == levels[1]
    assert blocks(ENGLISH) == blocks(KOREAN)


def test_both_readmes_list_the_same_commands_and_lead_to_the_same_places() -> None:
    listed = [
        re.findall(r"^\| `(orderwatch \w+)`", document.read_text(), re.MULTILINE) for document in (ENGLISH, KOREAN)
    ]
    links = [set(re.findall(r"\]\(([^)]+)\)", without_code(document))) for document in (ENGLISH, KOREAN)]

    assert listed[0] == listed[1]
    assert links[0] - {"README.ko.md"} == links[1] - {"README.md"}


@pytest.mark.parametrize("document", [ENGLISH, KOREAN, ROOT / "docs" / "index.md"], ids=lambda path: path.name)
def test_every_page_can_be_found_from_the_beginning(document: Path) -> None:
    links = {(document.parent / link).resolve() for link in re.findall(r"\]\(([^):#]+)", without_code(document))}

    assert set((ROOT / "docs").glob("*.md")) - {document} <= links


def test_every_command_stands_in_the_readme() -> None:
    listed = re.findall(r"^\| `orderwatch (\w+)` \| (.*) \|$", ENGLISH.read_text(encoding="utf-8"), re.MULTILINE)

    assert {name for name, _ in listed} == {*VERBS, *GROUPS}
    told = {name: set(re.findall(r"`(\w+)`", text.partition(":")[0])) for name, text in listed if name in GROUPS}
    assert told == {group: set(verbs) for group, (_, verbs) in GROUPS.items()}


def test_every_command_has_a_heading_in_the_documentation() -> None:
    headings = re.findall(r"^### `([^`]+)`$", (ROOT / "docs" / "commands.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert set(headings) == set(EXAMPLES) - {""} - set(GROUPS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_call_in_an_example_would_be_understood(document: Path) -> None:
    whole = command("en")
    for words in commands(document):
        context = whole.make_context("orderwatch", list(words), resilient_parsing=False)
        _, verb, rest = whole.resolve_command(context, [*context._protected_args, *context.args])
        assert verb is not None, words
        if words[0] in GROUPS:
            inner = verb.make_context(words[0], rest, parent=context)
            _, verb, rest = verb.resolve_command(inner, [*inner._protected_args, *inner.args])  # pyright: ignore[reportAttributeAccessIssue]
        verb.make_context(words[0], rest, parent=context)  # pyright: ignore[reportOptionalMemberAccess]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_the_project_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", without_code(document))

    assert [link for link in links if not (document.parent / link).exists()] == []
