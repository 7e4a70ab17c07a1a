"""Time zones under the names that people use for them."""

from functools import cache

from babel.dates import get_timezone_location

# CLDR writes this one with two names, and has none for the zones without a place.
_NAMES = {"Asia/Hebron": "الخليل"}
_WORLD_TIME = "غرينتش"


@cache
def city_of(time_zone: str) -> str:
    """«دمشق» for Asia/Damascus, to be put after «بتوقيت»; a city that CLDR has not in Arabic keeps its Latin name."""
    if time_zone in _NAMES:
        return _NAMES[time_zone]
    city = get_timezone_location(time_zone, locale="ar", return_city=True)
    return _WORLD_TIME if city in {"UTC", "GMT"} else city.rpartition("/")[2]
