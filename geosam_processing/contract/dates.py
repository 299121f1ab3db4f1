"""Dates of pictures of one place: as text, and in the names of files.

A date is a ``datetime`` without a time zone, in UTC.
"""

import calendar
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Optional

from .checks import ContractError, require

FIRST_YEAR, LAST_YEAR = 1800, 2200
"""Years that a number in a name can be; others are numbers of tiles, orders and the like."""

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_PARTS = {
    "Y": r"(?P<year>\d{4})",
    "y": r"(?P<short_year>\d{2})",
    "m": r"(?P<month>\d{2})",
    "d": r"(?P<day>\d{2})",
    "j": r"(?P<day_of_year>\d{3})",
    "b": r"(?P<month_name>[A-Za-z]{3})",
    "H": r"(?P<hour>\d{2})",
    "M": r"(?P<minute>\d{2})",
    "S": r"(?P<second>\d{2})",
}
_GROUPS = tuple(re.findall(r"<(\w+)>", "".join(_PARTS.values())))
COMMON_PATTERNS = (
    "%Y%m%dT%H%M%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H-%M-%S",
    "%Y%m%d_%H%M%S",
    "%Y-%m-%d_%H-%M-%S",
    "%Y-%m-%d",
    "%Y_%m_%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d%b%Y",
    "%Y%j",
    # Landsat before its collections: LC80440342014185LGN00.
    r"L[A-Z]\d{7}(?P<year>\d{4})(?P<day_of_year>\d{3})[A-Z]",
    "%Y-%m",
    "%Y_%m",
    "%Y%m",
    "%b%Y",
    "%Y",
)
"""Patterns that are tried in names, the most exact one first."""


@dataclass(frozen=True)
class NamePattern:
    """Where the date stands in the name of a file.

    Args:
        text: text with the codes %Y, %y, %m, %d, %j (day of the year), %b (Jan), %H, %M, %S. Or a
            regular expression with groups of the names year, month, day, day_of_year, month_name,
            short_year, hour, minute, second. It is looked for anywhere in the name.

    Raises:
        ContractError: it has no year, or is no pattern.
    """

    text: str

    def __post_init__(self) -> None:
        self._expression()

    def find(self, name: str, occurrence: int = 0) -> Optional[datetime]:
        """The date at a place of a name; None if there is none that exists in the calendar."""
        found = [
            moment
            for match in self._expression().finditer(name)
            if (moment := _moment(match)) is not None
        ]
        return found[occurrence] if occurrence < len(found) else None

    def _expression(self) -> "re.Pattern[str]":
        try:
            expression = re.compile(_translated(self.text))
        except re.error as error:
            raise ContractError(
                "Invalid date pattern ({}): {}. Use codes such as %Y%m%d, or a regular expression "
                "such as (?P<year>\\d{{4}})",
                self.text,
                error,
            ) from error
        groups = set(expression.groupindex)
        require(
            bool(groups & {"year", "short_year"}),
            "Invalid date pattern ({}): it has no year. Use %Y, or a group named year",
            self.text,
        )
        require(
            groups <= set(_GROUPS),
            "Invalid date pattern ({}): it has the group {}. Groups are {}",
            self.text,
            ", ".join(sorted(groups - set(_GROUPS))),
            ", ".join(_GROUPS),
        )
        return expression


def dates_in_names(names: Sequence[str], pattern: str = "") -> tuple[str, list[Optional[datetime]]]:
    """Read a date from each name.

    Args:
        pattern: as ``NamePattern`` has it; if empty, the first common one that reads all names.

    Returns:
        The pattern and the dates, None where it finds none. Without a common pattern that reads
        all names, the one that reads most; empty if none reads any.

    Raises:
        ContractError: the pattern is invalid.
    """
    if pattern:
        given = NamePattern(pattern)
        return pattern, [given.find(name) for name in names]
    best: tuple[str, list[Optional[datetime]]] = ("", [None] * len(names))
    for text in COMMON_PATTERNS:
        found = _found(NamePattern(text), names)
        if _known(found) > _known(best[1]):
            best = (text, found)
        if _known(best[1]) == len(names):
            break
    return best


def dates_of_files(
    names: Sequence[str], paths: Sequence[str], pattern: str = ""
) -> tuple[str, list[Optional[datetime]]]:
    """Read the dates of files or folders from their names, or else those of their parent folders.

    Args:
        names: of the files, with or without an extension.
        paths: of the files, empty for those without one.
        pattern: as in ``dates_in_names``. With a slash, it is searched in the complete paths.

    Returns:
        The pattern and the dates, as ``dates_in_names``.

    Raises:
        ContractError: the pattern is invalid.
    """
    if "/" in pattern:
        given = NamePattern(pattern)
        return pattern, [given.find(path.replace(os.sep, "/")) for path in paths]
    used, dates = dates_in_names([os.path.splitext(name)[0] for name in names], pattern)
    if None not in dates:
        return used, dates
    # The folder of a file can have the date in its name, as those of satellites' products.
    parents = [os.path.basename(os.path.dirname(path)) for path in paths]
    of_parents = dates_in_names(parents, pattern)
    return (used, dates) if None in of_parents[1] else of_parents


