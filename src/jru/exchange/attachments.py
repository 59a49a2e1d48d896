"""Photos and documents as they come in: what they are is told by their bytes, and a photo is drawn anew.

Drawing anew leaves everything behind that is not the picture: place, camera, time and owner (Exif, XMP), hidden
layers and whatever else was packed into the file.
"""

from __future__ import annotations

import io
import re
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps

from jru.errors import InvalidInput

MOST_BYTES = 4 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2560
QUALITY = 85
JPEG, PDF = "image/jpeg", "application/pdf"
_FORMATS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"%PDF-": "PDF"}
_ACTIVE = {
    **dict.fromkeys(("JS", "JavaScript"), "a program"),
    **dict.fromkeys(("AA", "OpenAction", "Launch"), "something that happens when it is opened"),
    **dict.fromkeys(("EmbeddedFile", "EmbeddedFiles", "Filespec"), "another file"),
    **dict.fromkeys(("RichMedia", "XFA"), "a form or a film"),
    "Encrypt": "what cannot be looked through",
}
"""Names of what a document may not hold (ISO 32000-1, 7.6, 7.11, 12.6), and what they stand for."""
_NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]{1,127})")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream[ \t]*(?:\r\n|\n|\r)")
MOST_UNPACKED = 16 * 1024 * 1024
MOST_PACKED = 1_000
_DRAWING = threading.Lock()
"""Pictures are drawn one at a time: a large one takes more than a hundred megabytes while it is open."""


@dataclass(frozen=True, slots=True)
class Clean:
    """What may be kept."""

    media_type: str
    content: bytes


def look(raw: bytes) -> str:
    """Return JPEG, PNG or PDF by the size and the first bytes alone, which costs nothing; raises InvalidInput."""
    if len(raw) > MOST_BYTES:
        raise InvalidInput(
            "too_large", f"an attachment holds at most {MOST_BYTES >> 20} MiB", "send a smaller one"
        )
    for start, name in _FORMATS.items():
        if raw.startswith(start):
            return name
    raise InvalidInput("unknown_kind", "this is neither a JPEG or PNG picture nor a PDF document")


def clean(raw: bytes) -> Clean:
    """Return a photo drawn anew as JPEG, or a document as it is; raises InvalidInput for anything else."""
    name = look(raw)
    return _document(raw) if name == "PDF" else Clean(JPEG, _drawn_anew(raw, name))


def _document(raw: bytes) -> Clean:
    if b"%%EOF" not in raw[-2048:]:
        raise InvalidInput("broken", "the document is not complete", "send it again")
    for text in (raw, *_unpacked(raw)):
        found = next((name for name in _names(text) if name in _ACTIVE), None)
        if found is not None:
            raise InvalidInput(
                "active",
                f"the document holds {_ACTIVE[found]} (/{found})",
                "print it to a plain PDF first",
                {"name": found},
            )
    return Clean(PDF, raw)


def _names(text: bytes) -> Iterator[str]:
    """Yield the names in a document, whose letters may stand as numbers: /J#53 is /JS."""
    for found in _NAME.finditer(text):
        plain = _ESCAPED.sub(lambda escaped: bytes([int(escaped[1], 16)]), found[1])
        yield plain.decode("latin-1")


def _unpacked(raw: bytes) -> Iterator[bytes]:
    """Yield what stands packed in streams of objects; raises InvalidInput when one cannot be looked into."""
    left, streams, before = MOST_UNPACKED, 0, 0
    for begun in _STREAM.finditer(raw):
        names = set(_names(raw[before : begun.start()]))
        before = begun.end()
        if "ObjStm" not in names or "Filter" not in names:
            continue
        streams += 1
        unpacking = zlib.decompressobj()
        try:
            text = unpacking.decompress(memoryview(raw)[before : raw.find(b"endstream", before)], left)
        except zlib.error as error:
            raise _closed() from error
        left -= len(text)
        if left <= 0 or streams > MOST_PACKED or "Predictor" in names or not unpacking.eof:
            raise _closed()
        yield text


def _closed() -> InvalidInput:
    return InvalidInput(
        "active", "a part of the document cannot be looked through", "print it to a plain PDF first"
    )


def _drawn_anew(raw: bytes, name: str) -> bytes:
    try:
        with _DRAWING, Image.open(io.BytesIO(raw), formats=[name]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise InvalidInput(
                    "too_large", f"a picture has at most {MOST_PIXELS // 10**6} million points"
                )
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            with_alpha = ImageOps.exif_transpose(picture).convert("RGBA")
            flat = Image.new("RGB", with_alpha.size, "white")
            flat.paste(with_alpha, mask=with_alpha.getchannel("A"))
    except InvalidInput:
        raise
    except Exception as error:  # whatever a decoder stumbles over, there is no picture
        raise InvalidInput("broken", "the picture cannot be read", "take or send it again") from error
    made = io.BytesIO()
    flat.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()
