"""Rectification of an earlier evaluation (上年问题整改情况), as ``workbench rectify carry`` puts it beside this year's texts.

rectification:
  - evaluation: school-meals-2023
    title: …
    period: 2023年度
    as_of: "2025-03-01"
    events: 41
    head: <hash of the ledger's last event>
    items:
      - {number: 2, title: …, responsible: …, due: "2024-08-31", status: 整改中, days_late: 182, suggestion: …, last: …}
digest: <SHA-256 of the list above>
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from workbench.base.canon import digest_of
from workbench.base.errors import Place, Problem, TextsError
from workbench.base.models import Model, validated
from workbench.base.yamlio import read_yaml
from workbench.reports.document.blocks import Block, Grid, Heading, paragraph
from workbench.reports.papers.grid import Column, Line
from workbench.review.fields import Line as OneLine
from workbench.review.fields import Remark
from workbench.scheme.basis import DateText, Identifier

EARLIER_FILE = "rectification.yaml"
"""Beside ``report.yaml``."""
TOP, DIGEST = "rectification", "digest"
_SHOWN = 16
_COLUMNS = (
    Column("序号", 0.8, "center"),
    Column("问题", 4),
    Column("整改要求", 4),
    Column("责任单位", 2),
    Column("整改期限", 2.4, "center"),
    Column("整改情况", 2.2, "center"),
    Column("最近办理情况", 4),
)


class CarriedItem(Model):
    """An item as it stood on the day it was carried."""

    number: int = Field(ge=1)
    title: OneLine
    responsible: OneLine
    due: DateText
    status: Literal["待整改", "整改中", "已整改待核", "核实通过", "核实不通过"]
    days_late: int = Field(ge=0)
    suggestion: Remark
    last: Remark = ""

    @property
    def overdue(self) -> bool:
        """Whether the unit still owes something that was due."""
        return self.days_late > 0 and self.status not in ("已整改待核", "核实通过")


class Earlier(Model):
    """The items of one earlier evaluation, accepted ones among them."""

    evaluation: Identifier
    title: OneLine
    period: OneLine
    as_of: DateText
    events: int = Field(ge=1)
    head: str = Field(pattern=r"^[0-9a-f]{64}$")
    items: list[CarriedItem] = []

    @property
    def left(self) -> list[CarriedItem]:
        """Those that were not accepted."""
        return [i for i in self.items if i.status != "核实通过"]

    @property
    def text(self) -> str:
        """How many there were, how many are left, and as of when."""
        day, late = date.fromisoformat(self.as_of), sum(i.overdue for i in self.items)
        said = (
            f"“{self.title}”（{self.period}）共有整改事项{len(self.items)}项，截至{day.year}年{day.month}月{day.day}日"
        )
        if not self.left:
            return f"{said}均已核实通过。"
        rest = f"，其中逾期未完成{late}项" if late else ""
        return f"{said}核实通过{len(self.items) - len(self.left)}项，尚未核实通过{len(self.left)}项{rest}："


class _File(Model):
    rectification: list[Earlier]
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


def read_earlier(path: Path) -> list[Earlier]:
    """What was carried into a folder of texts; nothing when nobody has.

    Raises:
        FileError, YamlError, TextsError: the file cannot be read, or is not one ``rectify carry`` writes.
    """
    if not path.is_file():
        return []
    document = read_yaml(path)
    data: Any = document.data
    fix = f"请删去 {EARLIER_FILE},用 workbench rectify carry 重新生成"
    if not isinstance(data, dict) or TOP not in data:
        raise TextsError(Problem("top_level", "这不是上年整改情况文件", Place(document.file), fix=fix))
    file = validated(_File, data, document, TextsError)
    if digest_of([e.model_dump() for e in file.rectification]) != file.digest:
        message = "上年整改情况在转入以后有人改过,与台账不符"
        raise TextsError(Problem("earlier_edited", message, Place(document.file), fix=fix))
    return file.rectification


def earlier_blocks(found: list[Earlier]) -> Iterator[Block]:
    """What the report says about them, in the chapter on problems."""
    if not found:
        return
    yield Heading("上年问题整改情况")
    for earlier in found:
        yield paragraph(earlier.text)
        if earlier.items:
            source = f"来源：评审台账 {earlier.evaluation} 至第{earlier.events}号事件（哈希 {earlier.head[:_SHOWN]}）。"
            lines = [Line(_cells(i)) for i in earlier.items]
            yield Grid("上年问题整改情况", _COLUMNS, lines, source)


def _cells(item: CarriedItem) -> list[str]:
    word = "逾期{}天" if item.overdue else "迟{}天完成"
    now = item.status + (f"\n{word.format(item.days_late)}" if item.days_late else "")
    return [str(item.number), item.title, item.suggestion, item.responsible, item.due, now, item.last]
