"""Amounts that come in the smallest unit of their currency."""

from decimal import Decimal
from typing import cast

from orderwatch.normalise.bodies import Json

# ISO 4217: the currencies whose smallest unit is not a hundredth.
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENTS = {**dict.fromkeys(_WHOLE.split(), 0), **dict.fromkeys(_THOUSANDTHS.split(), 3)}


def to_major(fields: dict[str, Json]) -> None:
    """Turn `total` and the prices of `items` into the currency's own unit; what is no whole number stays as it is."""
    code = fields.get("currency")
    exponent = _EXPONENTS.get(code.strip().upper(), 2) if isinstance(code, str) else 2
    if "total" in fields:
        fields["total"] = _major(fields["total"], exponent)
    items = fields.get("items")
    if isinstance(items, list):
        fields["items"] = [_item(item, exponent) for item in cast("list[Json]", items)]


def _item(item: Json, exponent: int) -> Json:
    known = cast("dict[str, Json]", item) if isinstance(item, dict) else {}
    if "price" not in known:
        return item  # pyright: ignore[reportUnknownVariableType]  (it is any JSON)
    return {**known, "price": _major(known["price"], exponent)}


def _major(value: Json, exponent: int) -> Json:
    text = value if isinstance(value, str) else str(value) if type(value) is int else ""
    if not text.lstrip("-").isdigit() or not text.isascii() or len(text) > 20:  # noqa: PLR2004  (no sum of an order)
        return value
    return Decimal(text).scaleb(-exponent)
