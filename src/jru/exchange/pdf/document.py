"""A PDF document looked through for what runs, opens or carries something when somebody reads it.

It is read from the first byte to the last, one object after the other, and not along its own table of places: whatever
object a reader may be sent to is seen. Where two readers could take the bytes for two different things (a stream
that does not end where it says, a key twice, an object within a text), it is refused.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from .syntax import BLANKS, Parts, Reader, Reference, Unreadable, Value, number_at

MOST_UNPACKED = 16 * 1024 * 1024
_PROGRAM, _FILE, _PLACE = "a program", "another file", "a step to another place"
_FORM, _AT_ONCE = "a form or a film", "something that happens when it is opened"
ACTIVE = {
    **dict.fromkeys(("JS", "JavaScript"), _PROGRAM),
    **dict.fromkeys(("EF", "EmbeddedFile", "EmbeddedFiles", "Filespec"), _FILE),
    **dict.fromkeys(("GoToE", "GoToR", "ImportData", "Launch", "SubmitForm"), _PLACE),
    **dict.fromkeys(("3D", "Movie", "Rendition", "RichMedia", "Sound", "XFA"), _FORM),
    "Encrypt": "what cannot be looked through",
}
"""Names of what a document may not hold (ISO 32000-1, 7.6, 7.11, 12.6), and what they stand for."""
_B = rb"[\x00\t\n\x0c\r ]"
_SECTION = re.compile(
    rb"(?P<object>[0-9]{1,10}" + _B + rb"++[0-9]{1,5}" + _B + rb"++obj)(?![0-9A-Za-z])"
    rb"|(?P<trailer>trailer)(?![0-9A-Za-z])"
    rb"|(?P<table>xref(?:" + _B + rb"++(?:[0-9]++|[nf]))*+)"
    rb"|(?P<start>startxref" + _B + rb"++[0-9]++)"
)
_NUMBER = re.compile(rb"[0-9]+")
_NUMBERS = re.compile(_B + rb"*+(?:[0-9]{1,10}+(?![0-9])" + _B + rb"*+)*+")
_DATA = re.compile(rb"[ \t]*(?:\r\n|\n)")
_LIKE_OBJECT = re.compile(rb"(?<!end)obj(?=[\x00\t\n\x0c\r ()<>\[\]/%])")
_BEFORE = re.compile(rb"(?:^|[\r\n]|[0-9]" + _B + rb"+)" + _B + rb"*[0-9]*" + _B + rb"*\Z")
_LIKE_TRAILER = re.compile(rb"trailer" + _B + rb"*[<%]")
_LOOK_BACK = 32
MOST_LIKE_OBJECTS = 1_000
_MOST_BLANKS = 8
_NOTHING: list[Value] = [None, {}, [None], [{}]]


class Active(Exception):
    """The document holds what it may not: the name, and what that stands for."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(name)
        self.name = name
        self.what = what


@dataclass(slots=True)
class _Owed:
    """A stream whose length stands in an object elsewhere."""

    number: int
    begin: int
    end: int


