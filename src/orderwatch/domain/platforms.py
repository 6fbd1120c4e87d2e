"""A platform as it is offered to people: what a ``provider.toml`` says, in words."""

from typing import Literal

from msgspec import Struct


class PlatformSetting(Struct, frozen=True, kw_only=True):
    """What a source of this platform is told beside its secret."""

    name: str
    about: str
    needed: bool
    default: str | None


class PlatformSteps(Struct, frozen=True, kw_only=True):
    """What a person does on the platform's side, step by step; ``{url}`` stands for the source's address."""

    en: tuple[str, ...]
    ko: tuple[str, ...]


class Platform(Struct, frozen=True, kw_only=True):
    """One platform. `name` is what a source gives as its provider."""

    name: str
    title: str
    about: str
    confidence: Literal["stable", "beta"]
    documentation: tuple[str, ...]
    known_not_to_work: tuple[str, ...]
    proof: str
    """How it proves itself, in English words; empty when it can prove nothing."""
    settings: tuple[PlatformSetting, ...]
    steps: PlatformSteps
    examples: tuple[str, ...]
    """What ``orderwatch send --example`` can send."""
