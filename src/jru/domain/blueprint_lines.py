"""Where each key of a TOML text stands, so that every error can name its line.

The scanner expects text that `tomllib` has accepted; it finds keys and values and judges nothing.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from dataclasses import dataclass

Path = tuple[str | int, ...]
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SCALAR_END = re.compile(r"[,\]}#\n]")
_LINE_REST = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\r?\n|$)")


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to before `end` (offsets into the text), beginning on `line` (counted from 1)."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LineIndex:
    """Key path to place. `values` spans the value alone, `entries` the whole key or table with its header."""

    values: dict[Path, Span]
    entries: dict[Path, Span]
    line_count: int

    def line_of(self, path: Path) -> int:
        """Return the line of a key path, or of its nearest enclosing table when the key is absent."""
        for length in range(len(path), 0, -1):
            span = self.entries.get(path[:length])
            if span is not None:
                return span.line
        return 1


def index_lines(text: str) -> LineIndex:
    """Return the place of every key, table and array element of a valid TOML text."""
    return _Scanner(text).scan()


class _Scanner:
    """Walks the text once, from table header to key to value."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._newlines = [found.start() for found in re.finditer("\n", text)]
        self._values: dict[Path, Span] = {}
        self._entries: dict[Path, Span] = {}
        self._array_lengths: dict[Path, int] = {}

    def scan(self) -> LineIndex:
        table: Path = ()
        header: tuple[Path, int] | None = None
        self._skip_blank()
        while self._at < len(self._text):
            start = self._at
            if self._text[self._at] == "[":
                table = self._read_header()
                header = (table, start)
            else:
                self._read_pair(table)
            end = self._line_end()
            if header is not None:
                self._entries[header[0]] = Span(self._line(header[1]), header[1], end)
            self._skip_blank()
        return LineIndex(self._values, self._entries, len(self._newlines) + 1)

    def _line(self, offset: int) -> int:
        return bisect_left(self._newlines, offset) + 1

    def _line_end(self) -> int:
        found = _LINE_REST.match(self._text, self._at)
        return found.end() if found else self._at

    def _skip_blank(self) -> None:
        found = _BLANK.match(self._text, self._at)
        if found:
            self._at = found.end()

    def _read_header(self) -> Path:
        start = self._at
        is_array = self._text.startswith("[[", start)
        self._at += 2 if is_array else 1
        self._skip_blank()
        parts = self._read_key()
        self._skip_blank()
        self._at += 2 if is_array else 1
        path = self._enter((), parts[:-1], start)
        path = (*path, parts[-1])
        if is_array:
            self._entries.setdefault(path, Span(self._line(start), start, start))
            count = self._array_lengths.get(path, 0)
            self._array_lengths[path] = count + 1
            path = (*path, count)
        return path

    def _enter(self, base: Path, parts: list[str], start: int) -> Path:
        """Walk into tables that a dotted name passes, and into the last element of arrays of tables."""
        path = base
        for part in parts:
            path = (*path, part)
            self._entries.setdefault(path, Span(self._line(start), start, start))
            if path in self._array_lengths:
                path = (*path, self._array_lengths[path] - 1)
        return path

    def _read_key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip_blank()
            parts.append(self._read_key_part())
            self._skip_blank()
            if not self._text.startswith(".", self._at):
                return parts
            self._at += 1

    def _read_key_part(self) -> str:
        start = self._at
        if self._text[start] in "\"'":
            self._skip_string()
            name: str = tomllib.loads("key = " + self._text[start : self._at])["key"]
            return name
        found = _BARE_KEY.match(self._text, start)
        if found is None:
            raise ValueError(f"no key at offset {start}")
        self._at = found.end()
        return found.group()

    def _read_pair(self, table: Path) -> None:
        start = self._at
        parts = self._read_key()
        path = (*self._enter(table, parts[:-1], start), parts[-1])
        self._at += 1  # the equals sign
        self._skip_blank()
        self._read_value(path)
        self._entries[path] = Span(self._line(start), start, self._line_end())

    def _read_value(self, path: Path) -> None:
        start = self._at
        first = self._text[start]
        if first in "\"'":
            self._skip_string()
        elif first == "[":
            self._read_array(path)
        elif first == "{":
            self._read_inline_table(path)
        else:
            found = _SCALAR_END.search(self._text, start)
            self._at = found.start() if found else len(self._text)
        end = start + len(self._text[start : self._at].rstrip())
        self._values[path] = Span(self._line(start), start, end)

    def _read_array(self, path: Path) -> None:
        self._at += 1
        count = 0
        while self._next_element("]"):
            element = (*path, count)
            start = self._at
            self._read_value(element)
            self._entries[element] = Span(self._line(start), start, self._at)
            count += 1

    def _read_inline_table(self, path: Path) -> None:
        self._at += 1
        while self._next_element("}"):
            self._read_pair(path)

    def _next_element(self, closing: str) -> bool:
        """Step over blanks and one comma; return False after consuming the closing bracket."""
        self._skip_blank()
        if self._text[self._at] == ",":
            self._at += 1
            self._skip_blank()
        if self._text[self._at] == closing:
            self._at += 1
            return False
        return True

    def _skip_string(self) -> None:
        quote = self._text[self._at]
        fence = quote * 3 if self._text.startswith(quote * 3, self._at) else quote
        self._at += len(fence)
        while not self._text.startswith(fence, self._at):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        self._at += len(fence)
        if len(fence) == 3:  # up to two quotes may stand directly before the closing fence
            extra = 0
            while extra < 2 and self._text.startswith(quote, self._at):
                self._at += 1
                extra += 1
