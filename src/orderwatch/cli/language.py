"""Which language to speak, and the way there from an English sentence.

The English sentence is the key, so the code reads as what it says; a test holds the Korean table complete.
"""

from collections.abc import Mapping


def pick_language(environment: Mapping[str, str], *, chosen: str = "auto") -> str:
    """Return ``ko`` or ``en``: as `chosen`, else ``ORDERWATCH_LANGUAGE``, else as the locale says."""
    wanted = chosen if chosen != "auto" else environment.get("ORDERWATCH_LANGUAGE") or "auto"
    if wanted == "auto":
        names = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
        wanted = next((name for name in names if name), "")
    return "ko" if wanted.lower().startswith("ko") else "en"


def translate(text: str, *, language: str) -> str:
    """Return `text` in `language`, or as it is where nobody has translated it."""
    if language != "ko":
        return text
    from orderwatch.cli.korean import KOREAN

    return KOREAN.get(text, text)
