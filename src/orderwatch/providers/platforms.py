"""The platforms of a catalog, as they are offered to people."""

from collections.abc import Mapping

from orderwatch.domain.platforms import Platform, PlatformSetting, PlatformSteps
from orderwatch.providers.declared import Declared
from orderwatch.providers.examples import example_names
from orderwatch.providers.pages import proofs_of


def platforms_of(declared: Mapping[str, Declared]) -> list[Platform]:
    """Return all of them by title."""
    return sorted((_platform(one) for one in declared.values()), key=lambda one: one.title.casefold())


def _platform(one: Declared) -> Platform:
    preset = one.preset
    return Platform(
        name=one.slug,
        title=preset.name,
        about=preset.about,
        confidence=preset.confidence,
        documentation=preset.documentation,
        known_not_to_work=preset.known_not_to_work,
        proof=proofs_of(preset) if preset.signature else "",
        settings=tuple(
            PlatformSetting(name=name, about=setting.about, needed=setting.needed, default=setting.default)
            for name, setting in preset.settings.items()
        ),
        steps=PlatformSteps(en=preset.setup.en, ko=preset.setup.ko),
        examples=tuple(example_names(one.folder)),
    )
