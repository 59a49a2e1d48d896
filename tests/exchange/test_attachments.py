"""What comes in as a photo or a document is what it says, holds nothing hidden, and cannot exhaust the server."""

from __future__ import annotations

import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jru.errors import InvalidInput
from jru.exchange.attachments import JPEG, LONGEST_SIDE, MOST_BYTES, PDF, clean, look

PDF_PAGE = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def picture(kind: str = "JPEG", size: tuple[int, int] = (80, 40), **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, kind, **more)
    return made.getvalue()


def opened(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw))


def tagged() -> bytes:
    exif = Image.Exif()
    exif[MAKER] = "ZEBRACAMERA"
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS)[1] = "N"
    return picture(exif=exif, comment=b"ZEBRACOMMENT")


def test_a_photo_loses_everything_but_the_picture_and_stands_upright() -> None:
    raw = tagged()
    assert b"ZEBRACAMERA" in raw
    found = clean(raw)
    assert found.media_type == JPEG
    assert b"ZEBRA" not in found.content
    again = opened(found.content)
    assert dict(again.getexif()) == {}
    assert again.size == (40, 80)


def test_a_large_photo_is_made_smaller_and_a_png_becomes_a_jpeg() -> None:
    found = clean(picture("PNG", (4000, 1000)))
    assert opened(found.content).format == "JPEG"
    assert max(opened(found.content).size) == LONGEST_SIDE


def test_bytes_after_the_picture_are_left_behind() -> None:
    assert b"ZEBRAZIP" not in clean(picture() + b"PK\x03\x04ZEBRAZIP").content


def bomb(side: int) -> bytes:
    """Return a small PNG that says it is very large."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + kind + content + check

    head = side.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    packed = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7000, 12_000, 60_000])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_drawn(side: int) -> None:
    with pytest.raises(InvalidInput):
        clean(bomb(side))


def test_a_plain_document_is_kept_as_it_is() -> None:
    assert clean(PDF_PAGE) == clean(PDF_PAGE)
    assert clean(PDF_PAGE).media_type == PDF
    assert clean(PDF_PAGE).content == PDF_PAGE


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + bytes(100),
        b"MZ" + bytes(100),
        picture()[:60],
        PDF_PAGE[:40],
        PDF_PAGE.replace(b"/Catalog", b"/Catalog /OpenAction << /JavaScript (x) >>"),
        PDF_PAGE.replace(b"/Catalog", b"/Catalog /Launch (x)"),
        PDF_PAGE.replace(b"trailer << /Root 1 0 R >>", b""),
        picture() + bytes(MOST_BYTES),
    ],
)
def test_anything_else_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput):
        clean(raw)


def test_size_and_kind_are_told_without_opening_anything() -> None:
    assert [look(raw) for raw in (picture(), picture("PNG"), PDF_PAGE, bomb(60_000))] == [
        "JPEG",
        "PNG",
        "PDF",
        "PNG",
    ]
    for raw in (b"GIF89a", picture() + bytes(MOST_BYTES)):
        with pytest.raises(InvalidInput):
            look(raw)


@given(st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-", b""]), st.binary(max_size=300))
def test_garbage_is_refused_and_breaks_nothing(start: bytes, rest: bytes) -> None:
    with pytest.raises(InvalidInput):
        clean(start + rest)


@given(st.integers(0, 800), st.integers(0, 255))
def test_a_damaged_photo_is_refused_or_drawn_anew(at: int, value: int) -> None:
    raw = bytearray(tagged())
    raw[at % len(raw)] = value
    try:
        found = clean(bytes(raw))
    except InvalidInput:
        return
    assert b"ZEBRA" not in found.content
