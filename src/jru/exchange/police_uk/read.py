"""Read a street-level file row by row; whatever is wrong with it becomes a line of the report, never an exception."""

from __future__ import annotations

import csv
import gzip
import hashlib
import math
import re
import zlib
from collections.abc import Iterator, Mapping
from io import BufferedReader
from pathlib import Path
from typing import Final

from jru.exchange.police_uk.model import (
    COLUMNS,
    GROUPS,
    OPTIONAL_FIRST_COLUMN,
    OUTSIDE,
    Limits,
    NotTaken,
    SmallArea,
    StreetFile,
)
from jru.services.past_records import PastRecord

_MONTH: Final = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_GZIP: Final = b"\x1f\x8b"
_BOM: Final = b"\xef\xbb\xbf"
_FAR_KM: Final = 15.0
_SPLIT: Final = "Split the file by month."
_AGAIN: Final = "Fetch the file again from data.police.uk; nothing of it was taken."


class _Unreadable(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, code: str, reason: str, remedy: str = _AGAIN) -> None:
        super().__init__(reason)
        self.problem = NotTaken(0, code, reason, remedy)


class _Bad(Exception):
    """One row cannot be used."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.code, self.reason, self.remedy = code, reason, remedy

    def at(self, line: int) -> NotTaken:
        return NotTaken(line, self.code, self.reason, self.remedy)


def read_street_file(path: Path, areas: Mapping[str, SmallArea], limits: Limits | None = None) -> StreetFile:
    """Read one plain or gzipped file; `areas` maps the LSOA codes of the scheme to their districts.

    The hash is that of the unpacked content, so that a file and its gzipped copy are the same file.
    A file that is damaged as a whole (truncated, too large, wrong header) yields no records at all, because its
    rows would come again under another hash once it is fetched anew.
    """
    sheet = _Sheet(areas, limits or Limits())
    problem = None
    try:
        sheet.read(path)
    except _Unreadable as unreadable:
        problem = unreadable.problem
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        problem = NotTaken(0, "damaged", f"the packed file is damaged or ends early ({error})", _AGAIN)
    except OSError as error:
        remedy = "Check the path and its permissions."
        problem = NotTaken(0, "unreadable", f"cannot be read: {error.strerror}", remedy)
    return sheet.result(path.name, problem)


class _Sheet:
    def __init__(self, areas: Mapping[str, SmallArea], limits: Limits) -> None:
        self._areas = areas
        self._limits = limits
        self._digest = hashlib.sha256()
        self._taken: list[tuple[int, dict[str, str], SmallArea]] = []
        self._not_taken: list[NotTaken] = []
        self._rows = 0

    def read(self, path: Path) -> None:
        with _open(path, self._limits) as source:
            lines = _lines(source, self._digest, self._limits)
            names = _header(next(lines, (1, b""))[1])
            for line, raw in lines:
                self._rows += 1
                if self._rows > self._limits.rows:
                    raise _Unreadable("too_many_rows", f"more than {self._limits.rows:,} rows", _SPLIT)
                self._take(line, raw, names)

    def _take(self, line: int, raw: bytes, names: tuple[str, ...]) -> None:
        try:
            row = _row(raw, names)
            self._taken.append((line, row, _checked(row, self._areas)))
        except _Bad as bad:
            self._not_taken.append(bad.at(line))

    def result(self, name: str, problem: NotTaken | None) -> StreetFile:
        file_hash = self._digest.hexdigest()
        kept = () if problem else self._taken
        records = tuple(_record(file_hash, line, row, area) for line, row, area in kept)
        return StreetFile(name, file_hash, self._rows, records, tuple(self._not_taken), problem)


def _open(path: Path, limits: Limits) -> gzip.GzipFile | BufferedReader:
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise _Unreadable("too_large", f"{size:,} bytes, more than the {limits.file_bytes:,} allowed", _SPLIT)
    with path.open("rb") as start:
        packed = start.read(2) == _GZIP
    return gzip.open(path, "rb") if packed else path.open("rb")


def _lines(
    source: gzip.GzipFile | BufferedReader, digest: hashlib._Hash, limits: Limits
) -> Iterator[tuple[int, bytes]]:
    unpacked = 0
    number = 0
    while raw := source.readline(limits.line_bytes + 1):
        number += 1
        unpacked += len(raw)
        if unpacked > limits.unpacked_bytes:
            raise _Unreadable("too_large", f"more than {limits.unpacked_bytes:,} bytes when unpacked", _SPLIT)
        if len(raw) > limits.line_bytes:
            raise _Unreadable(
                "line_too_long",
                f"line {number} is longer than {limits.line_bytes:,} bytes",
                "This is not a street-level file of data.police.uk; fetch the file again.",
            )
        digest.update(raw)
        yield number, raw


def _header(raw: bytes) -> tuple[str, ...]:
    try:
        text = raw.removeprefix(_BOM).decode("utf-8").rstrip("\r\n")
        names = next(csv.reader([text], strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        raise _Unreadable(
            "wrong_encoding",
            "line 1: the header is not UTF-8 text",
            "Save the file as CSV in UTF-8, as published.",
        ) from None
    wanted = list(COLUMNS)
    if names not in (wanted, [OPTIONAL_FIRST_COLUMN, *wanted]):
        raise _Unreadable(
            "wrong_header",
            f"line 1: the columns are {_shortened(', '.join(names)) or 'missing'}",
            f"Take a street-level file (...-street.csv) of data.police.uk; its columns are {', '.join(wanted)}.",
        )
    return tuple(names)


def _row(raw: bytes, names: tuple[str, ...]) -> dict[str, str]:
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise _Bad("wrong_encoding", "the row is not UTF-8 text", "Save the file as CSV in UTF-8.") from None
    if _CONTROL.search(text):
        raise _Bad(
            "control_character", "the row holds a control character", "Remove it or fetch the file again."
        )
    try:
        values = next(csv.reader([text], strict=True), [])
    except csv.Error as error:
        raise _Bad(
            "malformed", f"the row is not well-formed CSV ({error})", "Check the quotation marks."
        ) from None
    if len(values) != len(names):
        raise _Bad(
            "columns", f"{len(values)} columns instead of {len(names)}", "Check for missing or extra commas."
        )
    return dict(zip(names, (value.strip() for value in values), strict=True))


def _checked(row: dict[str, str], areas: Mapping[str, SmallArea]) -> SmallArea:
    if not _MONTH.fullmatch(row["Month"]):
        raise _Bad(
            "month",
            f"the month {_quoted(row['Month'])} is not like 2018-10",
            "Write year and month, YYYY-MM.",
        )
    if row["Crime type"] not in GROUPS:
        raise _Bad(
            "kind",
            f"the crime type {_quoted(row['Crime type'])} is unknown",
            f"Known are: {', '.join(GROUPS)}.",
        )
    lon, lat = _degrees(row, "Longitude"), _degrees(row, "Latitude")
    _check_place(lon, lat)
    code = row["LSOA code"]
    if not code:
        raise _Bad(
            "no_area", "no LSOA code, so no district can be told", "The publisher could not place this row."
        )
    area = areas.get(code)
    if area is None:
        raise _Bad(
            OUTSIDE, f"{_quoted(code)} lies outside the scheme's districts", "Nothing: it is not needed here."
        )
    away_km = math.hypot((lon - area.lon) * 111.2 * math.cos(math.radians(lat)), (lat - area.lat) * 111.2)
    if away_km > _FAR_KM:
        raise _Bad(
            "far_away", f"the point lies {away_km:.0f} km from {code}", "Compare with the published file."
        )
    return area


def _degrees(row: dict[str, str], column: str) -> float:
    text = row[column]
    if not text:
        raise _Bad("no_place", f"no {column.lower()}", "The publisher could not place this row.")
    try:
        value = float(text)
    except ValueError:
        raise _Bad(
            "place", f"the {column.lower()} {_quoted(text)} is not a number", "Write decimal degrees."
        ) from None
    if not math.isfinite(value):
        raise _Bad(
            "place", f"the {column.lower()} {_quoted(text)} is not a finite number", "Write decimal degrees."
        )
    return value


def _check_place(lon: float, lat: float) -> None:
    if -9 <= lon <= 3 and 49 <= lat <= 61:
        return
    if -9 <= lat <= 3 and 49 <= lon <= 61:
        raise _Bad(
            "swapped", "longitude and latitude are swapped", "Put longitude first; nothing was swapped here."
        )
    raise _Bad(
        "place", f"{lon:g}, {lat:g} lies outside Great Britain", "Write WGS84 degrees, longitude first."
    )


def _record(file_hash: str, line: int, row: dict[str, str], area: SmallArea) -> PastRecord:
    location = row["Location"].removeprefix("On or near ")
    return PastRecord(
        file_hash=file_hash,
        line=line,
        month=row["Month"],
        kind=row["Crime type"],
        lon=float(row["Longitude"]),
        lat=float(row["Latitude"]),
        location=location[:120],
        lsoa=row["LSOA code"],
        district=area.district,
    )


def _quoted(text: str) -> str:
    return f'"{_shortened(text)}"'


def _shortened(text: str, limit: int = 60) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
