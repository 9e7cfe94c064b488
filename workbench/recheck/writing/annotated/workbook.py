"""An xlsx with comments, put into the package as it is: formulas, charts, pictures, formats stay those of the original."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from workbench.recheck.model import Spot
from workbench.recheck.writing.annotated.cells import Cells
from workbench.recheck.writing.annotated.comments import Texts, comment
from workbench.recheck.writing.annotated.listing import add_list
from workbench.recheck.writing.annotated.patching import Patch, child, patching
from workbench.recheck.writing.annotated.remarks import COLOURS, Remark, by_spot
from workbench.recheck.writing.annotated.styles import Styles


def annotated_workbook(path: Path, remarks: Sequence[Remark]) -> bytes:
    """The copy's bytes, the same for the same file and remarks.

    Raises:
        FileError, OSError, ValueError, zipfile.BadZipFile: the file is not what was read, or not what Excel writes.
    """
    with patching(path) as patch:
        parts = _sheets(patch)
        styles = Styles(patch)
        by_sheet: dict[str, list[tuple[Spot, list[Remark]]]] = {}
        for spot, group in by_spot(remarks):
            by_sheet.setdefault(spot.sheet, []).append((spot, group))
        for title, groups in by_sheet.items():
            if title in parts:
                _annotate(patch, parts[title], styles, groups)
        add_list(patch, styles, remarks)
        return patch.data()


def _sheets(patch: Patch) -> dict[str, str]:
    """Parts of worksheets by their titles."""
    links = patch.package.targets(patch.package.main)
    sheets = child(patch.main, "sheets")
    key = f"{{{patch.relations}}}id"
    found = {} if sheets is None else {e.get("name", ""): links.get(e.get(key, "")) for e in sheets}
    return {title: link.target for title, link in found.items() if link is not None and link.kind == "worksheet"}


def _annotate(patch: Patch, part: str, styles: Styles, groups: Sequence[tuple[Spot, list[Remark]]]) -> None:
    """One sheet: each cell filled by its gravest remark, with a comment that has all of them."""
    cells = Cells(patch.tree(part))
    gathered: dict[tuple[int, int], list[Remark]] = {}
    for spot, group in groups:
        gathered.setdefault(cells.shown(spot.row, spot.column), []).extend(group)
    texts: Texts = {}
    for place, found in gathered.items():
        found.sort(key=lambda remark: remark.severity)
        cell = cells.at(*place)
        cell.set("s", str(styles.filled(int(cell.get("s", "0")), COLOURS[found[0].severity])))
        texts[place] = "\n\n".join(remark.text for remark in found)
    comment(patch, part, texts)
