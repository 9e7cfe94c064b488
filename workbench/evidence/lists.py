"""The 代码表 sheet: every drop-down list of a workbook, and the choices for fields whose list comes from the pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING

from workbench.evidence.layout import WIDEST, fit_row, units
from workbench.evidence.raw import letter_of
from workbench.evidence.standard import CAP_FACTS, CODES_TITLE, INDICATOR_SHEET, REGISTER, WAIVERS
from workbench.scheme.pack import FieldSpec, Pack, TableSpec
from workbench.scheme.weights import in_tree

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

YES_NO = ("是", "否")


@dataclass
class CodeLists:
    """Lists by content, each in one column of the 代码表 sheet; a second column beside it explains the codes."""

    _columns: dict[tuple[str, ...], tuple[int, str, tuple[str, ...]]] = field(default_factory=dict)
    _width: int = 0

    def reference(self, title: str, codes: Sequence[str], meanings: Sequence[str] = ()) -> str:
        """The range of a list as a drop-down wants it, e.g. ``='代码表'!$A$2:$A$6``. Equal lists share one column."""
        key = tuple(codes)
        if key not in self._columns:
            self._columns[key] = (self._width, title, tuple(meanings))
            self._width += 2 if meanings else 1
        letter = letter_of(self._columns[key][0])
        return f"='{CODES_TITLE}'!${letter}$2:${letter}${len(key) + 1}"

    def write(self, book: Workbook, head: Format, cell: Format) -> float:
        """Adds the sheet, one column a list; returns how wide it is."""
        sheet = book.add_worksheet(CODES_TITLE)
        sheet.freeze_panes(1, 0)
        columns: list[tuple[str, ...]] = []
        for codes, (_, title, meanings) in self._columns.items():
            columns.append((title, *codes))
            if meanings:
                columns.append((f"{title}说明", *meanings))
        widths = [min(WIDEST, max(10, 2 + max(map(units, texts)))) for texts in columns]
        for row, texts in enumerate(zip_longest(*columns, fillvalue="")):
            fit_row(sheet, row, zip(texts, widths, strict=True))
        for column, (texts, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(column, column, width)
            for row, text in enumerate(texts):
                sheet.write_string(row, column, text, cell if row else head)
        return sum(widths)


@dataclass(frozen=True)
class Choice:
    """What a field may hold: title of the list, codes, and their meanings."""

    title: str
    codes: Sequence[str]
    meanings: Sequence[str] = ()


def choice_of(
    table: TableSpec, spec: FieldSpec, pack: Pack, variant: str | None, caps: Sequence[tuple[str, str]]
) -> Choice | None:
    """The list a field is filled from, or None when it is free."""
    if spec.codes:
        return Choice(spec.title, spec.codes)
    if spec.type == "bool":
        return Choice("是否", YES_NO)
    # With an indicator sheet the codes are the workbook's own; a list would shut them out.
    fixed_tree = pack.indicators and pack.indicator_sheet is None
    if spec.name == "indicator" and table.name in (REGISTER.name, WAIVERS.name) and fixed_tree:
        tree = in_tree(pack.variants.get(variant or ""), pack.indicators)
        return Choice("指标编码", [i.code for i in tree], [i.name for i in tree])
    if spec.name == "cap" and table.name == CAP_FACTS.name and caps:
        return Choice("情形代码", [code for code, _ in caps], [text for _, text in caps])
    if table.name == INDICATOR_SHEET.name and pack.indicator_sheet is not None:
        names = level_names(pack, variant).get(spec.name, [])
        return Choice(spec.title, names) if names else None
    return None


def level_names(pack: Pack, variant: str | None) -> dict[str, list[str]]:
    """Level-1 and level-2 names of the chosen variant: ``{"level1": […], "level2": […]}``."""
    sheet = pack.indicator_sheet
    level2 = sheet.level2 if sheet is not None else {}
    chosen = pack.variants.get(variant) if variant is not None else None
    variants = [chosen] if chosen is not None else list(pack.variants.values())
    level1 = list(dict.fromkeys(name for v in variants for name in v.level1)) or list(level2)
    inside = [name for first in level1 for name in level2.get(first, [])]
    return {"level1": [n for n in level1 if not level2 or n in level2], "level2": list(dict.fromkeys(inside))}
