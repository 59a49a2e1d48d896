"""The values that a PDF document is made of (ISO 32000-1, 7.2 and 7.3), read within bounds of depth and number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias

MOST_PARTS = 500_000
"""How many values, brackets and signs within texts are read: about a second's work."""
DEEPEST = 100
LONGEST_NAME = 1_000
BLANKS = b"\x00\t\n\x0c\r "
_B = r"[\x00\t\n\x0c\r ]"
_LAST = r"(?![^\x00\t\n\x0c\r ()<>\[\]{}/%])"
_BETWEEN = rf"(?:{_B}++|%[^\r\n]*+)*+"
_BLANK = re.compile(_BETWEEN.encode())
_TOKEN = re.compile(
    rf"""{_BETWEEN}(?:
    (?P<name> /[^\x00\t\n\x0c\r ()<>\[\]{{}}/%]*+)
    | (?P<reference> [0-9]{{1,10}}{_B}++[0-9]{{1,5}}{_B}++R){_LAST}
    | (?P<number> [+-]?+(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)){_LAST}
    | (?P<open> <<|\[) | (?P<close> >>|\]) | (?P<text> \()
    | (?P<hex> <[0-9A-Fa-f\x00\t\n\x0c\r ]*+>)
    | (?P<word> [A-Za-z]++){_LAST}
    )""".encode(),
    re.VERBOSE,
)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_IN_TEXT = re.compile(rb"[()]|\\.", re.DOTALL)
_DIGITS = re.compile(rb"[0-9]{1,10}")
_CONSTANTS = {b"true": True, b"false": False, b"null": None}


def number_at(text: bytes) -> int:
    """Return the whole number that some bytes begin with; 0 without one."""
    digits = _DIGITS.match(text)
    return int(digits[0]) if digits is not None else 0


class Unreadable(Exception):
    """Here stands what the format does not have, or more of it than is read."""


class Name(str):
    """A name, with the letters that stood as numbers: /J#53 is JS."""


class Reference(NamedTuple):
    """Stands for an object elsewhere, by its number."""

    number: int


Value: TypeAlias = "bool | int | float | bytes | Name | Reference | list[Value] | dict[str, Value] | None"
"""A text is kept as no bytes at all: nothing depends on what it says."""


class Watching(Protocol):
    """Is shown every name and every dictionary as soon as it is read, and may refuse it."""

    def name(self, name: str) -> None:
        """Look at a name."""
        ...

    def entries(self, entries: dict[str, Value]) -> None:
        """Look at a dictionary."""
        ...


@dataclass(slots=True)
class Parts:
    """How many parts of a document may still be read."""

    left: int = MOST_PARTS

    def spend(self) -> None:
        """Count one; raises Unreadable after the last."""
        if not self.left:
            raise Unreadable
        self.left -= 1


@dataclass(slots=True)
class _Open:
    """A list or a dictionary that is being read."""

    closed_by: bytes
    values: list[Value] = field(default_factory=list)


@dataclass(slots=True)
class Reader:
    """A place in some bytes, up to an end."""

    raw: bytes
    watching: Watching
    parts: Parts
    at: int
    end: int

    def blank(self) -> bool:
        """Pass over blanks and comments; return whether nothing follows."""
        found = _BLANK.match(self.raw, self.at, self.end)
        if found is not None:
            self.at = found.end()
        return self.at >= self.end

    def value(self) -> Value:
        """Return the next value; raises Unreadable."""
        opened: list[_Open] = []
        while True:
            kind, text = self._token()
            if kind == "open":
                if len(opened) == DEEPEST:
                    raise Unreadable
                opened.append(_Open(b">>" if text == b"<<" else b"]"))
                continue
            value = self._closed(opened, text) if kind == "close" else self._single(kind, text)
            if not opened:
                return value
            opened[-1].values.append(value)

    def word(self) -> bytes:
        """Return the next word, such as endobj; raises Unreadable."""
        kind, text = self._token()
        if kind != "word":
            raise Unreadable
        return text

    def _token(self) -> tuple[str, bytes]:
        """Return the kind and the bytes of what stands next, past blanks and comments."""
        self.parts.spend()
        token = _TOKEN.match(self.raw, self.at, self.end)
        kind = token.lastgroup if token is not None else None
        if token is None or kind is None:
            raise Unreadable
        self.at = token.end()
        return kind, token[kind]

    def _single(self, kind: str, text: bytes) -> Value:
        """Return a value that holds no other."""
        if kind == "name":
            return self._name(text)
        if kind == "reference":
            return Reference(number_at(text))
        if kind == "number":
            return int(text) if len(text) < 16 and b"." not in text else 0.0
        if kind == "text":
            return self._text()
        if kind == "hex":
            return b""
        if text not in _CONSTANTS:
            raise Unreadable
        return _CONSTANTS[text]

    def _name(self, text: bytes) -> Name:
        if len(text) > LONGEST_NAME:
            raise Unreadable
        plain = _ESCAPED.sub(lambda escaped: bytes([int(escaped[1], 16)]), text) if b"#" in text else text
        name = Name(plain[1:].decode("latin-1"))
        self.watching.name(name)
        return name

    def _text(self) -> bytes:
        """Pass over a text whose bracket is read, with those within it."""
        depth = 1
        while depth:
            self.parts.spend()
            found = _IN_TEXT.search(self.raw, self.at, self.end)
            if found is None:
                raise Unreadable
            self.at = found.end()
            depth += {b"(": 1, b")": -1}.get(found[0], 0)
        return b""

    def _closed(self, opened: list[_Open], text: bytes) -> Value:
        """Return the innermost list or dictionary, which ends here."""
        if not opened or opened[-1].closed_by != text:
            raise Unreadable
        values = opened.pop().values
        if text == b"]":
            return values
        keys, held = values[::2], values[1::2]
        entries: dict[str, Value] = {
            key: value for key, value in zip(keys, held, strict=False) if isinstance(key, Name)
        }
        if 2 * len(entries) != len(values):
            raise Unreadable  # a key that is none, without a value, or twice: readers would differ
        self.watching.entries(entries)
        return entries
