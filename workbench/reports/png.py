"""PNG files: a chart's pixels packed, and a packed chart changed without packing it anew."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SIGNATURE, _TRUE_COLOUR, _WITH_ALPHA = b"\x89PNG\r\n\x1a\n", 2, 6
_KIND, _AFTER_HEADER = 25, 33
"""Where the kind of colour stands, and where the first chunk after the header begins."""
_TRANSPARENT, _WHITE = b"tRNS", b"\x00\xff" * 3
_OPAQUE = (255, 255)
_COMPRESSION = 3
"""zlib level: half the time of the usual 6 for a tenth more bytes."""


def encoded(pixels: NDArray[np.uint8], dpi: float) -> bytes:
    """Height × width × RGBA as PNG of the colours alone: a channel that says paper is opaque says nothing."""
    from PIL import Image

    stream = io.BytesIO()
    colours = Image.fromarray(pixels).convert("RGB")
    colours.save(stream, "PNG", dpi=(dpi, dpi), compress_level=_COMPRESSION)
    return stream.getvalue()


def see_through(png: bytes) -> bytes:
    """A chart whose white lets shine through what lies behind it: the watermark of a draft.

    One chunk more names the colour that is not painted (packing the pixels again would cost as much as drawing them). A picture
    that is no chart of ours, or see-through already, stays as it is.
    """
    if png[: len(_SIGNATURE)] != _SIGNATURE or _TRANSPARENT in png:
        return png
    plain = _without_alpha(png) if png[_KIND] == _WITH_ALPHA else png
    if plain[_KIND] != _TRUE_COLOUR:
        return png
    chunk = _TRANSPARENT + _WHITE
    chunk = struct.pack(">I", len(_WHITE)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return plain[:_AFTER_HEADER] + chunk + plain[_AFTER_HEADER:]


def _without_alpha(png: bytes) -> bytes:
    """An opaque picture without the channel that says so: charts in run folders of earlier versions have one."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        if picture.mode != "RGBA" or picture.getchannel("A").getextrema() != _OPAQUE:
            return png
        stream = io.BytesIO()
        picture.convert("RGB").save(stream, "PNG", dpi=picture.info.get("dpi"), compress_level=_COMPRESSION)
    return stream.getvalue()
