"""Files through the widget's own channel: in pieces, because a server refuses large messages, and shown only when harmless."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.base.canon import digest
from workbench.base.errors import Problem, ReviewError
from workbench.review.desk import Desk
from workbench.review.fields import Attachment
from workbench.review.page.part import Answer
from workbench.review.page.request import Request
from workbench.review.taking import LARGEST_ATTACHMENT

PIECE = 512 * 1024
"""Bytes per message on the way to the browser."""
AT_ONCE = 4
"""Uploads under way; the oldest is given up for a fifth."""
_SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def harmless_type(name: str, data: bytes) -> str | None:
    """The media type of a file that may be opened in a tab, by its content; None for everything that might run something.

    HTML and SVG are never opened, whatever they are called: they would run in the page's own origin.
    """
    for signature, media in _SIGNATURES.items():
        if data.startswith(signature):
            return media
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return _plain_text(data) if name.lower().endswith(".txt") else None


def _plain_text(data: bytes) -> str | None:
    if b"\x00" in data:
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return f"text/plain;charset={encoding}"
    return None


@dataclass(frozen=True)
class Offered:
    """A file made for this page, to be fetched by its digest."""

    name: str
    sha256: str
    size: int

    @property
    def described(self) -> dict[str, str]:
        """As the browser lists it."""
        return {"name": self.name, "sha256": self.sha256}


class Files:
    """Uploads and downloads of one page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._arriving: dict[str, list[bytes]] = {}
        self._kept: dict[str, Attachment] = {}
        self._leaving: tuple[str, str, bytes] | None = None
        self._offered: dict[str, tuple[str, bytes]] = {}

    def take(self, request: Request) -> Answer:
        """One piece of an upload; after the last one, the file is kept and named in the answer."""
        key = request.text("key")
        pieces = self._arriving.setdefault(key, [])
        pieces.extend(request.buffers)
        if sum(map(len, pieces)) > LARGEST_ATTACHMENT:
            del self._arriving[key]
            raise ReviewError(Problem("attachment_size", "附件太大", found=request.text("name"), expected="20MB以内"))
        if not request.flag("last"):
            for old in list(self._arriving)[:-AT_ONCE]:
                del self._arriving[old]
            return None
        del self._arriving[key]
        kept = self._desk.attach(request.text("name") or "附件", b"".join(pieces))
        self._kept[kept.sha256] = kept
        return {"file": {"name": kept.name, "sha256": kept.sha256, "size": kept.size}}

    def named(self, request: Request, name: str) -> list[Attachment]:
        """The uploads a form lists. Raises ReviewError for one that did not come through this page."""
        digests = request.digests(name)
        if any(d not in self._kept for d in digests):
            raise ReviewError(Problem("attachment_unknown", "附件是刷新页面前上传的", fix="请去掉后重新上传"))
        return [self._kept[d] for d in digests]

    def offer(self, name: str, data: bytes) -> Offered:
        """Keep a file for this page to fetch; one of the same name takes its place."""
        sha256 = digest(data)
        self._offered = {key: kept for key, kept in self._offered.items() if kept[0] != name} | {sha256: (name, data)}
        return Offered(name, sha256, len(data))

    def give(self, request: Request) -> Answer:
        """One piece of a kept file, and how the browser may show it."""
        sha256, index = request.text("sha256"), request.number("index")
        if self._leaving is None or self._leaving[0] != sha256:
            found = self._offered.get(sha256) or self._desk.attachment(sha256)
            if found is None:
                raise ReviewError(Problem("attachment_missing", "文件不在原处或已被改动", fix="请向评价人员索取"))
            self._leaving = (sha256, *found)
        _, name, data = self._leaving
        last = (index + 1) * PIECE >= len(data)
        if last:
            self._leaving = None
        media = harmless_type(name, data)
        described = {"name": name, "type": media, "inline": media is not None, "last": last}
        return {"file": described, "buffers": [data[index * PIECE : (index + 1) * PIECE]]}
