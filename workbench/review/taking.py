"""What every way into the ledger has in common: files are kept first, and what is refused goes to the access log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from workbench.base.canon import digest
from workbench.base.errors import Problem, ReviewError, shorten
from workbench.base.models import Model
from workbench.review.bodies import made
from workbench.review.fields import Attachment
from workbench.review.ledger.attachments import files_named
from workbench.review.ledger.port import Ledger

LARGEST_ATTACHMENT = 20 * 1024 * 1024
"""Bytes; what is larger belongs into the evidence folder."""


@contextmanager
def answering(ledger: Ledger, actor: str, action: str) -> Iterator[None]:
    """Whatever is refused goes to the access log, with who tried what."""
    try:
        yield
    except ReviewError as error:
        # What was typed may be anything, half characters included; the log keeps what a reader needs of it.
        found = [replace(p, found=None if p.found is None else shorten(p.found)) for p in error.problems]
        ledger.refused(shorten(actor), shorten(action), found)
        raise


def keep_file(ledger: Ledger, name: str, data: bytes) -> Attachment:
    """Keep a file beside the ledger, to be named in an event. Raises ReviewError when it is empty or too large."""
    bare = re.split(r"[/\\]", name)[-1]  # some browsers send the whole path
    # A mark that turns the direction of writing makes an .exe look like a .pdf.
    bare = "".join(c if c.isprintable() else "_" for c in bare)
    if not data or len(data) > LARGEST_ATTACHMENT:
        found = f"{bare} {len(data) / 1024 / 1024:.1f}MB"
        raise ReviewError(Problem("attachment_size", "附件为空或太大", found=found, expected="20MB以内"))
    named = made(Attachment, {"name": bare, "sha256": digest(data), "size": len(data)})
    ledger.keep(named.name, data)
    return named


def check_files(ledger: Ledger, body: Model) -> None:
    """What an event says was handed in has to be there. Raises ReviewError."""
    for name, sha256 in files_named(body.model_dump()):
        if ledger.kept(sha256) is None:
            raise ReviewError(Problem("attachment_missing", "附件没有上传成功", found=name, fix="请重新上传"))
