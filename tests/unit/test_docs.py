"""What the documents say of things that change with the code is so, and every link leads to its heading."""

import re
from base64 import b64encode
from pathlib import Path
from urllib.parse import unquote

import apprise
import pytest
from standardwebhooks.webhooks import Webhook

from orderwatch.kit.clock import SystemClock
from orderwatch.storage.tables import journal, registry, state

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
NOTIFICATIONS = (DOCS / "notifications.md").read_text(encoding="utf-8")
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
SECRET = f"whsec_{b64encode(b'0123456789abcdef0123456789abcdef').decode()}"
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
_CELL = re.compile(r"`([^`]+)`")


def prose(page: Path) -> str:
    return _FENCED.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Return what a forge makes of the page's headings."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def rows(text: str, heading: str) -> list[list[str]]:
    """Return the cells of each row of the table below a heading."""
    below = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in below.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_to_its_heading(page: Path) -> None:
    broken: list[str] = []
    for path, anchor in _LINK.findall(prose(page)):
        target = (page.parent / unquote(path)).resolve() if path else page
        is_right = target.exists() and (not anchor or anchor in anchors(target))
        broken += [] if is_right else [f"{path}#{anchor}"]

    assert broken == []


def test_the_index_names_every_page() -> None:
    index = next(page for page in (DOCS / "index.md", DOCS / "README.md") if page.exists())
    linked = {path for path, _ in _LINK.findall(index.read_text(encoding="utf-8"))}

    assert {page.name for page in DOCS.glob("*.md") if page != index} <= linked


def test_of_every_table_it_is_said_how_long_its_rows_are_kept() -> None:
    named = [name for first, *_ in rows(OPERATIONS, "What grows") for name in _CELL.findall(first)]
    tables = [name for part in (journal, state, registry) for name in part.metadata.tables]

    assert sorted(named) == sorted(tables)


def test_each_service_s_address_is_one_that_apprise_takes() -> None:
    addresses = re.findall(r"^\| [\w ]+ \| `(\w+://[^`]+)` \|", NOTIFICATIONS, re.MULTILINE)

    assert len(addresses) >= 6
    assert [address for address in addresses if apprise.Apprise.instantiate(address) is None] == []


def test_the_example_verifies_what_the_reference_library_signs_and_nothing_else() -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", NOTIFICATIONS, re.MULTILINE | re.DOTALL)
    made: dict[str, object] = {}
    exec(compile(code, "notifications.md", "exec"), made)  # noqa: S102  (the page's own example)
    is_genuine = made["is_genuine"]
    assert callable(is_genuine)
    now = SystemClock().now()
    signature = Webhook(SECRET).sign("msg_1", now, "{}")
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": f"{int(now.timestamp())}",
        "webhook-signature": signature,
    }

    assert is_genuine(headers, b"{}", SECRET)
    assert not is_genuine(headers, b"{ }", SECRET)
    assert not is_genuine(headers | {"webhook-id": "msg_2"}, b"{}", SECRET)
    assert not is_genuine(headers | {"webhook-timestamp": f"{int(now.timestamp()) - 301}"}, b"{}", SECRET)
