"""The pages of the providers say what their files say."""

import pytest

from tests.write_pages import DOCS, pages


@pytest.mark.parametrize("path", sorted(pages()), ids=lambda path: path.stem)
def test_a_page_is_as_its_provider_s_file_makes_it(path):
    assert path.is_file(), "run: python -m tests.write_pages"
    assert path.read_text() == pages()[path], "run: python -m tests.write_pages"


def test_there_is_no_page_of_a_provider_that_is_gone():
    assert {path for path in (DOCS / "providers").glob("*.md") if path not in pages()} == set()
