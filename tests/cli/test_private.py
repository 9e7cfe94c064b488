"""A link lets in whoever reads it."""

from __future__ import annotations

import sys
import webbrowser
from queue import Queue

from workbench.cli.private import open_link


def test_a_browser_is_not_started_with_the_link(tmp_path, monkeypatch):
    started: Queue[str] = Queue()
    monkeypatch.setattr(webbrowser, "open", started.put)
    file = tmp_path / "open.html"
    file.write_text("of a server that was killed", encoding="utf-8")
    link = "http://127.0.0.1:8866/enter/secret-token"
    open_link(link, file)
    assert started.get(timeout=5) == file.as_uri()
    assert f'content="0;url={link}"' in file.read_text(encoding="utf-8")
    assert sys.platform == "win32" or file.stat().st_mode & 0o077 == 0
