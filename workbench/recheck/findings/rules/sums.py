"""Weights, points and totals: what is wrong by adding up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal

from workbench.base.exact import half_up
from workbench.base.text import trimmed
from workbench.recheck.findings.reviewed import Line, Reviewed, filled, first_of, text_of
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.model import Written
from workbench.recheck.recompute.execution import NAME
from workbench.recheck.values import points_of

_WHOLE = Decimal(100)
_HALF_CENT = Decimal("0.005")
_STATED = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?)(?:分|%)?(?![\d.])")
_NOTED = re.compile(r"(产出|效益|满意度?|成本|执行率?)(?:指标)?[^\d,;。、]{0,6}?(\d{1,3}(?:\.\d+)?)\s*[分%]")
_LABELS = ("优秀", "良好", "中等", "一般", "较差", "优", "良", "中", "差")
_TICK_FIRST = re.compile(rf"[☑√✓■●]({'|'.join(_LABELS)})")
_TICK_LAST = re.compile(rf"({'|'.join(_LABELS)})[☑√✓■●]")
_DIGITS = re.compile(r"[\d.]+$")
_SHORT = {"优秀": "优", "良好": "良", "中等": "中", "一般": "中", "较差": "差"}


def weights_sum(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Weights add up to 100, and the total row says so. A table cut off before its total is not added up."""
    full, tolerance = params.number("full"), params.number("tolerance")
    known = [line.weight for line in form.lines if line.weight is not None]
    total, written = sum(known, Decimal(0)), points_of(form.form.total_weight)
    if not form.rows or not known or (form.weight_sum is None and total <= full + tolerance):
        return
    if abs(total - full) <= tolerance:
        # The row below the indicators may leave 预算执行率 to the money block.
        own = sum((line.weight for line in form.lines if line.rows and line.weight is not None), Decimal(0))
        if written is not None and written not in (total, own):
            told = {"sum": trimmed(total), "stated": f"合计写作{text_of(form.form.total_weight)},"}
            yield Seen(form.form.total_weight, "分值合计", "", trimmed(total), told=told)
        return
    if (form.complete or total > full) and not _execution_elsewhere(form, full - total):
        cell = form.form.total_weight if filled(form.form.total_weight) else form.lines[-1].weight_cell
        stated = f"合计写作{text_of(form.form.total_weight)}," if filled(form.form.total_weight) else ""
        yield Seen(cell, "分值合计", "", trimmed(full), trimmed(total), {"sum": trimmed(total), "stated": stated})


def _execution_elsewhere(form: Reviewed, lacking: Decimal) -> bool:
    """Whether what lacks is 预算执行率, whose points the form does not write into the money block."""
    return bool(form.form.funds) and all(line.rows for line in form.lines) and lacking in (10, 20)


