"""The three zones of Indonesia, by their names."""

from datetime import timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")
"""Western Indonesia, Jakarta among it: the zone of nearly all newsrooms."""
WITA = timezone(timedelta(hours=8), "WITA")
WIT = timezone(timedelta(hours=9), "WIT")
