"""Options of the shape ``name=value``."""

from collections.abc import Sequence

from orderwatch.domain.errors import BadSettings


def read_pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """Return what was given as ``name=value``, each name once.

    Raises:
        BadSettings: with all that have another shape.
    """
    faults = [f"{option} {pair}: should be NAME=VALUE" for pair in given if "=" not in pair or pair.startswith("=")]
    pairs = [(name.strip(), value) for name, _, value in (pair.partition("=") for pair in given)]
    names = [name for name, _ in pairs]
    faults += [f"{option} {name}=…: given twice" for name in sorted({name for name in names if names.count(name) > 1})]
    if faults:
        raise BadSettings(faults)
    return dict(pairs)
