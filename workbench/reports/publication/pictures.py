"""Pictures of a template without what stands in them besides the picture: who took it, with what, where."""

from __future__ import annotations

import io
import warnings

from workbench.base.errors import CheckFailed, Place, Problem

_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF")


def bare(data: bytes, place: Place) -> bytes:
    """The same picture drawn anew: no EXIF, remarks, profile, thumbnail.

    Raises:
        CheckFailed: it is no picture that can be read (vector formats, damaged, too large).
    """
    from PIL import Image, ImageOps

    target = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                kind = opened.format
                drawn = ImageOps.exif_transpose(opened)
        drawn.info = {"transparency": drawn.info["transparency"]} if "transparency" in drawn.info else {}
        drawn.save(target, kind, **({"quality": 95} if kind == "JPEG" else {}))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        message, fix = "模板里的图片无法去掉拍摄者等附带信息", "请在模板中换成 PNG 或 JPEG 图片"
        raise CheckFailed(Problem("publication_picture", message, place, fix=fix)) from None
    return target.getvalue()
