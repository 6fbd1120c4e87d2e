"""Minutes since 1970, and where in the local week they lie."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from orderwatch.kit.clock import EPOCH

DAY = 1440
WEEK_HOURS = 168
WEEK_MINUTES = 7 * DAY
_THURSDAY = 3 * DAY  # 1970 began on a Thursday; the local week on a Monday.
_MINUTE = timedelta(minutes=1)


def minute_of(moment: datetime) -> int:
    """Return the minute that `moment` lies in."""
    return (moment - EPOCH) // _MINUTE


def moment_of(minute: int) -> datetime:
    """Return when `minute` begins."""
    return EPOCH + timedelta(minutes=minute)


def day_of(minute: int) -> int:
    """Return the first minute of the UTC day."""
    return minute - minute % DAY


def week_minutes(day: int, zone: ZoneInfo) -> list[int]:
    """Return, for each hour of the UTC day that begins at minute `day`, the minute of the local week it begins at."""
    begin = moment_of(day)
    found: list[int] = []
    for hour in range(24):
        offset = (begin + timedelta(hours=hour)).astimezone(zone).utcoffset() or timedelta()
        found.append((day + hour * 60 + offset // _MINUTE + _THURSDAY) % WEEK_MINUTES)
    return found
