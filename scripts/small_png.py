"""Make a screenshot small: at most 256 colours, which a screen of text and lines hardly has more of."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page
from scipy.spatial import cKDTree

COLOURS = 256
_PIXELS = """
async (encoded) => {
  const bytes = Uint8Array.from(atob(encoded), (one) => one.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const pen = canvas.getContext('2d');
  pen.drawImage(picture, 0, 0);
  const data = pen.getImageData(0, 0, picture.width, picture.height).data;
  let text = '';
  for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
  return [picture.width, picture.height, btoa(text)];
}
"""


def save_small(page: Page, png: bytes, path: Path) -> None:
    """Write `png` again with a palette; `page` is any page of a browser, which decodes it."""
    width, height, text = page.evaluate(_PIXELS, base64.b64encode(png).decode())
    pixels = np.frombuffer(base64.b64decode(text), dtype=np.uint8).reshape(height * width, 4)[:, :3]
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    shades, where, often = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([shades >> 16, shades >> 8 & 255, shades & 255], axis=1)
    kept = _palette(colours, often)
    nearest = cKDTree(kept).query(colours)[1].astype(np.uint8)
    path.write_bytes(_encoded(nearest[where].reshape(height, width), kept.astype(np.uint8)))


def _palette(colours: Any, often: Any) -> Any:
    """Return the commonest colours, then of the rest those farthest from any that is kept."""
    order = np.argsort(-often, kind="stable")
    kept = colours[order[: COLOURS // 2]]
    rest = colours[order[COLOURS // 2 :]]
    while len(kept) < COLOURS and len(rest):
        gaps = cKDTree(kept).query(rest)[0]
        farthest = int(np.argmax(gaps))
        if gaps[farthest] == 0:
            break
        kept = np.vstack([kept, rest[farthest]])
    return kept


def _encoded(indices: Any, palette: Any) -> bytes:
    """Return a PNG (RFC 2083) of colour type 3, one byte a pixel, without filters: lines of text repeat."""
    height, width = indices.shape
    rows = np.hstack([np.zeros((height, 1), dtype=np.uint8), indices]).tobytes()
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette.tobytes()),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
