"""Readers of single TOML values: each returns the value in its final type, or `WRONG` after noting why not.

A reader gets the raw value, its key path and the `Reading` in progress.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import Enum, StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from jru.domain.blueprint_lines import Path
from jru.domain.blueprint_problems import Findings, nearest


class _Wrong(Enum):
    WRONG = "wrong"


WRONG: Final = _Wrong.WRONG


@dataclass(frozen=True, slots=True)
class Reading:
    """One text being read: where to note findings, and which ids each section declares."""

    findings: Findings
    declared: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def refuse(self, path: Path, message: str, hint: str = "") -> object:
        """Note a problem and return `WRONG`."""
        self.findings.add(path, message, hint)
        return WRONG


Reader = Callable[[object, Path, Reading], object]
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


def describe(value: object) -> str:
    """Name a raw TOML value in a few words, whatever its size."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"the whole number {value}" if value.bit_length() <= 64 else "a very large whole number"
    if isinstance(value, float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text {value[:40]!r}" if len(value) <= 40 else f"the text {value[:40]!r}..."
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "an array"
    return f"the {type(value).__name__} {value}"


def text(limit: int = 400, *, blank: bool = False, pattern: str = "", shape: str = "") -> Reader:
    """Read a text of at most `limit` characters without control characters."""
    form = re.compile(pattern) if pattern else None

    def read(value: object, path: Path, reading: Reading) -> object:
        if not isinstance(value, str):
            return reading.refuse(
                path, f"expected text, found {describe(value)}", "put it in quotation marks"
            )
        if not blank and not value.strip():
            return reading.refuse(path, "the text is empty", "write at least a word")
        if len(value) > limit:
            return reading.refuse(path, f"the text has {len(value)} characters", f"at most {limit}")
        if any(not sign.isprintable() for sign in value):
            return reading.refuse(
                path, "the text holds a line break or control character", "use one plain line"
            )
        if form and not form.fullmatch(value):
            return reading.refuse(path, f"{value[:40]!r} is not {shape}")
        return value

    return read


def identifier() -> Reader:
    """Read an id: small letters, digits and underscores."""
    return text(40, pattern=_ID.pattern, shape="an id: small letters, digits and underscores, a letter first")


def whole(low: int, high: int) -> Reader:
    """Read a whole number between two bounds, both included."""

    def read(value: object, path: Path, reading: Reading) -> object:
        if isinstance(value, bool) or not isinstance(value, int):
            return reading.refuse(path, f"expected a whole number, found {describe(value)}")
        if not low <= value <= high:
            return reading.refuse(path, f"{describe(value)} is out of bounds", f"between {low} and {high}")
        return value

    return read


def number(low: float, high: float) -> Reader:
    """Read a finite number between two bounds, both included."""

    def read(value: object, path: Path, reading: Reading) -> object:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return reading.refuse(path, f"expected a number, found {describe(value)}")
        if isinstance(value, float) and not math.isfinite(value):
            return reading.refuse(
                path, f"expected a number, found {value}", "NaN and infinity are not numbers here"
            )
        if not low <= value <= high:
            return reading.refuse(
                path, f"{describe(value)} is out of bounds", f"between {low:g} and {high:g}"
            )
        return float(value)

    return read


def switch() -> Reader:
    """Read true or false."""

    def read(value: object, path: Path, reading: Reading) -> object:
        if isinstance(value, bool):
            return value
        return reading.refuse(
            path, f"expected true or false, found {describe(value)}", "without quotation marks"
        )

    return read


def one_of(choices: Iterable[str] | type[StrEnum]) -> Reader:
    """Read one of the given words; the words of an enumeration come back as its members."""
    known: dict[str, str] = {str(word): word for word in choices}

    def read(value: object, path: Path, reading: Reading) -> object:
        if not isinstance(value, str):
            return reading.refuse(
                path, f"expected a word, found {describe(value)}", f"one of {', '.join(known)}"
            )
        if value not in known:
            return reading.refuse(path, f"unknown word {value[:40]!r}", nearest(value, known))
        return known[value]

    return read


def ref(section: str, *, what: str = "") -> Reader:
    """Read the id of something declared in another section."""

    def read(value: object, path: Path, reading: Reading) -> object:
        noun = what or section
        if not isinstance(value, str):
            return reading.refuse(path, f"expected the id of a {noun}, found {describe(value)}")
        known = reading.declared.get(section, frozenset())
        if value not in known:
            return reading.refuse(path, f"there is no {noun} {value[:40]!r}", nearest(value, known))
        return value

    return read


def many(read_one: Reader, at_least: int = 0, build: Callable[[list[object]], object] = tuple) -> Reader:
    """Read an array of distinct values."""

    def read(value: object, path: Path, reading: Reading) -> object:
        if not isinstance(value, list):
            return reading.refuse(path, f"expected an array, found {describe(value)}", "write [...]")
        found = [read_one(element, (*path, place), reading) for place, element in enumerate(value)]
        good: list[object] = []
        for place, element in enumerate(found):
            if element is not WRONG and element in good:
                found[place] = reading.refuse((*path, place), f"{element} stands here twice", "keep one")
            good.append(element)
        if len(found) < at_least:
            return reading.refuse(path, f"needs at least {at_least} of them")
        return WRONG if WRONG in found else build(found)

    return read


def pair(read_one: Reader) -> Reader:
    """Read an array of two rising values."""
    read_many = many(read_one)

    def read(value: object, path: Path, reading: Reading) -> object:
        found = read_many(value, path, reading)
        if not isinstance(found, tuple):
            return WRONG
        if len(found) != 2 or found[0] >= found[1]:
            return reading.refuse(path, "expected two values, the second one larger", "write [amber, red]")
        return found

    return read


def mapping(
    read_key: Reader,
    read_value: Reader,
    required: Iterable[str] = (),
    *,
    closed: bool = False,
    build: Callable[[dict[object, object]], object] = dict,
) -> Reader:
    """Read a table of like values; `required` keys must be there, and nothing else when `closed`."""
    wanted = tuple(str(name) for name in required)

    def read(value: object, path: Path, reading: Reading) -> object:
        if not isinstance(value, dict):
            return reading.refuse(path, f"expected a table, found {describe(value)}")
        found: dict[object, object] = {}
        for name, raw in value.items():
            if closed and name not in wanted:
                found[name] = reading.refuse(
                    (*path, name), f"unknown key {name[:40]!r}", nearest(name, wanted)
                )
                continue
            key = read_key(name, (*path, name), reading)
            inner = read_value(raw, (*path, name), reading)
            found[key] = WRONG if key is WRONG else inner
        missing = [name for name in wanted if name not in value]
        for name in missing:
            reading.refuse(path, f"{name} is missing", f"add {name} = ...")
        return WRONG if missing or WRONG in found.values() else build(found)

    return read


def clock() -> Reader:
    """Read a local clock time of day, such as 18:00:00."""

    def read(value: object, path: Path, reading: Reading) -> object:
        if isinstance(value, time):
            return value
        return reading.refuse(
            path, f"expected a clock time, found {describe(value)}", "write 18:00:00, unquoted"
        )

    return read


def day() -> Reader:
    """Read a calendar day, such as 2019-08-01."""

    def read(value: object, path: Path, reading: Reading) -> object:
        if isinstance(value, date) and not isinstance(value, datetime) and 1990 <= value.year <= 2100:
            return value
        hint = "write 2019-08-01, unquoted, between 1990 and 2100"
        return reading.refuse(path, f"expected a calendar day, found {describe(value)}", hint)

    return read


def instant() -> Reader:
    """Read a moment with its offset from UTC; returns it in UTC."""

    def read(value: object, path: Path, reading: Reading) -> object:
        hint = "write 2019-08-01T18:00:00Z, unquoted"
        if not isinstance(value, datetime):
            return reading.refuse(path, f"expected a date and time, found {describe(value)}", hint)
        if value.tzinfo is None:
            return reading.refuse(path, f"{value} has no offset from UTC", "add Z, or +01:00 in summer")
        if not 1990 <= value.year <= 2100:
            return reading.refuse(path, f"the year {value.year} is out of bounds", "between 1990 and 2100")
        return value.astimezone(UTC)

    return read


def zone() -> Reader:
    """Read the name of a time zone, such as Europe/London."""

    def read(value: object, path: Path, reading: Reading) -> object:
        if not isinstance(value, str):
            return reading.refuse(
                path, f"expected a time zone, found {describe(value)}", "such as Europe/London"
            )
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            return reading.refuse(path, f"there is no time zone {value[:40]!r}", "such as Europe/London")
        return value

    return read
