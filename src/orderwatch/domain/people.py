"""Who may do what."""

from enum import StrEnum


class Role(StrEnum):
    """What a user or token may do; each includes the ones before it."""

    VIEWER = "viewer"
    """Looks."""
    OPERATOR = "operator"
    """Acknowledges, replays, re-submits, reveals personal data."""
    ADMIN = "admin"
    """Changes sources, channels, routes, users and tokens."""

    def reaches(self, needed: "Role") -> bool:
        """Say whether this role may do what `needed` may."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needed)
