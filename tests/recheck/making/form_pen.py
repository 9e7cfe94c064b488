"""Draws one form in a layout, row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from form_canvas import Canvas
from form_facts import Facts, Fund, Item, Value, plain
from form_layouts import MONEY, OFFICIAL, Layout

Key = tuple[object, ...]
YUAN = Decimal(10000)


@dataclass
class Pen:
    """Draws one form from ``row`` downwards."""

    layout: Layout
    facts: Facts
    number: int
    canvases: list[Canvas]
    row: int
    paper: str

    def draw(self) -> None:
        """Draw; ``row`` is then the one below the form."""
        self.width = len(self.layout.columns) + self.layout.strip + 1  # level 3 takes two columns
        self.first = int(self.layout.strip)
        self._title()
        self._head()
        self._money()
        self._goals()
        if self.layout.apart:
            self._apart()
        self._indicators()
        self._total()
        self._foot()

    @property
    def canvas(self) -> Canvas:
        """The sheet or table that is being drawn on."""
        return self.canvases[-1]

    def _apart(self) -> None:
        """The rest in a table of its own: a new one in a document, below an empty row in a worksheet."""
        if self.paper == "docx":
            self.canvases.append(Canvas(f"表{len(self.canvases) + 1}"))
            self.row = 0
        else:
            self.row += 1

    # head

    def _line(self, text: str) -> None:
        """A line of its own: a paragraph above or below a Word table, a merged row of a worksheet."""
        if self.paper == "docx":
            (self.canvas.tail if self.canvas.cells else self.canvas.lead).append(text)
        else:
            self.canvas.put(self.row, 0, text, width=self.width)
            self.row += 1

    def _title(self) -> None:
        kind = "部门整体支出" if self.facts.whole else "项目支出"
        year = f"({self.facts.year}年度)" if self.facts.year else ""
        if self.layout.year_in_title:
            self._line(f"{self.facts.year or ''}{'年度' if self.facts.year else ''}{kind}绩效自评表")
            return
        self._line("附件1")
        self._line(f"{kind}绩效自评表")
        self._line(year)

    def _label(self, text: str) -> str:
        if not self.layout.spaced:
            return text
        return " ".join(text) if len(text) > 2 else "　".join(text)

    def _pairs(self, *pairs: tuple[str, str, Key | None]) -> None:
        """Labels with their values on one row."""
        share = self.width // len(pairs)
        for n, (label, value, key) in enumerate(pairs):
            left = n * share
            right = self.width if n == len(pairs) - 1 else left + share
            if self.layout.inline:
                text = f"{self._label(label)}:{value}"
                self.canvas.put(self.row, left, text, width=right - left, key=key, seen=value)
            else:
                wide = 2 if right - left > 3 else 1
                self.canvas.put(self.row, left, self._label(label), width=wide)
                self.canvas.put(self.row, left + wide, value, width=right - left - wide, key=key)
        self.row += 1

    def _head(self) -> None:
        facts, n = self.facts, self.number
        if facts.project or not facts.whole:
            self._pairs(("项目名称", facts.project, (n, "project")))
        if facts.whole:
            self._pairs(("部门名称", facts.unit, (n, "unit")))
        else:
            self._pairs(("主管部门", facts.department, (n, "department")), ("实施单位", facts.unit, (n, "unit")))
        if leader := facts.extra.get("项目负责人"):
            self._pairs(("项目负责人", leader, None), ("联系电话", facts.extra.get("联系电话", ""), None))
        if self.layout.total == "head":
            total = "" if facts.total is None else str(facts.total)
            self._pairs(("自评得分", total, (n, "total")), ("评价等级", facts.grade, (n, "grade")))

    # money

    def _money(self) -> None:
        facts = self.facts
        columns = [c for c in MONEY if not self.layout.rowed or c not in ("weight", "points")]
        if not facts.funds:
            return
        unit = "元" if self.layout.yuan else facts.money
        label = "部门预算" if facts.whole else "项目资金"
        left = max(self.width - len(columns) - 1, 1)
        height = 1 + len(facts.funds)
        self.canvas.put(self.row, 0, f"{self._label(label)}\n({unit})", height=height, width=left)
        self.canvas.put(self.row, left, "")
        for n, column in enumerate(columns, 1):
            text = self.layout.money_titles.get(column, MONEY[column])
            if column == "rate" and self.layout.percent == "number":
                text += "(%)"
            self.canvas.put(self.row, left + n, self._broken(text))
        self.row += 1
        for fund in facts.funds:
            self._fund(fund, left, columns)

    def _fund(self, fund: Fund, left: int, columns: Sequence[str]) -> None:
        self.canvas.put(self.row, left, fund.name, key=(self.number, "fund", fund.kind, "name"))
        for n, column in enumerate(columns, 1):
            value: Value = getattr(fund, column)
            key = (self.number, "fund", fund.kind, column)
            if column == "rate" and isinstance(value, Decimal):
                self._percent(self.row, left + n, value, key)
            elif value is None and fund.kind != "total" and column in ("weight", "points"):
                self.canvas.put(self.row, left + n, self.layout.dash)
            else:
                if column in ("initial", "adjusted", "executed") and self.layout.yuan and self.facts.money == "万元":
                    value = plain(value * YUAN) if isinstance(value, Decimal) else value
                self.canvas.put(self.row, left + n, self._typed(value), key=key)
        self.row += 1

    def _scored(self, value: Value) -> Value:
        """Weights and points of the indicators."""
        return f"{value}分" if self.layout.suffix and isinstance(value, Decimal) else self._typed(value)

    def _typed(self, value: Value) -> Value:
        return str(value) if self.layout.typed and isinstance(value, Decimal) else value

    def _percent(self, row: int, column: int, value: Decimal, key: Key | None, height: int = 1) -> None:
        put = self.canvas.put
        if self.layout.percent == "format":
            places = max(0, -int(value.as_tuple().exponent))
            put(row, column, value / 100, height, key=key, form="0." + "0" * places + "%" if places else "0%")
        elif self.layout.percent == "number":
            put(row, column, value, height, key=key)
        else:
            put(row, column, f"{value}%", height, key=key)

    # goals

    def _goals(self) -> None:
        half, n = self.width // 2, self.number
        side = self.first
        if side:
            self.canvas.put(self.row, 0, "年度\n总体\n目标", height=2)
        for left, right, label, value, key in (
            (side, half, "预期目标", self.facts.expected, "expected"),
            (half, self.width, "实际完成情况", self.facts.achieved, "achieved"),
        ):
            self.canvas.put(self.row, left, self._label(label), width=right - left)
            self.canvas.put(self.row + 1, left, value, width=right - left, key=(n, key))
        self.row += 2

    # indicators

    def _columns(self) -> list[tuple[str, int, int]]:
        """Name, left edge and width of each column."""
        found, left = [], self.first
        for column in self.layout.columns:
            wide = 2 if column == "level3" else 1
            found.append((column, left, wide))
            left += wide
        return found

    def _broken(self, title: str) -> str:
        if not self.layout.broken or len(title) < 4 or "(" in title:
            return title
        return f"{title[: len(title) // 2]}\n{title[len(title) // 2 :]}"

    def _header(self) -> None:
        for column, left, wide in self._columns():
            self.canvas.put(self.row, left, self._broken(self.layout.titles.get(column, OFFICIAL[column])), width=wide)
        self.row += 1

    def _indicators(self) -> None:
        size = self.layout.every or max(1, len(self.facts.items))
        items = list(enumerate(self.facts.items, 1))
        for start in range(0, max(1, len(items)), size):
            top, part = self.row, items[start : start + size]
            self._header()
            if self.layout.rowed and start == 0 and self.facts.funds:
                self._execution()
            self._body(part)
            if self.layout.strip:
                self.canvas.put(top, 0, "绩\n效\n指\n标", height=self.row - top)

    def _execution(self) -> None:
        """预算执行率 as the first line of the indicators."""
        fund = self.facts.first
        same = dict.fromkeys(("level1", "level2", "level3"), "预算执行率")
        words = {**same, "target": "100%", "remark": _unspent(fund)}
        for column, left, wide in self._columns():
            key = (self.number, "execution", column)
            if column == "actual" and isinstance(fund.rate, Decimal):
                self._percent(self.row, left, fund.rate, key)
            elif column in ("weight", "points"):
                self.canvas.put(self.row, left, getattr(fund, column), key=key)
            else:
                self.canvas.put(self.row, left, words.get(column), width=wide)
        self.row += 1

    def _body(self, items: list[tuple[int, Item]]) -> None:
        top = self.row
        heights = [1 + len(item.parts) for _, item in items]
        tops = [top + sum(heights[:n]) for n in range(len(items))]
        for level in ("level1", "level2"):
            self._levels(level, items, tops, heights)
        for (number, item), at, height in zip(items, tops, heights, strict=True):
            self._item(number, item, at, height)
        self._scores(items, tops, heights)
        self.row = top + sum(heights)

    def _levels(self, level: str, items: list[tuple[int, Item]], tops: list[int], heights: list[int]) -> None:
        column = next(left for name, left, _ in self._columns() if name == level)
        runs = groupby(
            range(len(items)),
            key=lambda n: (
                items[n][1].level1,
                level == "level2" and items[n][1].level2,
                0 if self.layout.merged else n,
            ),
        )
        for _, members in runs:
            run = list(members)
            text = getattr(items[run[0]][1], level)
            if level == "level1" and self.layout.level_points:
                text = f"{text}{self._points_of(text)}"
            text = self._broken(text)
            self.canvas.put(tops[run[0]], column, text, height=sum(heights[n] for n in run))
            place = (self.canvas.title, tops[run[0]], column)
            for n in run:
                self.canvas.placed[self.number, "item", items[n][0], level] = (place, text)

    def _points_of(self, level1: str) -> str:
        if points := self.facts.extra.get(f"分:{level1}"):
            return f"({points}分)"
        seen: set[int] = set()
        total = Decimal(0)
        for item in self.facts.items:
            if item.level1 == level1 and isinstance(item.weight, Decimal) and item.together not in seen:
                total += item.weight
                seen |= {item.together} if item.together is not None else set()
        return f"({plain(total)}分)" if total else ""

    def _item(self, number: int, item: Item, at: int, height: int) -> None:
        for column, left, wide in self._columns():
            key = (self.number, "item", number, column)
            if column == "number":
                self.canvas.put(at, left, Decimal(number), height)
            elif column == "level3":
                self.canvas.put(at, left, item.name, width=wide, key=key)
            elif column == "target":
                self._target(at, left, item, key)
            elif column == "actual":
                self._actual(at, left, item, key)
            elif column == "remark":
                self.canvas.put(at, left, item.remark, height, key=key)
            elif column in ("sign", "unit"):
                self.canvas.put(at, left, getattr(item, column), key=key)
            elif column in ("proof", "standard"):
                self.canvas.put(at, left, {"proof": "见附件", "standard": "按完成比例计分"}[column])
        for down, (name, value, actual) in enumerate(item.parts, 1):
            part = replace(item, name=name, value=value, actual=actual, parts=())
            for column, left, wide in self._columns():
                if column == "level3":
                    self.canvas.put(at + down, left, name, width=wide)
                elif column == "target":
                    self._target(at + down, left, part, None)
                elif column == "actual":
                    self._actual(at + down, left, part, None)
                elif column in ("sign", "unit"):
                    self.canvas.put(at + down, left, getattr(item, column))

    def _target(self, at: int, left: int, item: Item, key: Key | None) -> None:
        apart = "sign" in self.layout.columns
        if isinstance(item.value, Decimal) and apart:
            self.canvas.put(at, left, self._typed(item.value), key=key)
        elif item.value is None:
            self.canvas.put(at, left, "", key=key)
        else:
            sign = item.sign if isinstance(item.value, Decimal) else ""
            unit = item.unit if isinstance(item.value, Decimal) else ""
            self.canvas.put(at, left, f"{sign}{item.value}{unit}", key=key)

    def _actual(self, at: int, left: int, item: Item, key: Key | None) -> None:
        apart, value = "unit" in self.layout.columns, item.actual
        if not isinstance(value, Decimal):
            self.canvas.put(at, left, value, key=key)
        elif item.unit == "%" and not apart and self.layout.percent != "number":
            self._percent(at, left, value, key)
        elif apart or not self.layout.units:
            self.canvas.put(at, left, self._typed(value), key=key)
        else:
            self.canvas.put(at, left, f"{value}{item.unit}", key=key)

    def _scores(self, items: list[tuple[int, Item]], tops: list[int], heights: list[int]) -> None:
        """Weights and points, merged over the items that share them and over sub-items' rows where there is no dash."""
        for name, left, _ in self._columns():
            if name not in ("weight", "points"):
                continue
            runs = groupby(range(len(items)), key=lambda n: items[n][1].together or -items[n][0])
            for _, members in runs:
                run = list(members)
                value: Value = getattr(items[run[0]][1], name)
                form = self.layout.points_form if name == "points" and not self.layout.typed else ""
                if form == "0.0#":
                    form = "0.00" if isinstance(value, Decimal) and value != value.quantize(Decimal("0.1")) else "0.0"
                alone = len(run) == 1 and heights[run[0]] > 1
                height = 1 if alone else sum(heights[n] for n in run)
                self.canvas.put(
                    tops[run[0]], left, self._scored(value), height, form=form if isinstance(value, Decimal) else ""
                )
                seen = self.canvas.cells[tops[run[0]], left].shown
                for n in run:
                    key = (self.number, "item", items[n][0], name)
                    self.canvas.placed[key] = ((self.canvas.title, tops[run[0]], left), seen)
                for down in range(1, heights[run[0]] if alone else 1):
                    self.canvas.put(tops[run[0]] + down, left, self.layout.dash)

    # total and foot

    def _total(self) -> None:
        facts, n, layout = self.facts, self.number, self.layout
        shown = "" if facts.total is None else str(facts.total)
        if layout.total == "head":
            return
        if layout.total == "words":
            grade = f",自评等级:{facts.grade}" if facts.grade else ""
            self.canvas.put(
                self.row,
                0,
                f"总分:{shown}分{grade}" if shown else "总分:",
                width=self.width,
                key=(n, "total"),
                seen=shown,
            )
            if grade:
                self.canvas.placed[n, "grade"] = ((self.canvas.title, self.row, 0), facts.grade)
            self.row += 1
            return
        columns = {name: (left, wide) for name, left, wide in self._columns()}
        first = min(columns["weight"][0], columns["points"][0])
        self.canvas.put(self.row, 0, self._label(layout.total), width=first)
        weight = facts.total_weight if facts.total_weight is not None else ""
        self.canvas.put(self.row, columns["weight"][0], self._typed(weight), key=(n, "total_weight"))
        self.canvas.put(self.row, columns["points"][0], self._typed(facts.total), key=(n, "total"))
        for name, (left, wide) in columns.items():
            if left > first and name not in ("weight", "points"):
                grade = facts.grade if name == "remark" else ""
                self.canvas.put(self.row, left, grade, width=wide, key=(n, "grade") if name == "remark" else None)
        self.row += 1

    def _foot(self) -> None:
        extra = self.facts.extra
        signed = [(k, extra[k]) for k in ("填报人", "单位负责人", "填报日期") if k in extra]
        if signed and self.layout.signed_below:
            self._line("    ".join(f"{label}:{value}" for label, value in signed))
        elif signed:
            self._pairs(*((label, value, None) for label, value in signed))
        for note in (*self.layout.notes, *(extra[k] for k in ("说明",) if k in extra)):
            self._line(note)


def _unspent(fund: Fund) -> str:
    """Why less than the budget was spent."""
    if isinstance(fund.adjusted, Decimal) and isinstance(fund.executed, Decimal) and fund.executed < fund.adjusted:
        return f"合同尾款{plain(fund.adjusted - fund.executed)}万元按约定于次年支付。"
    return ""