def points_sum(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The total is the sum of its parts."""
    total, lines = form.total, form.lines
    if total is None or not form.rows or any(line.points is None for line in lines):
        return
    scored = [line.points for line in lines if line.points is not None]
    own = [line.points for line in lines if line.rows and line.points is not None]
    # Parts that are shown with two decimals have each lost up to half a cent.
    rounded = sum(1 for p in [*scored, total] if -int(p.as_tuple().exponent) >= 2)
    tolerance = max(params.number("tolerance"), _HALF_CENT * (rounded + 1))
    expected = sum(scored, Decimal(0))
    shown = max(0, -int(total.as_tuple().exponent))
    if shown and total == half_up(expected, shown):
        return
    # Within 100 points the row may be a subtotal; beyond them it takes the indicators alone for the whole.
    subtotal = _of_indicators(form) and sum(own) == total and form.weight_sum == _WHOLE
    if abs(total - expected) > tolerance and not subtotal:
        left = left_out(form)
        told = {
            "difference": f"{'多' if total > expected else '少'}{trimmed(abs(total - expected))}分",
            "left_out": f"(没有计入{NAME}的{trimmed(left)}分)" if left else "",
        }
        yield Seen(form.total_cell, "得分合计", "", trimmed(expected), told=told)


def left_out(form: Reviewed) -> Decimal:
    """Points of 预算执行率 that the total does not count, because it adds up the indicators only; 0 where it does."""
    first = next((line.points for line in form.lines if not line.rows), None)
    own = [line.points for line in form.lines if line.rows]
    known = [points for points in own if points is not None]
    alone = bool(known) and len(known) == len(own) and form.total == sum(known, Decimal(0))
    return first if first and alone else Decimal(0)


def _of_indicators(form: Reviewed) -> bool:
    """Whether the total row adds up the indicators only, by its own weight."""
    own = [line.weight for line in form.lines if line.rows and line.weight is not None]
    return points_of(form.form.total_weight) == sum(own, Decimal(0)) != form.weight_sum


def total_above_parts(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A total cannot exceed what its parts have, where some of them are blank, nor full points."""
    total, tolerance, most = form.total, params.number("tolerance"), params.number("full")
    parts = [line.weight if line.points is None else line.points for line in form.lines]
    if total is None or any(_above(line, tolerance) for line in form.lines):
        return
    if form.rows and None not in parts and any(line.points is None for line in form.lines):
        most = min(most, sum((p for p in parts if p is not None), Decimal(0)))
    if total > most + tolerance:
        yield Seen(form.total_cell, "得分合计", "", trimmed(most))


def _above(line: Line, tolerance: Decimal) -> bool:
    return line.points is not None and line.weight is not None and line.points > line.weight + tolerance


def points_above_weight(form: Reviewed, params: Params) -> Iterator[Seen]:
    """No line has more points than its weight."""
    for line in form.lines:
        if _above(line, params.number("tolerance")):
            yield Seen(line.points_cell, "得分", line.name, f"不超过{trimmed(line.weight or Decimal(0))}")


def total_stated(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The total in the head of the form and that of the total row are one."""
    head, row = form.form.labels.get("自评总分"), form.form.total_points
    stated, total = points_of(head), points_of(row)
    if (
        head is not row
        and stated is not None
        and total is not None
        and abs(stated - total) > params.number("tolerance")
    ):
        yield Seen(head, "自评总分", "", trimmed(total))


def grade_score(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The grade is the one of the points."""
    cell = form.form.grade if filled(form.form.grade) else form.form.labels.get("自评等级")
    lines = [(band.label, band.lower) for band in form.bands]
    lines = lines or [(name, params.number(key)) for name, key in (("优", "excellent"), ("良", "good"), ("中", "fair"))]
    labels = {_SHORT.get(label, label) for label, _ in lines} | set(_SHORT.values())
    grade, total = _grade_of(cell, labels), form.total
    if grade is None or total is None or total > params.number("full"):
        return
    due = next((label for label, lower in lines if total >= lower), "" if form.bands else "差")
    if due and grade != _SHORT.get(due, due):
        yield Seen(cell, "等级", "", due, told={"points": trimmed(total)})


def _grade_of(cell: Written | None, labels: Collection[str]) -> str | None:
    """One of the labels, 优, 良, 中 and 差 by their short names; of several the one that is ticked."""
    text = text_of(cell)
    if text in labels:
        return text
    boxed = re.match(rf"[^{''.join(_LABELS)}]*[□☐☑√✓■●]", text) is not None
    ticked = (_TICK_FIRST if boxed else _TICK_LAST).findall(text)
    plain = text if text in _LABELS else re.sub(r"^.*:|等级|等次|[级等\"“”()]", "", text)
    word = ticked[0] if len(ticked) == 1 else plain
    word = _SHORT.get(word, word)
    return word if word in labels else None


def level1_stated(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A level-1 title with its points (产出指标50分), and a note that fixes them, agree with the rows below."""
    if form.weight_sum is None:
        return
    sums = _level1_sums(form.lines)
    seen: set[tuple[int, str]] = set()
    for line in form.lines:
        cell = line.rows[0].row.level1 if line.rows else None
        level = first_of(line.rows[0].row) if line.rows else ""
        if cell is None or not level or (cell.spot.row, level) in seen:
            continue
        seen.add((cell.spot.row, level))
        stated = _STATED.findall(text_of(cell))
        same = {
            text_of(other.rows[0].row.level1)
            for other in form.lines
            if other.rows and first_of(other.rows[0].row) == level
        }
        if len(stated) == 1 and len(same) == 1 and abs(Decimal(stated[0]) - sums[level]) > params.number("tolerance"):
            yield Seen(cell, "一级指标", "", trimmed(sums[level]), trimmed(Decimal(stated[0])), {"where": "一级指标栏"})
            seen |= {
                (other.rows[0].row.level1.spot.row, level)
                for other in form.lines
                if other.rows and other.rows[0].row.level1
            }
    for note in form.form.notes:
        yield from _noted(note, sums, params.number("tolerance"))


def _noted(note: Written, sums: dict[str, Decimal], tolerance: Decimal) -> Iterator[Seen]:
    found: dict[str, set[Decimal]] = {}
    for name, number in _NOTED.findall(text_of(note)):
        found.setdefault({"满意": "满意度", "执行": "预算执行率", "执行率": "预算执行率"}.get(name, name), set()).add(
            Decimal(number)
        )
    single = {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}
    if len(single) < 2 or len(single) != len(found) or sum(single.values()) != 100:
        return
    wrong = [n for n, stated in single.items() if abs(stated - sums.get(n, Decimal(0))) > tolerance]
    if wrong:
        stated = "、".join(f"{n}{trimmed(single[n])}" for n in wrong)
        actual = "、".join(f"{n}{trimmed(sums.get(n, Decimal(0)))}" for n in wrong)
        yield Seen(note, "说明", "", actual, stated, {"where": "表中说明"})


def _level1_sums(lines: tuple[Line, ...]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        level = first_of(line.rows[0].row) if line.rows else "预算执行率"
        sums[level] = sums.get(level, Decimal(0)) + (line.weight or 0)
    return sums


def weights_mixed(form: Reviewed, params: Params) -> Iterator[Seen]:
    """成本 as a level 1 of its own (101号), beside weights that 10号 has for a form without it."""
    sums = _level1_sums(form.lines)
    if not form.complete or form.weight_sum != 100:
        return
    wrong = _of_other_tree(sums, params.number("output"), params.number("benefit"))
    odd = next((line for line in form.lines if wrong and _level_of(line) == wrong[0]), None)
    if odd is not None:
        found = "、".join(f"{name}{trimmed(sums[name])}" for name in wrong)
        yield Seen(odd.weight_cell, "一级指标权重", "", "成本20、产出40、效益20、满意度10、预算执行率10", found)


def _of_other_tree(sums: dict[str, Decimal], output: Decimal, benefit: Decimal) -> list[str]:
    """Levels that weigh what 10号 gives them without 成本, in a form with 成本; of 效益 only beside 满意度, without it 101号 has 30 too."""
    if "成本" not in sums:
        return []
    wrong = ["产出"] if sums.get("产出") == output else []
    return [*wrong, "效益"] if sums.get("效益") == benefit and sums.get("满意度") else wrong


def level1_weights(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Level-1 weights are one of the sets the documents name; 原则上, so others are asked about only."""
    sums = _level1_sums(form.lines)
    if not form.complete or form.weight_sum != 100 or "" in sums or "产出" not in sums:
        return
    if _of_other_tree(sums, Decimal(50), Decimal(30)):
        return  # told as 10号 and 101号 mixed
    shown = " ".join(f"{name}{trimmed(sums[name])}" for name in sorted(sums))
    allowed = params.words("sets")
    if shown not in {" ".join(sorted(one.split())) for one in allowed}:
        usual = dict(re.findall(r"(\D+?)(\d+)\s?", _nearest(sums, allowed)))
        odd = next(
            (
                line
                for line in form.lines
                if _level_of(line) in sums and str(sums[_level_of(line)]) != usual.get(_level_of(line))
            ),
            form.lines[0],
        )
        yield Seen(
            odd.weight_cell, "一级指标权重", "", _nearest(sums, allowed).replace(" ", "、"), shown.replace(" ", "、")
        )


def _level_of(line: Line) -> str:
    return first_of(line.rows[0].row) if line.rows else "预算执行率"


def _nearest(sums: dict[str, Decimal], allowed: tuple[str, ...]) -> str:
    """The set with the form's level-1 indicators, of several the one with most of its weights."""
    own = {f"{name}{trimmed(number)}" for name, number in sums.items()}

    def likeness(one: str) -> tuple[int, int]:
        names = {_DIGITS.sub("", part) for part in one.split()}
        return -len(names ^ set(sums)), len(own & set(one.split()))

    return max(allowed, key=likeness)


def weight_blank(form: Reviewed, params: Params) -> Iterator[Seen]:
    """What has points has a weight; so has what was carried out, in a form whose other indicators have theirs."""
    others = sum(line.weight is not None for line in form.lines if line.rows) > 1
    for line in form.lines:
        cell = line.weight_cell
        if line.weight is None and cell is not None and line.points is not None and line.points > 0:
            yield Seen(cell, "分值", line.name, "填写分值", told={"how": "填了得分,"})
        elif others and cell is not None and cell.blank and _unscored(line):
            yield Seen(cell, "分值", line.name, "填写分值", told={"how": "填了完成值,得分和"})


def _unscored(line: Line) -> bool:
    """Whether an indicator was carried out, and its points left blank."""
    blank = line.points_cell is not None and line.points_cell.blank
    return blank and any(filled(typed.row.actual) for typed in line.rows)


def points_blank(form: Reviewed, params: Params) -> Iterator[Seen]:
    """What has a weight has points: neither 0 nor full points follow from a blank cell."""
    for line in form.lines:
        if line.weight is not None and line.points_cell is not None and line.points_cell.blank:
            yield Seen(line.points_cell, "得分", line.name, "填写得分")


def number_unreadable(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Weights, points and amounts are numbers, no errors of a formula, no words."""
    ignored = params.pattern("ignored")
    fields = [("分值", line.name, line.weight_cell, line.weight) for line in form.lines]
    fields += [("得分", line.name, line.points_cell, line.points) for line in form.lines]
    for money in form.money:
        row = money.row
        fields += [
            ("年初预算数", money.name, row.initial, money.initial),
            ("全年预算数", money.name, row.adjusted, money.adjusted),
        ]
        fields += [("全年执行数", money.name, row.executed, money.executed)]
    # Beside the total stand a grade and other words; only an error or a formula nobody has calculated is told.
    totals = (("分值合计", form.form.total_weight), ("得分合计", form.total_cell))
    fields += [(field, "总分", cell, None) for field, cell in totals if cell is not None and cell.error]
    for field, name, cell, number in fields:
        if cell is not None and filled(cell) and number is None and not ignored.search(text_of(cell)):
            yield Seen(cell, field, name, "数字", told={"why": _why_no_number(cell)})


def _why_no_number(cell: Written) -> str:
    """Words, an error, or a formula whose result the file does not hold: the program that wrote it has not calculated."""
    if not cell.error:
        return "不是数字"
    return "公式出错" if cell.text.startswith("#") else "是公式,文件里没有计算结果"


def fund_part_points(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Only the total row of the money block carries points."""
    for money in form.money:
        weight, total = points_of(money.row.weight), form.total_money
        if total is not None and money is not total and weight and points_of(total.row.weight):
            yield Seen(money.row.weight, "分值", money.name, "不填分值(只有年度资金总额一行计分)")
