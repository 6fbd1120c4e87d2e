"""The pages of the providers say what their files say."""

import pytest

from orderwatch.providers.pages import proofs_of
from tests.preset_cases import catalog
from tests.write_pages import DOCS, pages


@pytest.mark.parametrize("path", sorted(pages()), ids=lambda path: path.stem)
def test_a_page_is_as_its_provider_s_file_makes_it(path):
    assert path.is_file(), "run: python -m tests.write_pages"
    assert path.read_text() == pages()[path], "run: python -m tests.write_pages"


def test_there_is_no_page_of_a_provider_that_is_gone():
    assert {path for path in (DOCS / "providers").glob("*.md") if path not in pages()} == set()


def test_a_secret_that_stands_in_one_place_after_several_words_is_told_once():
    told = proofs_of(catalog().declared["doordash_drive"].preset)

    assert told == (
        "the secret itself, in the header `authorization`, alone or after `Basic ` or after `Bearer `; "
        "or a user's name and password (HTTP Basic)"
    )


def test_an_expression_with_backticks_in_it_is_shown_whole():
    page = pages()[DOCS / "providers" / "bringg.md"]

    assert "| `way_point_arrived` with `` [way_point, @][?pickup_dropoff_option == `1`] `` | `order.nearby` |" in page
