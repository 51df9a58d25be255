"""Quiet hours: wall-clock times in the reader's own zone."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(
    *, now: datetime, zone: ZoneInfo, start: time | None, end: time | None
) -> datetime | None:
    """When the reader's quiet hours end, if ``now`` lies in them; they may span midnight."""
    if start is None or end is None or start == end:
        return None
    local = now.astimezone(zone)
    wall = local.time().replace(tzinfo=None)
    if start < end:
        if not start <= wall < end:
            return None
        day = local.date()
    else:
        if end <= wall < start:
            return None
        day = local.date() if wall < end else local.date() + timedelta(days=1)
    ends = datetime.combine(day, end, tzinfo=zone).astimezone(UTC)
    # In the hour that is repeated in autumn the first reading of `end` may be behind us.
    return ends if ends > now else ends + timedelta(hours=1)