def read_date(text: str) -> Optional[datetime]:
    """A date in a table or in metadata; None if it cannot be understood.

    ISO 8601 (2014-07-01, 2014-07-01T10:30:00Z), TIFF and EXIF (2014:07:01 10:30:00), 20140701,
    01.07.2014, 2014-07 and 2014.
    """
    text = text.strip()
    exif = re.fullmatch(r"(\d{4}):(\d{2}):(\d{2})(?:[ T](.*))?", text)
    if exif is not None:
        text = "-".join(exif.groups()[:3]) + (f"T{exif[4]}" if exif[4] else "")
    iso = re.fullmatch(
        r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})"
        r"(?:[ T](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
        r"\s?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?",
        text,
    )
    if iso is not None:
        moment = _moment(iso)
        return None if moment is None else _in_utc(moment, iso["zone"])
    for code in ("%Y%m%d", "%d.%m.%Y", "%Y-%m", "%Y"):
        match = re.fullmatch("".join(_PARTS.get(part, part) for part in _codes(code)), text)
        if match is not None:
            return _moment(match)
    return None


def date_text(moment: datetime) -> str:
    """A date in ISO 8601: the day alone if it is midnight."""
    is_day = moment == datetime.combine(moment.date(), datetime.min.time())
    return moment.date().isoformat() if is_day else moment.replace(microsecond=0).isoformat()


def _found(pattern: NamePattern, names: Sequence[str]) -> "list[Optional[datetime]]":
    found = [pattern.find(name) for name in names]
    # A number that all names have in common, such as a tile's, is no date.
    if len(names) > 1 and len(set(found)) == 1:
        later = [pattern.find(name, 1) for name in names]
        return later if _known(later) == len(names) else found
    return found


def _known(dates: Sequence[Optional[datetime]]) -> int:
    return sum(each is not None for each in dates)


def _translated(pattern: str) -> str:
    """A regular expression of a pattern; digits next to a date belong to another number."""
    if "(?P<" in pattern:
        return pattern
    parts = "".join(
        _PARTS[part] if is_code else re.escape(part) for part, is_code in _marked(pattern)
    )
    return rf"(?<!\d){parts}(?!\d)"


def _marked(pattern: str) -> "list[tuple[str, bool]]":
    """The characters of a pattern, and whether each is a code."""
    marked = []
    characters = iter(pattern)
    for character in characters:
        if character != "%":
            marked.append((character, False))
            continue
        code = next(characters, "")
        require(
            code == "%" or code in _PARTS,
            "Invalid date pattern ({}): the code %{} is not known. Codes are {}",
            pattern,
            code,
            ", ".join(f"%{each}" for each in _PARTS),
        )
        marked.append((code, code != "%"))
    return marked


def _codes(pattern: str) -> "list[str]":
    return [part if is_code else re.escape(part) for part, is_code in _marked(pattern)]


def _moment(match: "re.Match[str]") -> Optional[datetime]:
    """The date of a match; None if the calendar has none."""
    values = {key: value for key, value in match.groupdict().items() if value is not None}
    try:
        year = int(values["year"]) if "year" in values else _full_year(int(values["short_year"]))
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return None
        month = int(values.get("month", 1))
        if "month_name" in values:
            month = _MONTHS[values["month_name"][:3].lower()]
        day = date(year, month, int(values.get("day", 1)))
        if "day_of_year" in values:
            day = date(year, 1, 1) + timedelta(int(values["day_of_year"]) - 1)
            if day.year != year:
                return None
        hour, minute, second = (int(values.get(key, 0)) for key in ("hour", "minute", "second"))
        return datetime(day.year, day.month, day.day, hour, minute, second)
    except (KeyError, ValueError, OverflowError):
        return None


def _full_year(short: int) -> int:
    """As ``strptime`` has it: 69 to 99 are of the last century."""
    return short + (1900 if short >= 69 else 2000)


def _in_utc(moment: datetime, zone: Optional[str]) -> datetime:
    if not zone or zone == "Z":
        return moment
    sign = -1 if zone[0] == "-" else 1
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    aware = moment.replace(tzinfo=timezone(sign * timedelta(hours=hours, minutes=minutes)))
    return aware.astimezone(timezone.utc).replace(tzinfo=None)
