"""What commands print: tables aligned for Chinese text, wrapped paragraphs, JSON. Nothing heavy is imported here."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from workbench.base.lines import pad, width, wrap

GAP = "  "
_PLAIN = re.compile(r"[\w./:\\~+,=@-]+")
"""Names that every shell takes as they are; Chinese characters among them."""


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns aligned under their headers. Nothing is cut: a terminal that is too narrow wraps."""
    lines = [list(headers), *(list(row) for row in rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(headers))]
    lines.insert(1, ["-" * w for w in widths])
    return "\n".join(GAP.join(pad(cell, w) for cell, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def definitions(rows: Sequence[tuple[str, str]], columns: int, *, indent: int = 2, longest: int = 30) -> list[str]:
    """Terms on the left, wrapped explanations on the right; an overlong term gets a line of its own."""
    left = min(max((width(term) for term, _ in rows), default=0), longest) + len(GAP)
    lines: list[str] = []
    for term, text in rows:
        body = wrap(text, max(columns - indent - left, 20)) or [""]
        if width(term) + len(GAP) > left:
            lines.append(" " * indent + term)
        else:
            lines.append((" " * indent + pad(term, left) + body.pop(0)).rstrip())
        lines += [" " * (indent + left) + line for line in body]
    return lines


def say(text: str = "", *, error: bool = False) -> None:
    """Print a line to standard output, or to standard error."""
    print(text, file=sys.stderr if error else sys.stdout, flush=True)


def quoted(path: str | Path) -> str:
    """A path to be copied into a command line: in double quotes where a blank or a shell's own sign would break it."""
    text = path.as_posix() if isinstance(path, Path) else path
    return text if _PLAIN.fullmatch(text) else f'"{text}"'


def print_json(data: Any) -> None:
    """Print ``data`` as canonical JSON. A pipe gets UTF-8 whatever the console's code page is; a terminal gets text."""
    from workbench.base.canon import canonical_json

    encoded = canonical_json(data, indent=2)
    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        sys.stdout.write(encoded.decode())
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(encoded)
    sys.stdout.flush()


def tolerant_streams() -> None:
    """A console that cannot show a character (GBK on Windows) shows “?” and does not stop the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
