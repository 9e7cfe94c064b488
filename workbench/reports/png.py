"""PNG files as they are, without drawing anything anew."""

from __future__ import annotations

import io

_WHITE = (255, 255, 255)
_OPAQUE = (255, 255)


def see_through(png: bytes) -> bytes:
    """A chart whose white lets shine through what lies behind it: the watermark of a draft.

    Pixels stay as they are, and so does a picture that is no chart of ours: other formats and modes, or one that is
    see-through already.
    """
    from PIL import Image, UnidentifiedImageError

    if not png.startswith(b"\x89PNG"):
        return png
    try:
        opened = Image.open(io.BytesIO(png))
    except UnidentifiedImageError:  # a picture somebody put into a run folder; an office may still show it
        return png
    with opened as picture:
        if picture.mode not in ("RGB", "RGBA") or "transparency" in picture.info:
            return png
        # Charts in run folders of earlier versions have a channel that says paper is opaque.
        if picture.mode == "RGBA" and picture.getchannel("A").getextrema() != _OPAQUE:
            return png
        stream, dots = io.BytesIO(), picture.info.get("dpi")
        picture.convert("RGB").save(stream, "PNG", dpi=dots, compress_level=3, transparency=_WHITE)
    return stream.getvalue()
