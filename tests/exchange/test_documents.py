"""A PDF document is kept as it is, or refused in words: for what it would do, or since nobody can tell what it does."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jru.errors import InvalidInput
from jru.exchange.attachments import MOST_BYTES, PDF, clean
from jru.exchange.pdf.document import Document
from jru.exchange.pdf.syntax import DEEPEST, Parts, Unreadable

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [] /Count 0 >>"


def pdf(*more: bytes, catalog: bytes = CATALOG, trailer: bytes = b"<< /Size 3 /Root 1 0 R >>") -> bytes:
    """Return a document of a catalogue, its pages and more as it is written."""
    first = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", numbered(1, catalog), numbered(2, PAGES)]
    return b"\n".join([*first, *more, b"trailer", trailer, b"startxref", b"0", b"%%EOF", b""])


def numbered(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%s\nendobj" % (number, body)


def stream(number: int, head: bytes, held: bytes, length: bytes | None = None) -> bytes:
    told = b"%d" % len(held) if length is None else length
    return numbered(number, b"<< %s /Length %s >>\nstream\n%s\nendstream" % (head, told, held))


def packed(*objects: bytes, head: bytes = b"/Type /ObjStm /Filter /FlateDecode") -> bytes:
    """Return a stream with objects 10, 11 and so on in it."""
    places, text = b"", b""
    for number, one in enumerate(objects, 10):
        places += b"%d %d " % (number, len(text))
        text += one + b" "
    whole = b"%s /N %d /First %d" % (head, len(objects), len(places))
    held = places + text
    return stream(9, whole, zlib.compress(held) if b"Flate" in head else held)


def refusal(raw: bytes) -> InvalidInput:
    with pytest.raises(InvalidInput) as refused:
        clean(raw)
    assert refused.value.code == "active"
    assert "print it" in refused.value.remedy
    return refused.value


def unreadable(raw: bytes) -> bool:
    return "cannot be looked through" in refusal(raw).message


GOOD = {
    "plain": pdf(),
    "a stream": pdf(stream(3, b"", b"q Q")),
    "a length elsewhere": pdf(stream(3, b"", b"q Q", b"4 0 R"), numbered(4, b"3")),
    "a length that counts the line's end": pdf(stream(3, b"", b"q Q", b"4")),
    "objects in a stream": pdf(packed(b"<< /Type /Font >>", b"[1 (two) 3 0 R]", b"(six (6))")),
    "objects in an open stream": pdf(packed(b"<< /Type /Font >>", head=b"/Type /ObjStm")),
    "objects in a stream with a list of filters": pdf(packed(b"7", head=b"/Filter [/FlateDecode]")),
    "a later version": pdf() + pdf()[len(b"%PDF-1.7\n") :],
    "comments and every kind of value": pdf(
        numbered(3, b"<</A[-1.5 .5 +3 4. true false null<0 aF>(a\\)(b)\\\\)/B#20c 3 0 R]%x\n/D<<>>>>")
    ),
    "a table of places": pdf(b"xref\n0 2\n0000000000 65535 f \n0000000017 00000 n \n", b"trailer <<>>"),
    "opens at a page": pdf(catalog=b"<< /OpenAction [2 0 R /Fit] >>"),
    "opens at a page elsewhere": pdf(numbered(3, b"[2 0 R /Fit]"), catalog=b"<< /OpenAction 3 0 R >>"),
    "opens at a name": pdf(catalog=b"<< /OpenAction (chapter) >>"),
    "goes to a page": pdf(catalog=b"<< /OpenAction << /S /GoTo /D [2 0 R /Fit] >> >>"),
    "a link to a site": pdf(numbered(3, b"<< /A << /S /URI /URI (https://example.org) >> >>")),
    "names in a picture": pdf(stream(3, b"", b"\xff/JS(x)/AA /Launch<</OpenAction 1 0 R\x00/Encrypt")),
    "names in a text": pdf(numbered(3, b"(/JS and /Launch and %comment)")),
    "a colour profile": pdf(stream(3, b"/N 3 /Filter /FlateDecode", zlib.compress(b"/JS"))),
}


@pytest.mark.parametrize("raw", GOOD.values(), ids=GOOD)
def test_a_plain_document_is_kept_as_it_is(raw: bytes) -> None:
    found = clean(raw)
    assert (found.media_type, found.content) == (PDF, raw)


def test_what_a_scanner_writes_is_kept() -> None:
    made = io.BytesIO()
    pages = [Image.effect_noise((600, 800), 80), Image.new("RGB", (600, 800), "white")]
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:], title="Trailer (1)")
    assert clean(made.getvalue()).content == made.getvalue()


def test_as_large_a_scan_as_is_taken_costs_little_work() -> None:
    noise = bytes((one * one * 7 + one // 3) % 251 for one in range(65_536)) * 63
    raw = pdf(stream(3, b"/Filter /DCTDecode", noise))
    assert MOST_BYTES * 0.98 < len(raw) < MOST_BYTES
    Document(raw, Parts(100)).look_through()


@pytest.mark.parametrize(
    "written", [str, lambda name: f"{name[:-1]}#{ord(name[-1]):02x}"], ids=["", "escaped"]
)
@pytest.mark.parametrize("after", [" (x)", "(x)", "<<>>", "[]", "/X"])
@pytest.mark.parametrize(
    "name",
    ["/JS", "/JavaScript", "/AA", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/XFA", "/Encrypt"],
)
def test_a_document_that_does_something_is_refused_with_a_sentence(
    name: str, after: str, written: Callable[[str], str]
) -> None:
    key = f"{written(name)}{after}".encode()
    for raw in (
        pdf(catalog=b"<< %s >>" % key),
        pdf(trailer=b"<< /Root 1 0 R %s >>" % key),
        pdf(packed(b"7", b"[<< %s >>]" % key)),
    ):
        assert name in refusal(raw).message


@pytest.mark.parametrize(
    "action",
    [
        b"<< /S /URI /URI (https://example.org) >>",
        b"<< /S /Named /N /Print >>",
        b"<< /S 3 0 R >>",
        b"<< /S /GoTo /D [2 0 R /Fit] /Next << /S /URI >> >>",
        b"3 0 R",
        b"4 0 R",
        b"10 0 R",
    ],
)
def test_what_happens_at_opening_is_showing_a_page_or_nothing(action: bytes) -> None:
    more = (numbered(3, b"<< /S /URI >>"), numbered(4, b"3 0 R"), packed(b"<< /S /Named >>"))
    assert "/OpenAction" in refusal(pdf(*more, catalog=b"<< /OpenAction %s >>" % action)).message


def test_the_latest_version_of_what_happens_at_opening_does_not_hide_behind_the_first() -> None:
    versions = [numbered(3, b"[2 0 R /Fit]"), numbered(3, b"<< /S /URI >>")]
    for one, other in (versions, reversed(versions)):
        assert "/OpenAction" in refusal(pdf(one, other, catalog=b"<< /OpenAction 3 0 R >>")).message


JS = b"<< /S /JavaScript /JS (app.alert(1)) >>"
SQUEEZED = zlib.compress(b"10 0 " + JS)
HEX = zlib.compress((b"10 0 " + JS).hex().encode() + b">")
HEAD = b"/N 1 /First 5"
DOING = {
    "a comment before the stream": stream(
        9, b"/Type /ObjStm %%stream\n%s /Filter /FlateDecode" % HEAD, SQUEEZED
    ),
    "a text before the stream": stream(9, b"/X (stream\n) %s /Filter /FlateDecode" % HEAD, SQUEEZED),
    "a stream of no kind": stream(9, b"%s /Filter /FlateDecode" % HEAD, SQUEEZED),
    "a name as an object": numbered(3, b"/JavaScript"),
    "a list": numbered(3, b"[[%s]]" % JS),
    "a file beside": stream(3, b"/F (file)", b""),
}
UNCLEAR = {
    "packed twice": stream(9, b"%s /Filter [/FlateDecode /FlateDecode]" % HEAD, zlib.compress(SQUEEZED)),
    "packed another way": stream(9, b"%s /Filter [/FlateDecode /ASCIIHexDecode]" % HEAD, HEX),
    "packed by an unknown way": stream(9, b"%s /Filter /LZWDecode" % HEAD, b"zz"),
    "packed with a step": stream(
        9, b"%s /Filter /FlateDecode /DecodeParms << /Predictor 12 >>" % HEAD, SQUEEZED
    ),
    "packed and cut": stream(9, b"%s /Filter /FlateDecode" % HEAD, SQUEEZED[:-6]),
    "packed and gone on": stream(9, b"%s /Filter /FlateDecode" % HEAD, zlib.compress(b"10 0 7") + b"more"),
    "packed far too much": stream(9, b"%s /Filter /FlateDecode" % HEAD, zlib.compress(bytes(20_000_000))),
    "a packed object within a text": stream(9, b"/N 2 /First 9", b"10 0 11 3 (x << /S /JavaScript >> )"),
    "packed objects with something between": stream(9, HEAD, b"10 9 (hidden) 7"),
    "packed objects of which some are not told": stream(9, HEAD, b"10 0 7 8"),
    "packed objects that run backwards": stream(9, b"/N 2 /First 10", b"10 2 11 0 7 8 "),
    "packed objects past the end": stream(9, HEAD, b"10 9"),
    "fewer packed objects than told": stream(9, b"/N 9 /First 5", b"10 0 7"),
    "a number too long": stream(9, b"/N 1 /First 5000", b"1" * 5000 + b" 7"),
    "an object in a text": numbered(3, b"(4 0 obj " + JS + b" endobj)"),
    "an object in a comment": b"% 4 0 obj " + JS + b" endobj",
    "an object over two comments": b"% 4%\n0%\nobj " + JS + b" endobj",
    "an object in a stream": stream(3, b"", b"4 0 obj " + JS + b" endobj"),
    "an object far behind its number": stream(3, b"", b"4 0" + b" " * 99 + b"obj " + JS),
    "a trailer in a stream": stream(3, b"", b"trailer << /Root << >> >>"),
    "a stream that ends too early": stream(3, b"", b"q Q\nendstream endobj 4 0 obj ("),
    "a stream that ends too late": stream(3, b"", b"q Q", b"9"),
    "a stream of an unknown length": stream(3, b"", b"q Q", b"4 0 R"),
    "a stream of two lengths": b"\n".join(
        [stream(3, b"", b"q Q", b"4 0 R"), numbered(4, b"3"), numbered(4, b"300")]
    ),
    "a stream without an end": b"3 0 obj << /Length 9 >> stream\nq Q",
    "a stream of no dictionary": numbered(3, b"[]\nstream\n\nendstream"),
    "a key twice": numbered(3, b"<< /S /GoTo /S /URI >>"),
    "a key twice, once escaped": numbered(3, b"<< /S /GoTo /#53 /URI >>"),
    "a key without a value": numbered(3, b"<< /S >>"),
    "a key that is none": numbered(3, b"<< (S) /URI >>"),
    "brackets that cross": numbered(3, b"[<< ]>>"),
    "a bracket too many": numbered(3, b"7]"),
    "a text without an end": numbered(3, b"(x"),
    "nested too deep": numbered(3, b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1)),
    "a name too long": numbered(3, b"/" + b"#41" * 2_000),
    "a word of nobody": numbered(3, b"<< /S obj >>"),
    "something between objects": b"hello",
    "an object without an end": b"3 0 obj 7",
    "a trailer that is none": b"trailer 7",
}


@pytest.mark.parametrize("more", DOING.values(), ids=DOING)
def test_what_a_document_does_is_found_wherever_it_stands(more: bytes) -> None:
    assert not unreadable(pdf(more))


@pytest.mark.parametrize("more", UNCLEAR.values(), ids=UNCLEAR)
def test_what_two_readers_could_read_in_two_ways_is_refused(more: bytes) -> None:
    assert unreadable(pdf(more))


def test_an_encrypted_document_is_refused_as_one() -> None:
    locked = pdf(
        stream(9, b"%s /Filter /FlateDecode" % HEAD, b"\x01\x02"), trailer=b"<< /Root 1 0 R /Encrypt 5 0 R >>"
    )
    assert "/Encrypt" in refusal(locked).message


def test_a_document_of_too_many_parts_is_refused() -> None:
    raw = pdf(numbered(3, b"[" + b"1 " * 200 + b"]"))
    Document(raw, Parts(400)).look_through()
    with pytest.raises(Unreadable):
        Document(raw, Parts(200)).look_through()


WORDS = (
    b"1 0 obj|endobj|<<|>>|[|]|(|)|<|>|/Length|/First|/N|/F|stream\n|endstream|trailer|xref|startxref|7|-1|2 0 R|%"
    b"|\n|\\|/Root|/Filter|/FlateDecode|/#|#41|{|1.|.|\x00|null"
).split(b"|")


@given(st.lists(st.sampled_from([*WORDS, b"9" * 5_000]), max_size=30), st.sampled_from([b"", b" "]))
def test_words_in_any_order_are_kept_or_refused(words: list[bytes], between: bytes) -> None:
    kept_or_refused(pdf(between.join(words)))


@given(st.binary(max_size=300))
def test_any_bytes_in_the_middle_are_kept_or_refused(some: bytes) -> None:
    kept_or_refused(pdf(some))


WHOLE = pdf(packed(b"<< /Type /Font >>", b"[1 2]"), stream(3, b"", b"q Q", b"4 0 R"), numbered(4, b"3"))


@given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=3), st.integers(0, 9))
def test_a_damaged_document_is_kept_or_refused(at: int, some: bytes, gone: int) -> None:
    kept_or_refused(WHOLE[:at] + some + WHOLE[at + gone :])


def kept_or_refused(raw: bytes) -> None:
    try:
        found = clean(raw)
    except InvalidInput:
        return
    assert found.content == raw
