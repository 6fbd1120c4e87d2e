"""Which language people are spoken to in."""

import locale
import os


def chosen_language(setting: str) -> str:
    """Return ``ko`` or ``en``: what the setting says, or what the environment speaks."""
    if setting in {"ko", "en"}:
        return setting
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        value = os.environ.get(name)
        if value:
            return "ko" if value.lower().startswith("ko") else "en"
    spoken = locale.getlocale()[0] or ""
    return "ko" if spoken.lower().startswith("ko") else "en"