@dataclass(slots=True)
class Document:
    """One document, being looked through."""

    raw: bytes
    parts: Parts = field(default_factory=Parts)
    unpacked_left: int = MOST_UNPACKED
    rooted: bool = False
    marks: set[int] = field(default_factory=set)
    """Where the words obj and trailer stand that were read as such."""
    owed: list[_Owed] = field(default_factory=list)
    lengths: dict[int, set[int]] = field(default_factory=dict)
    opened: list[Value] = field(default_factory=list)
    still: dict[int, bool] = field(default_factory=dict)
    """Whether an object, in all its versions, does no more than show a page when the document is opened."""

    def look_through(self) -> None:
        """Read everything; raises Active, or Unreadable where something cannot be looked through."""
        reader = Reader(self.raw, self, self.parts, 0, len(self.raw))
        while not reader.blank():
            self._section(reader)
        if not self.rooted or not all(self._has_a_length(one) for one in self.owed):
            raise Unreadable
        self._nothing_else_looks_like_one()
        if not all(self._shows_a_page(value) for value in self.opened):
            raise Active("OpenAction", _AT_ONCE)

    def name(self, name: str) -> None:
        """Refuse what may not be there."""
        if name in ACTIVE:
            raise Active(name, ACTIVE[name])

    def entries(self, entries: dict[str, Value]) -> None:
        """Refuse what happens by itself, and note what is told of the whole."""
        if "AA" in entries:
            raise Active("AA", _AT_ONCE)
        if "OpenAction" in entries:
            self.opened.append(entries["OpenAction"])
        if "Root" in entries:
            self.rooted = True

    def _section(self, reader: Reader) -> None:
        """Read one object, table or trailer."""
        self.parts.spend()
        found = _SECTION.match(self.raw, reader.at)
        if found is None:
            raise Unreadable
        reader.at = found.end()
        if found.lastgroup == "object":
            self.marks.add(found.end() - len(b"obj"))
            self._object(reader, number_at(found[0]))
        elif found.lastgroup == "trailer":
            self.marks.add(found.start())
            if not isinstance(reader.value(), dict):
                raise Unreadable

    def _object(self, reader: Reader, number: int) -> None:
        value = reader.value()
        self._note(number, value)
        word = reader.word()
        if word == b"stream":
            if not isinstance(value, dict):
                raise Unreadable
            self._stream(reader, value)
            word = reader.word()
        if word != b"endobj":
            raise Unreadable

    def _note(self, number: int, value: Value) -> None:
        """Keep of an object what others may refer to."""
        if isinstance(value, int):
            self.lengths.setdefault(number, set()).add(value)
        self.still[number] = self.still.get(number, True) and (
            not isinstance(value, Reference) and self._shows_a_page(value)
        )

    def _shows_a_page(self, value: Value) -> bool:
        if isinstance(value, Reference):
            return self.still.get(value.number, True)
        if isinstance(value, dict):
            return value.get("S") == "GoTo" and "Next" not in value
        return True

    def _stream(self, reader: Reader, entries: dict[str, Value]) -> None:
        """Pass over the bytes of a stream, after looking through the objects in it."""
        data = _DATA.match(self.raw, reader.at)
        begin = data.end() if data is not None else 0
        end = self.raw.find(b"endstream", begin)
        length = entries.get("Length")
        if data is None or end < 0:
            raise Unreadable
        if isinstance(length, Reference):
            self.owed.append(_Owed(length.number, begin, end))
        elif not isinstance(length, int) or not self._fits(begin, length, end):
            raise Unreadable
        if "F" in entries:
            raise Active("F", _FILE)
        if "First" in entries or entries.get("Type") == "ObjStm":
            self._packed(entries, begin, end)
        reader.at = end + len(b"endstream")

    def _fits(self, begin: int, length: int, end: int) -> bool:
        """Return whether a stream ends where it says, but for a line's end."""
        rest = end - begin - length
        return length >= 0 and 0 <= rest <= _MOST_BLANKS and not self.raw[end - rest : end].strip(BLANKS)

    def _has_a_length(self, owed: _Owed) -> bool:
        told = self.lengths.get(owed.number, set())
        return bool(told) and all(self._fits(owed.begin, length, owed.end) for length in told)

    def _packed(self, entries: dict[str, Value], begin: int, end: int) -> None:
        """Look through the objects in a stream."""
        text = self._unpacked(entries, begin, end)
        count, first = entries.get("N"), entries.get("First")
        if not isinstance(count, int) or not isinstance(first, int) or not 0 <= first <= len(text):
            raise Unreadable
        for number, start, stop in _places(text, count, first):
            reader = Reader(text, self, self.parts, start, stop)
            self._note(number, reader.value())
            if not reader.blank():
                raise Unreadable

    def _unpacked(self, entries: dict[str, Value], begin: int, end: int) -> bytes:
        """Return the bytes of a stream packed in the one usual way, or not at all."""
        kind = entries.get("Filter")
        if kind is None:
            text = self.raw[begin:end]
        elif kind in ("FlateDecode", ["FlateDecode"]) and "DP" not in entries:
            if entries.get("DecodeParms") not in _NOTHING:
                raise Unreadable
            text = self._inflated(begin, end)
        else:
            raise Unreadable
        self.unpacked_left -= len(text)
        if self.unpacked_left <= 0:
            raise Unreadable
        return text

    def _inflated(self, begin: int, end: int) -> bytes:
        inflating = zlib.decompressobj()
        try:
            text = inflating.decompress(memoryview(self.raw)[begin:end], self.unpacked_left)
        except zlib.error as error:
            raise Unreadable from error
        if not inflating.eof or inflating.unused_data.strip(BLANKS):
            raise Unreadable
        return text

    def _nothing_else_looks_like_one(self) -> None:
        """Refuse an object or a trailer within a text, a comment or a stream: a reader may be sent there."""
        if not self.marks.issuperset(found.start() for found in _LIKE_TRAILER.finditer(self.raw)):
            raise Unreadable
        like = (found.start() for found in _LIKE_OBJECT.finditer(self.raw) if found.start() not in self.marks)
        for count, at in enumerate(like):
            if count == MOST_LIKE_OBJECTS or _BEFORE.search(self.raw[max(0, at - _LOOK_BACK) : at]):
                raise Unreadable


def _places(text: bytes, count: int, first: int) -> Iterator[tuple[int, int, int]]:
    """Yield number, begin and end of each object in a stream, which leave nothing out; raises Unreadable."""
    if not _NUMBERS.fullmatch(text, 0, first):
        raise Unreadable
    told = _NUMBER.findall(text, 0, first)
    if len(told) != 2 * count:
        raise Unreadable
    starts = [first + int(one) for one in told[1::2]]
    stops = [*starts[1:], len(text)]
    if text[first : starts[0] if starts else len(text)].strip(BLANKS):
        raise Unreadable
    for number, start, stop in zip(told[::2], starts, stops, strict=True):
        if not start < stop <= len(text):
            raise Unreadable
        yield int(number), start, stop
