"""A ``provider.toml`` is read strictly, and a folder is all that a provider needs."""

import json
from datetime import UTC, datetime

import pytest

from orderwatch.domain.errors import BadSettings, Unreadable, WrongSignature
from orderwatch.domain.events import EventType
from orderwatch.domain.sources import Source, Verification
from orderwatch.intake.accept import Request
from orderwatch.providers.catalog import open_catalog
from orderwatch.providers.files import read_preset
from tests.preset_cases import headers_of, intake_of, read_submission

TOML = """
name = "Acme"
about = "Bread by bicycle."
confidence = "beta"
documentation = ["https://acme.example/docs"]

[[signature]]
kind = "token"
header = "x-acme"

[event]
type = "what"
order_id = "order.id"

[event.fields]
occurred_at = "at"

[event.types]
baked = "order.ready"

[setup]
en = ["Paste {url}."]
ko = ["{url} 을 붙여 넣습니다."]
"""


def folder_with(tmp_path, toml=TOML, name="acme", **files):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "provider.toml").write_text(toml)
    for file, text in files.items():
        (folder / f"{file}.py").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[event.fields]", "[event.feilds]", "event.feilds: there is no such key; did you mean fields?"),
        ('header = "x-acme"', 'haeder = "x-acme"', "signature[1].haeder: there is no such key; did you mean header?"),
        ("[setup]", "[setup]\nfr = []", "setup.fr: there is no such key"),
        ('kind = "token"', 'kind = "tokn"', "signature[0]"),
        ('confidence = "beta"', 'confidence = "sure"', "confidence"),
        ('order_id = "order.id"', "", "order_id"),
        ("name = ", "name == ", "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_key(tmp_path, old, new, said):
    folder = folder_with(tmp_path, TOML.replace(old, new, 1))

    with pytest.raises(BadSettings) as caught:
        read_preset(folder)

    assert said in caught.value.message
    assert str(folder / "provider.toml") in caught.value.message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('baked = "order.ready"', 'baked = "order.baked"', "order.baked"),
        ('occurred_at = "at"', 'happened = "at"', "happened"),
        ('order_id = "order.id"', 'order_id = "order.[id"', "order.[id"),
        ('header = "x-acme"', 'prefix = "x"', "exactly one of header, query and json"),
        ('kind = "token"', 'kind = "hmac"\ncontent = "{bdoy}"', "{bdoy}"),
        ('kind = "token"\nheader = "x-acme"', 'kind = "code"\nfunction = "prove"\nabout = "x"', "prove"),
    ],
)
def test_what_cannot_be_meant_is_refused_when_it_is_read(tmp_path, old, new, said):
    folder = folder_with(tmp_path, TOML.replace(old, new, 1))

    with pytest.raises(BadSettings) as caught:
        open_catalog(str(tmp_path))

    assert said in caught.value.message
    assert str(folder) in caught.value.message


def test_all_folders_are_looked_at_before_anything_is_said(tmp_path):
    folder_with(tmp_path, TOML.replace("about", "abuot"), name="one")
    folder_with(tmp_path, TOML.replace("beta", "gamma"), name="two")

    with pytest.raises(BadSettings) as caught:
        open_catalog(str(tmp_path))

    assert len(caught.value.faults) == 2


def test_a_folder_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(BadSettings, match="should be a folder"):
        open_catalog(str(tmp_path / "nowhere"))


def test_a_folder_of_one_s_own_stands_before_the_product_s(tmp_path):
    folder_with(tmp_path, name="uber_eats")

    assert open_catalog(str(tmp_path)).declared["uber_eats"].preset.name == "Acme"
    assert open_catalog().declared["uber_eats"].preset.name == "Uber Eats"


def accept(tmp_path, body, **headers):
    found = open_catalog(str(tmp_path))
    source = Source(name="bread", provider="acme", verification=Verification.PROVIDER, secrets=("s3cret",))
    request = Request(
        method="POST",
        path="/in/bread",
        headers=headers_of(
            {"content-type": "application/json", **{k.replace("_", "-"): v for k, v in headers.items()}}
        ),
        body=json.dumps(body).encode(),
        received_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
    )
    (submission,) = intake_of(found).accept(source, request)
    return read_submission(submission, source, found)


def test_code_beside_the_file_says_what_data_cannot(tmp_path):
    folder_with(
        tmp_path,
        TOML.replace('kind = "token"\nheader = "x-acme"', 'kind = "code"\nabout = "The order, backwards."'),
        verify=(
            "from orderwatch.domain.errors import WrongSignature\n"
            "def verify(source, signed):\n"
            "    if signed.headers.get('x-acme') != source.secrets[0][::-1]:\n"
            "        raise WrongSignature('It is not backwards.')\n"
        ),
        parse="def parse(body, headers):\n    return body['wrapped']\n",
    )
    body = {"wrapped": {"what": "baked", "order": {"id": 7}}}

    (event,) = accept(tmp_path, body, x_acme="terc3s")

    assert (event.type, event.order_id) == (EventType.ORDER_READY, "7")
    with pytest.raises(WrongSignature, match="not backwards"):
        accept(tmp_path, body, x_acme="s3cret")
    with pytest.raises(Unreadable, match="KeyError"):
        accept(tmp_path, {"what": "baked"}, x_acme="terc3s")


def test_code_that_stumbles_lets_nobody_in(tmp_path):
    folder_with(
        tmp_path,
        TOML.replace('kind = "token"\nheader = "x-acme"', 'kind = "code"\nabout = "?"'),
        verify="def verify(source, signed):\n    return 1 / 0\n",
    )

    with pytest.raises(WrongSignature, match="ZeroDivisionError"):
        accept(tmp_path, {"what": "baked", "order": {"id": 7}})


def test_code_that_cannot_be_run_is_said_so_when_it_is_read(tmp_path):
    folder_with(tmp_path, verify="import no_such_thing_at_all\n")

    with pytest.raises(BadSettings, match=r"verify\.py: cannot be run"):
        open_catalog(str(tmp_path))
