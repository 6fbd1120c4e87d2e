"""Reads the settings: ``orderwatch.toml``, ``ORDERWATCH_*`` variables and command-line options, in rising order.

Apart from `config`, because what reads and judges them takes a third of a second to import, and the worker is handed
the finished value.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, cast, get_type_hints

import msgspec
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, create_model
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from orderwatch.config import Settings
from orderwatch.domain.errors import BadSettings

FILE = "orderwatch.toml"
PREFIX = "ORDERWATCH_"

# Variables under our prefix that are no settings: each is read where it is used.
_OTHERS = frozenset({"CONFIG", "DEBUG", "SECRET_KEY", "SKIP_PAGE", "TOKEN", "URL"})
# A Kubernetes service called "orderwatch" puts these into every pod beside it, ORDERWATCH_PORT=tcp://… among them.
_KUBERNETES = re.compile(r"(SERVICE_(HOST|PORT).*|PORT_\d+_(TCP|UDP).*)")
_SECRET = frozenset({"database"})


def load_settings(*, config: Path | None = None, options: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings: defaults, then the file, then the environment, then `options` (None there means not given).

    `config` names the file, which must exist then; else ``ORDERWATCH_CONFIG``, else ``orderwatch.toml`` in the working
    folder, where there is one. Relative paths in it start from the working folder.

    Raises:
        BadSettings: with every fault there is.
    """
    faults: list[str] = []
    layers = [
        _from_file(config, faults),
        _from_environment(faults),
        _Layer("--{}", {key: value for key, value in (options or {}).items() if value is not None}),
    ]
    values = {key: value for layer in layers for key, value in layer.values.items()}
    origins = {key: layer.name_of(key) for layer in layers for key in layer.values}
    try:
        settings = Settings(**_Model(**values).model_dump())
    except ValidationError as error:
        faults += [
            _fault(str(one["loc"][0]), one["input"], one["msg"], origins) for one in error.errors(include_url=False)
        ]
    else:
        if not faults:
            return settings
    raise BadSettings(faults)


class _Layer(msgspec.Struct):
    """Values from one place. `label` with the key in it is how that place names the key."""

    label: str
    values: dict[str, Any]

    def name_of(self, key: str) -> str:
        return self.label.format(key.replace("_", "-") if self.label.startswith("--") else key)


def _from_file(config: Path | None, faults: list[str]) -> _Layer:
    named = config or (Path(os.environ["ORDERWATCH_CONFIG"]) if os.environ.get("ORDERWATCH_CONFIG") else None)
    path = named or Path(FILE)
    label = str(path).replace("{", "{{").replace("}", "}}") + ": {}"
    if named is None and not path.is_file():
        return _Layer(label, {})
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        faults.append(f"{path}: cannot be read ({(error.strerror or str(error)).lower()})")
        return _Layer(label, {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(f"{path}: not valid TOML ({error})")
        return _Layer(label, {})
    faults += [f"{path}: {key}: there is no such setting{_nearest(key)}" for key in values if key not in _FIELDS]
    return _Layer(label, {key: value for key, value in values.items() if key in _FIELDS})


def _from_environment(faults: list[str]) -> _Layer:
    given = [name for name, value in os.environ.items() if name.startswith(PREFIX) and value]
    for name in given:
        key = name.removeprefix(PREFIX)
        if key.lower() not in _FIELDS and key not in _OTHERS and not _KUBERNETES.fullmatch(key):
            faults.append(f"{name}: there is no such setting{_nearest(key, spell=_variable)}")
    values = EnvSettingsSource(_Model)()
    if str(values.get("port", "")).startswith("tcp://"):
        del values["port"]
    return _Layer(PREFIX + "{}", {key: value for key, value in values.items() if key in _FIELDS})


def _variable(key: str) -> str:
    return PREFIX + key.upper()


def _nearest(key: str, *, spell: Callable[[str], str] = str) -> str:
    near = difflib.get_close_matches(key.lower().replace("-", "_"), _FIELDS, n=1, cutoff=0.6)
    return f"; did you mean {spell(near[0])}?" if near else "; docs/settings.md lists all of them"


def _fault(key: str, value: object, wanted: str, origins: Mapping[str, str]) -> str:
    origin = origins.get(key, key)
    name = _variable(key) if origin.startswith(PREFIX) else origin
    shown = "" if key in _SECRET else f" = {value!r}"
    return f"{name}{shown}: {wanted.removeprefix('Value error, ').removeprefix('Input ').split(', unable')[0]}"


def _one_of(*words: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in words:
            raise ValueError(f"should be one of {', '.join(words)}")
        return value

    return AfterValidator(check)


def _like(pattern: str, wanted: str) -> AfterValidator:
    def check(value: str | None) -> str | None:
        if value is not None and not re.fullmatch(pattern, value):
            raise ValueError(f"should be {wanted}")
        return value

    return AfterValidator(check)


def _joined(value: object) -> object:
    # A file may hold a list.
    if not isinstance(value, list):
        return value
    parts = cast("list[object]", value)
    return ", ".join(str(part) for part in parts) if all(isinstance(part, str) for part in parts) else parts


def _networks(value: str | None) -> str | None:
    for network in (value or "").split(","):
        try:
            ip_network(network.strip(), strict=False)
        except ValueError:
            if network.strip():
                raise ValueError("should be addresses or networks like 127.0.0.1, 10.0.0.0/8") from None
    return value


_FIELDS = {field.name: field for field in msgspec.structs.fields(Settings)}
_Count = Annotated[int, Field(ge=1)]
# What a value must be beyond its type.
_RULES: dict[str, Any] = {
    "host": Annotated[str, _like(r"\S+", "a host name or an address")],
    "port": Annotated[int, Field(ge=0, le=65535)],
    "data": Annotated[str, _like(r".*\S.*", "a folder")],
    "database": Annotated[str | None, _like(r"postgres(ql)?://.+", "an address like postgresql://user@host/name")],
    "handlers": Annotated[str | None, _like(r"[\w.]+:[\w.]+", "module:name, such as shop:handlers")],
    "public_url": Annotated[str | None, _like(r"https?://[^/\s]+.*", "an address like https://orders.example.com")],
    "trusted_proxies": Annotated[str | None, BeforeValidator(_joined), AfterValidator(_networks)],
    "max_body_bytes": Annotated[int, Field(ge=1024, le=64 * 1024 * 1024)],
    "max_depth": Annotated[int, Field(ge=4, le=512)],
    "request_seconds": Annotated[float, Field(gt=0, le=300)],
    "max_pending": _Count,
    "api_per_minute": Annotated[int, Field(ge=0)],
    "quarantine_rows": Annotated[int, Field(ge=0)],
    "quarantine_bytes": Annotated[int, Field(ge=0)],
    "quarantine_days": _Count,
    "retry_hours": Annotated[float, Field(ge=0, le=720)],
    "log_format": Annotated[str, _one_of("auto", "console", "json")],
    "language": Annotated[str, _one_of("auto", "ko", "en")],
}


class _Base(BaseSettings):
    """Judges the merged values alone: the sources are asked one by one, so that a fault can name its place."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  (pydantic-settings' own signature)
        init_settings: PydanticBaseSettingsSource,
        *_others: PydanticBaseSettingsSource,
        **_more: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def _model() -> type[BaseSettings]:
    hints = get_type_hints(Settings)
    shape: dict[str, Any] = {name: (_RULES.get(name, hints[name]), field.default) for name, field in _FIELDS.items()}
    return create_model("OrderwatchSettings", __base__=_Base, **shape)


_Model = _model()
