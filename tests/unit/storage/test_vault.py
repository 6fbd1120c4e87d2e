"""The key lies in a file of its own that only we may read, or in the environment."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from orderwatch.domain.errors import BadSettings
from orderwatch.storage.vault import KEY_FILE, Vault, open_vault


def test_the_key_file_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    sealed = open_vault(tmp_path, secret=None).seal("암호", place="sources/a")

    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert open_vault(tmp_path, secret=None).open(sealed, place="sources/a") == "암호"
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        vaults = list(pool.map(lambda _: open_vault(tmp_path, secret=None), range(8)))

    sealed = vaults[0].seal("s", place="p")
    assert [vault.open(sealed, place="p") for vault in vaults] == ["s"] * 8


def test_a_key_from_the_environment_needs_no_file(tmp_path: Path) -> None:
    sealed = open_vault(tmp_path, secret="a passphrase of some length").seal("s", place="p")

    assert open_vault(tmp_path, secret="a passphrase of some length").open(sealed, place="p") == "s"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "too short", "not base64 ☃"])
def test_a_damaged_key_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / KEY_FILE).write_text(content)

    with pytest.raises(BadSettings, match=KEY_FILE):
        open_vault(tmp_path, secret=None)


def test_a_key_from_the_environment_is_derived_as_rfc_5869_says(tmp_path: Path) -> None:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"orderwatch vault").derive(
        b"a passphrase of some length"
    )

    sealed = Vault(derived).seal("s", place="p")

    assert open_vault(tmp_path, secret="a passphrase of some length").open(sealed, place="p") == "s"


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="16"):
        open_vault(tmp_path, secret="short")


def test_a_sealed_text_is_bound_to_its_place(tmp_path: Path) -> None:
    vault = open_vault(tmp_path, secret=None)

    with pytest.raises(BadSettings, match="elsewhere"):
        vault.open(vault.seal("s", place="here"), place="elsewhere")
