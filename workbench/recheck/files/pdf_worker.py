"""The ruled lines and characters of a PDF as JSON, read by pypdfium2 in a process of its own (see ``apart``).

Coordinates are points, x to the right and y downwards on the page as it is shown. Why no table finder of a library is used
here: docs/decisions/0015-readers-of-old-and-printed-files.md.
"""

from __future__ import annotations

import ctypes
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MAX_PAGES = 500
MAX_THINGS = 100_000
"""Characters, drawn objects and line segments of one file; a form has two thousand."""
MAX_LEVEL = 4
THIN = 3.0
"""A filled rectangle this thin is a line."""
_PATH, _FORM = 2, 5
_LINE_TO, _MOVE_TO = 0, 2
_PASSWORD = 4


class TooMuch(Exception):
    """More than a form can hold."""


def read(path: str) -> dict[str, Any]:
    """Pages of a PDF, or why there are none."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        return {"error": "password" if getattr(error, "err_code", None) == _PASSWORD else "damaged"}
    if len(document) > MAX_PAGES:
        return {"error": "large", "expected": f"{MAX_PAGES}页以内"}
    try:
        reader = _Reader()
        pages = [reader.page(document[i]) for i in range(len(document))]
    except TooMuch:
        return {"error": "large", "expected": f"{MAX_PAGES}页以内"}
    except pdfium.PdfiumError:
        return {"error": "damaged"}
    return {"pages": pages, "fields": raw.FPDF_GetFormType(document.raw)}


class _Reader:
    def __init__(self) -> None:
        self.things = 0
        self.turn = 0

    def page(self, page: Any) -> dict[str, Any]:
        """Lines and characters of one page, and how many characters are cut off at the edge of a cell."""
        self.turn = raw.FPDFPage_GetRotation(page.raw)
        lines: list[list[float]] = []
        for i in range(raw.FPDFPage_CountObjects(page.raw)):
            self._collect(raw.FPDFPage_GetObject(page.raw, i), (1, 0, 0, 1, 0, 0), lines, 0)
        chars, cut = self._chars(page)
        return {"lines": lines, "chars": chars, "cut": cut}

    def _count(self) -> None:
        self.things += 1
        if self.things > MAX_THINGS:
            raise TooMuch

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        x, y = [(x, y), (y, -x), (-x, -y), (-y, x)][self.turn % 4]
        return round(x, 2), round(-y, 2)

    def _chars(self, page: Any) -> tuple[list[list[Any]], int]:
        text = raw.FPDFText_LoadPage(page.raw)
        box = raw.FS_RECTF()
        found: list[list[Any]] = []
        cut = 0
        visible: tuple[Any, Any] = (None, None)
        try:
            for i in range(raw.FPDFText_CountChars(text)):
                self._count()
                code = raw.FPDFText_GetUnicode(text, i)
                if raw.FPDFText_IsGenerated(text, i) == 1 or not raw.FPDFText_GetLooseCharBox(
                    text, i, ctypes.byref(box)
                ):
                    continue
                thing = raw.FPDFText_GetTextObject(text, i)
                address = ctypes.cast(thing, ctypes.c_void_p).value
                if address != visible[0]:
                    visible = address, self._clip(thing)
                if _cut(box, visible[1]):
                    cut += not chr(code).isspace()
                    continue
                a, b = self._turned(box.left, box.bottom), self._turned(box.right, box.top)
                character = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
                found.append([character, min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])])
        finally:
            raw.FPDFText_ClosePage(text)
        return found, cut

    def _clip(self, thing: Any) -> tuple[float, float, float, float] | None:
        """What is seen of a piece of text; a cell too low for its text is cut off there, and the rest stays in the file."""
        x, y = ctypes.c_float(), ctypes.c_float()
        clip = raw.FPDFPageObj_GetClipPath(thing)
        seen: tuple[float, float, float, float] | None = None
        for path in range(max(0, raw.FPDFClipPath_CountPaths(clip)) if clip else 0):
            xs, ys = list[float](), list[float]()
            for i in range(raw.FPDFClipPath_CountPathSegments(clip, path)):
                self._count()
                segment = raw.FPDFClipPath_GetPathSegment(clip, path, i)
                raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
                xs.append(x.value)
                ys.append(y.value)
            if xs:
                low = seen or (-1e9, -1e9, 1e9, 1e9)
                seen = max(low[0], min(xs)), max(low[1], min(ys)), min(low[2], max(xs)), min(low[3], max(ys))
        return seen

    def _collect(self, thing: Any, outer: tuple[float, ...], lines: list[list[float]], level: int) -> None:
        self._count()
        kind = raw.FPDFPageObj_GetType(thing)
        if kind not in (_PATH, _FORM):
            return
        own = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(thing, ctypes.byref(own))
        matrix = _product((own.a, own.b, own.c, own.d, own.e, own.f), outer)
        if kind == _PATH:
            self._path(thing, matrix, lines)
        elif level < MAX_LEVEL:
            for i in range(raw.FPDFFormObj_CountObjects(thing)):
                self._collect(raw.FPDFFormObj_GetObject(thing, i), matrix, lines, level + 1)

    def _path(self, path: Any, matrix: tuple[float, ...], lines: list[list[float]]) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
        if not (fill.value or stroke.value):
            return
        for points in self._outlines(path, matrix):
            if stroke.value:
                lines += [[*a, *b] for a, b in pairwise(points)]
            elif len(points) > 1:
                xs, ys = [p[0] for p in points], [p[1] for p in points]
                left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
                if right - left <= THIN < bottom - top:
                    lines.append([(left + right) / 2, top, (left + right) / 2, bottom])
                elif bottom - top <= THIN < right - left:
                    lines.append([left, (top + bottom) / 2, right, (top + bottom) / 2])

    def _outlines(self, path: Any, matrix: tuple[float, ...]) -> list[list[tuple[float, float]]]:
        outlines = list[list[tuple[float, float]]]()
        x, y = ctypes.c_float(), ctypes.c_float()
        for i in range(raw.FPDFPath_CountSegments(path)):
            self._count()
            segment = raw.FPDFPath_GetPathSegment(path, i)
            kind = raw.FPDFPathSegment_GetType(segment)
            raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
            a, b, c, d, e, f = matrix
            point = self._turned(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            if kind == _MOVE_TO or not outlines:
                outlines.append([])
            outlines[-1].append(point)
            if raw.FPDFPathSegment_GetClose(segment):
                outlines[-1].append(outlines[-1][0])
        return outlines


def _cut(box: Any, seen: tuple[float, float, float, float] | None) -> bool:
    """Whether the middle of a character lies outside of what is seen."""
    if seen is None:
        return False
    x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
    return not (seen[0] - 1 <= x <= seen[2] + 1 and seen[1] - 1 <= y <= seen[3] + 1)


def _product(inner: tuple[float, ...], outer: tuple[float, ...]) -> tuple[float, ...]:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
