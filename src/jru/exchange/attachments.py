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

from .pdf.document import Active, Document
from .pdf.syntax import Unreadable

MOST_BYTES = 4 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2560
QUALITY = 85
JPEG, PDF = "image/jpeg", "application/pdf"
_FORMATS = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"%PDF-": "PDF"}
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
    try:
        Document(raw).look_through()
    except Active as found:
        raise _refused(found.name, found.what) from found
    except Unreadable as error:
        if b"/Encrypt" in raw:
            raise _refused("Encrypt", "what cannot be looked through") from error
        raise InvalidInput(
            "active", "a part of the document cannot be looked through", "print it to a plain PDF first"
        ) from error
    return Clean(PDF, raw)


def _refused(name: str, what: str) -> InvalidInput:
    told = f"the document holds {what} (/{name})"
    return InvalidInput("active", told, "print it to a plain PDF first", {"name": name})


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
