"""Photos and documents as they come in: what they are is told by their bytes, and a photo is drawn anew.

Drawing anew leaves everything behind that is not the picture: place, camera, time and owner (Exif, XMP), hidden
layers and whatever else was packed into the file.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass

from PIL import Image, ImageOps

from jru.errors import InvalidInput

MOST_BYTES = 4 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2560
QUALITY = 85
JPEG, PDF = "image/jpeg", "application/pdf"
_FORMATS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
_ACTIVE = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")
_DRAWING = threading.Lock()
"""Pictures are drawn one at a time: a large one takes more than a hundred megabytes while it is open."""


@dataclass(frozen=True, slots=True)
class Clean:
    """What may be kept."""

    media_type: str
    content: bytes


def clean(raw: bytes) -> Clean:
    """Return a photo drawn anew as JPEG, or a document as it is; raises InvalidInput for anything else."""
    if len(raw) > MOST_BYTES:
        raise InvalidInput(
            "too_large", f"an attachment holds at most {MOST_BYTES >> 20} MiB", "send a smaller one"
        )
    if raw.startswith(b"%PDF-"):
        return _document(raw)
    for start, name in _FORMATS.items():
        if raw.startswith(start):
            return Clean(JPEG, _drawn_anew(raw, name))
    raise InvalidInput("unknown_kind", "this is neither a JPEG or PNG picture nor a PDF document")


def _document(raw: bytes) -> Clean:
    if b"%%EOF" not in raw[-2048:]:
        raise InvalidInput("broken", "the document is not complete", "send it again")
    found = next((word for word in _ACTIVE if word in raw), None)
    if found is not None:
        raise InvalidInput(
            "active", "the document holds a program, a form or another file", "print it to a plain PDF first"
        )
    return Clean(PDF, raw)


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
