"""自评得分 against what the rules give, and the reasons for a deduction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import half_up, half_up_fraction
from workbench.base.text import trimmed
from workbench.recheck.findings.reviewed import Line, Reviewed, text_of
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.findings.rules.money import slipped
from workbench.recheck.model import Written
from workbench.recheck.values import Sign

_DEDUCTED = re.compile(r"(?:扣除?分?|扣减|减|酌情扣|酌扣)(?:了|去|该指标|分值的?|本项)?(\d+(?:\.\d+)?)(分|%)")
_COMPLETED = re.compile(
    r"(?<!预算)完成(?:率|比例|进度|(?:年度|年初|全年)?(?:目标|指标|任务|计划)(?:值|数|量)?的)(?:为|是|仅|只有|达到?|约)?:?(\d{1,3}(?:\.\d+)?)%"
)
_UNPROVEN = re.compile(
    r"(?:无法|未能|未|没有|不能)(?:提供|附|见)[^,。;]{0,6}(?:佐证|证明|支撑|资料|材料|记录|依据)|(?:佐证|证明|支撑)(?:材料|资料)?缺失"
)
_UNFINISHED = re.compile(r"(?:未|没有)[^,。;]{0,6}(?:验收|完工|竣工)")
_ONE_DECIMAL = 1


@dataclass(frozen=True, slots=True)
class _Scored:
    """A line whose points and limits are known."""

    line: Line
    weight: Decimal
    points: Decimal
    low: Decimal
    high: Decimal

    def accepted(self, tolerance: Decimal) -> bool:
        """Inside the interval, or the rule's points rounded to one decimal."""
        if self.low - tolerance <= self.points <= self.high + tolerance:
            return True
        return self.low == self.high and self.points == half_up(self.low, _ONE_DECIMAL) != self.weight

    def seen(self, form: Reviewed) -> Seen:
        expected = trimmed(self.low) if self.low == self.high else f"{trimmed(self.low)}至{trimmed(self.high)}"
        sentence = self.line.recomputed.sentence.rstrip("。") if self.line.recomputed else ""
        told = {"ruleset": form.ruleset, "sentence": sentence}
        return Seen(self.line.points_cell, "得分", self.line.name, expected, told=told)


def _scored(form: Reviewed) -> Iterator[_Scored]:
    for line in form.lines:
        weight, points, low, high = line.weight, line.points, line.low, line.high
        if not weight or points is None or low is None or high is None or line.doubtful:
            continue
        if not line.rows and form.total_money is not None and slipped(form.total_money):
            continue
        if points <= weight:
            yield _Scored(line, weight, points, low, high)


