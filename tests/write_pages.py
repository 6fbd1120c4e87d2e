"""Writes the pages of docs/providers anew, and the table in docs/providers.md: ``python -m tests.write_pages``."""

import re
from pathlib import Path

from orderwatch.providers.pages import index_of, page_of
from tests.preset_cases import catalog

DOCS = Path(__file__).parent.parent / "docs"
_TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- /table -->)", re.DOTALL)


def pages() -> dict[Path, str]:
    """Return every page with the text that it should have."""
    declared = catalog().declared
    guide = DOCS / "providers.md"
    table, places = _TABLE.subn(lambda _: f"\n{index_of(declared)}\n\n", guide.read_text())
    assert places == 1, "docs/providers.md has no place for the table"
    return {guide: table} | {DOCS / "providers" / f"{slug}.md": page_of(one) for slug, one in declared.items()}


def main() -> None:
    found = pages()
    (DOCS / "providers").mkdir(exist_ok=True)
    for path in (DOCS / "providers").glob("*.md"):
        if path not in found:
            path.unlink()
    for path, text in found.items():
        path.write_text(text)


if __name__ == "__main__":
    main()
