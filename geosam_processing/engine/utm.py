"""Which UTM zone a place belongs to."""

from __future__ import annotations

SOUTHERN_LIMIT = -80.0
NORTHERN_LIMIT = 84.0

# Svalbard (latitude 72 and above): odd zones only, with these eastern limits.
_SVALBARD = ((9.0, 31), (21.0, 33), (33.0, 35), (42.0, 37))


def utm_zone(longitude: float, latitude: float) -> int:
    """The UTM zone, 1 to 60, with the exceptions of Norway and Svalbard.

    Args:
        longitude: degrees on WGS 84, any number of turns.
        latitude: degrees on WGS 84, from -80 to 84, where UTM ends.

    Raises:
        ValueError: the latitude is outside of UTM.
    """
    if not SOUTHERN_LIMIT <= latitude <= NORTHERN_LIMIT:
        raise ValueError(
            f"No UTM zone at latitude {latitude:.6g}: UTM covers "
            f"{SOUTHERN_LIMIT:g} to {NORTHERN_LIMIT:g} degrees"
        )
    wrapped = (longitude + 180.0) % 360.0 - 180.0
    if 56.0 <= latitude < 64.0 and 3.0 <= wrapped < 12.0:
        return 32
    if latitude >= 72.0 and 0.0 <= wrapped < 42.0:
        return next(zone for limit, zone in _SVALBARD if wrapped < limit)
    # A longitude a hair below 180 can round up to a zone that does not exist.
    return min(int((wrapped + 180.0) // 6.0) + 1, 60)


def utm_epsg(longitude: float, latitude: float) -> int:
    """The EPSG code of the place's UTM zone on WGS 84; see `utm_zone`."""
    zone = utm_zone(longitude, latitude)
    return (32600 if latitude >= 0 else 32700) + zone
