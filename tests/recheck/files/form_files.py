"""Files as people hand them in, made on the spot, and ways to spoil them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl import Workbook

from workbench.base.errors import FileError, Problem
from workbench.recheck.files import Grid, open_file, open_grids

W = nsdecls("w")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook(path: Path, fill: Callable[[Any], None]) -> Path:
    """A workbook of one sheet 自评表 that ``fill`` writes."""
    book = Workbook()
    book.active.title = "自评表"
    fill(book.active)
    book.save(path)
    return path


def small_workbook(path: Path) -> Path:
    """The head and one line of a form."""

    def fill(sheet: Any) -> None:
        sheet.append(["项目支出绩效自评表"])
        sheet.append(["一级指标", "指标值", "完成值", "分值", "得分"])
        sheet.append(["产出指标", "≥95%", 0.7927, 10, 7.93])
        sheet["C3"].number_format = "0.00%"

    return workbook(path, fill)


def document(path: Path, body: str) -> Path:
    """A Word document with this XML in its body."""
    made = Document()
    for element in parse_xml(f"<w:body {W}>{body}</w:body>"):
        made.element.body.insert(len(made.element.body) - 1, element)
    made.save(str(path))
    return path


def p(text: str = "", properties: str = "") -> str:
    """A paragraph."""
    return f"<w:p>{properties}{r(text) if text else ''}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(content: str = "", properties: str = "") -> str:
    """A cell; plain text becomes its paragraph."""
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A row."""
    return f"<w:tr>{properties}{''.join(c if c.startswith('<w:tc>') else tc(c) for c in cells)}</w:tr>"


def tbl(*rows: str) -> str:
    """A table."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def small_document(path: Path) -> Path:
    """The head and one line of a form."""
    return document(
        path,
        p("项目支出绩效自评表") + tbl(tr("一级指标", "指标值", "得分"), tr("产出指标", "≥95%", "7.93")) + p("注:无"),
    )


def rezip(path: Path, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> Path:
    """The package with its parts changed (None drops one) and parts added."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    changed = {n: change(n, d) for n, d in parts.items()} | (extra or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in changed.items():
            if data is not None:
                archive.writestr(name, data)
    return path


def linked(path: Path, part: str, kind: str, target: str, external: bool = True) -> Path:
    """The package with one link more from a part; ``kind`` is the last word of its type."""
    folder, _, base = part.rpartition("/")
    rels = f"{folder}/_rels/{base}.rels"
    mode = ' TargetMode="External"' if external else ""
    base_type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    link = f'<Relationship Id="rIdX" Type="{base_type}{kind}" Target="{target}"{mode}/></Relationships>'.encode()
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    with zipfile.ZipFile(path) as archive:
        old = archive.read(rels) if rels in archive.namelist() else empty
    new = old.replace(b"</Relationships>", link)
    return rezip(path, lambda n, d: None if n == rels else d, {rels: new})


def texts(grid: Grid) -> dict[str, str]:
    """What is written, by the name of the cell."""
    return {w.spot.cell: w.text for w in grid.cells.values() if w.text}


def only(path: Path) -> Grid:
    """The one grid of a file."""
    grids = open_grids(path, path.name)
    assert len(grids) == 1
    return grids[0]


def refusal(path: Path, name: str | None = None) -> Problem:
    """The one problem a file is refused with; it names the file and says what to do."""
    try:
        opened = open_file(path, name or path.name)
    except FileError as error:
        (problem,) = error.problems
        assert problem.place.file == (name or path.name) and problem.fix and problem.expected
        return problem
    raise AssertionError(f"{path.name} was read: {[g.title for g in opened.grids]}")


def zip_bytes(parts: dict[str, bytes]) -> bytes:
    """A zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def compound(path: Path, *names: str, body: bytes = b"") -> Path:
    """A compound file with these streams, the first of which holds ``body`` (at least 4096 bytes are made of it)."""
    body = body.ljust(4096, b"\0")
    body += bytes(-len(body) % 512)
    entries = [("Root Entry", 5, 0xFFFFFFFE, 0)] + [(n, 2, 2, len(body)) for n in names[:1]]
    entries += [(n, 1, 0, 0) for n in names[1:]]
    entries += [("", 0, 0, 0)] * (-len(entries) % 4)
    sectors = len(entries) // 4
    first = 1 + sectors
    entries = [(n, k, first if k == 2 else s, z) for n, k, s, z in entries]
    directory = b"".join(
        n.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBB", 2 * len(n) + 2, k, 1)
        # Nobody to the left, the next one to the right, and all of them below the root.
        + struct.pack("<3i36x", -1, i + 1 if 0 < i < len(names) else -1, -1 if i else 1)
        + struct.pack("<IQ", s, z)
        for i, (n, k, s, z) in enumerate(entries)
    )
    count = len(body) // 512
    chain = [0xFFFFFFFD, *range(2, first), 0xFFFFFFFE, *range(first + 1, first + count), 0xFFFFFFFE]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(512, b"\xff")
    head = OLE + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<10I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0).ljust(512 - len(head), b"\xff")
    path.write_bytes(head + fat[:512] + directory + body)
    return path
