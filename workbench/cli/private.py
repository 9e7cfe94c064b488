"""Files with links in them: nobody but their owner may read them, because whoever reads a link can come in by it."""

from __future__ import annotations

import os
import threading
import webbrowser
from html import escape
from pathlib import Path
from typing import IO, Any


def open_private(file: Path, mode: str) -> IO[Any]:
    """As ``open``; a file that is made here is its owner's alone (on Windows its folder's rights decide)."""
    encoding = None if "b" in mode else "utf-8"
    return open(file, mode, encoding=encoding, opener=lambda path, flags: os.open(path, flags, 0o600))


def open_link(link: str, file: Path) -> None:
    """Open a link in the browser by way of a page that leads to it, written to ``file``. Raises OSError.

    Not by the link itself: what a program is started with, every user of the computer can read in the list of processes.
    """
    file.unlink(missing_ok=True)
    with open_private(file, "x") as stream:
        address = escape(link)
        stream.write(f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={address}">')
        stream.write(f'<a href="{address}">进入评审</a>')
    # Some browsers keep the call waiting until they are closed.
    threading.Thread(target=webbrowser.open, args=(file.resolve().as_uri(),), daemon=True).start()