def met_but_deducted(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The target was reached, and points were deducted without a word."""
    tolerance = params.number("tolerance")
    for one in _scored(form):
        deducted = one.points < one.weight - tolerance
        if deducted and one.line.met(tolerance) and not _reason(one.line, form, params):
            yield one.seen(form)


def missed_but_full(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The target was missed, and full points were taken."""
    for one in _scored(form):
        if not one.line.full:
            continue
        if one.line.missed(params.number("tolerance")):
            yield one.seen(form)
        elif len(one.line.rows) == 1 and form.late(one.line.rows[0]):
            # 10号 has no formula for time: how much is lost is judged, but the target was not reached.
            told = {"ruleset": form.ruleset, "sentence": "实际完成时间晚于规定时间,未达到指标值"}
            yield Seen(one.line.points_cell, "得分", one.line.name, f"低于{trimmed(one.weight)}", told=told)


def points_rule(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Other points than the rules give: a share of the weight, a band, an interval."""
    tolerance = params.number("tolerance")
    for one in _scored(form):
        if not (one.line.full or one.line.met(tolerance) or one.accepted(tolerance)):
            yield one.seen(form)


def _remark(line: Line) -> Written | None:
    return next((t.row.remark for t in line.rows if t.row.remark is not None), None)


def _remarks(line: Line) -> str:
    return "".join(dict.fromkeys(text_of(t.row.remark) for t in line.rows))


def _reason(line: Line, form: Reviewed, params: Params) -> bool:
    """Whether anything is said about a deduction."""
    return form.explained or not params.pattern("nothing").fullmatch(_remarks(line).rstrip("。.;"))


def reason_blank(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A target missed or points deducted want their reason (第十一条)."""
    tolerance = params.number("tolerance")
    for line in form.lines:
        cell = _remark(line)
        late = any(form.late(typed) for typed in line.rows)
        if cell is None or not line.rows or _reason(line, form, params) or not (late or _deviates(line, tolerance)):
            continue
        points = "未填" if line.points is None else f"{trimmed(line.points)}分"
        told = {"points": points, "weight": trimmed(line.weight or Decimal(0))}
        yield Seen(cell, "偏差原因分析及改进措施", line.name, "写明原因和改进措施", told=told)


def _deviates(line: Line, tolerance: Decimal) -> bool:
    if line.weight is None or line.doubtful or line.met(tolerance):
        return False
    return line.missed(tolerance) or (line.points is not None and line.points < line.weight - tolerance)


def reason_boilerplate(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A reason made of phrases that fit everything."""
    phrases = params.pattern("phrases")
    for line in form.lines:
        cell, text = _remark(line), _remarks(line)
        deducted = line.points is not None and line.weight is not None and line.points < line.weight
        if cell is None or not text or not (deducted or _deviates(line, params.number("tolerance"))):
            continue
        rest = re.sub(r"[\W_]", "", phrases.sub("", text))
        if phrases.search(text) and len(rest) <= params.number("rest"):
            yield Seen(cell, "偏差原因分析及改进措施", line.name, "写明本指标的具体原因和措施")


def remark_differs(form: Reviewed, params: Params) -> Iterator[Seen]:
    """What a remark says was deducted or reached is not what the figures say."""
    tolerance = params.number("tolerance")
    for line in form.lines:
        cell, text = _remark(line), _remarks(line)
        if cell is None or not text or line.weight is None or line.points is None or not line.rows:
            continue
        deducted = line.weight - line.points
        stated = [_amount(number, unit, line.weight) for number, unit in _DEDUCTED.findall(text)]
        if stated and abs(sum(stated, Decimal(0)) - deducted) > tolerance and deducted not in stated:
            yield Seen(cell, "偏差原因分析及改进措施", line.name, f"实际扣{trimmed(deducted)}分")
        elif not stated:
            yield from _other_rate(line, cell, text, params.number("rate_tolerance"))


def _amount(number: str, unit: str, weight: Decimal) -> Decimal:
    return Decimal(number) if unit == "分" else Decimal(number) * weight / 100


def _other_rate(line: Line, cell: Written, text: str, tolerance: Decimal) -> Iterator[Seen]:
    stated = [Decimal(number) for number in _COMPLETED.findall(text)]
    if len(stated) != 1 or len(line.rows) != 1:
        return
    target, actual = line.rows[0].target, line.rows[0].actual
    if not target.number or target.number < 0 or actual.number is None or actual.high is not None:
        return
    share = half_up_fraction(Fraction(actual.number) / Fraction(target.number) * 100, 2)
    known = [share] + ([actual.number] if target.percent else [])
    if target.sign in (Sign.GTE, Sign.EQ, Sign.UNKNOWN) and all(abs(k - stated[0]) > tolerance for k in known):
        yield Seen(cell, "偏差原因分析及改进措施", line.name, f"完成率{trimmed(share)}%")


def no_evidence_scored(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The remark says that there is no evidence, and there are points."""
    for line in form.lines:
        found = params.pattern("words").search(_remarks(line)) or _UNPROVEN.search(_remarks(line))
        if found and line.points:
            yield Seen(line.points_cell, "得分", line.name, "0", told={"words": found[0]})


def judged_differently(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Unfinished or not accepted in one indicator, and full points for it in another one of the same name."""
    failed = [
        line
        for line in form.lines
        if line.rows and _UNFINISHED.search(f"{_remarks(line)},{text_of(line.rows[0].row.actual)}")
    ]
    for line in failed:
        if line.points is None or not line.weight or line.points * 2 > line.weight:
            continue
        for other in form.lines:
            shared = _shared(line.name, other.name)
            if (
                other is not line
                and other.rows
                and other.full
                and len(shared) >= params.number("shared")
                and other not in failed
            ):
                told = {"other": line.name, "points": trimmed(line.points)}
                yield Seen(other.points_cell, "得分", other.name, "两项判断一致", told=told)


def _shared(first: str, second: str) -> str:
    """The longest text two names have in common."""
    best = ""
    for start in range(len(first)):
        end = start + len(best) + 1
        while end <= len(first) and first[start:end] in second:
            best, end = first[start:end], end + 1
    return best


def check_above_self(form: Reviewed, params: Params) -> Iterator[Seen]:
    """复核得分 above 自评得分 wants a second look."""
    for choice in form.choices:
        line = next((one for one in form.lines if one.recomputed and choice.row in one.recomputed.rows), None)
        if line and choice.points is not None and line.points is not None and choice.points > line.points:
            told = {"reviewer": choice.reviewer}
            yield Seen(
                line.points_cell,
                "得分",
                line.name,
                f"不超过自评得分{trimmed(line.points)}",
                trimmed(choice.points),
                told,
            )


def all_full(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Every line has full points."""
    lines = [line for line in form.lines if line.weight]
    if len(lines) >= params.number("lines") and all(line.full for line in lines) and form.complete:
        yield Seen(form.total_cell or lines[-1].points_cell, "得分", "", "逐项核实依据", f"{len(lines)}项全部满分")
