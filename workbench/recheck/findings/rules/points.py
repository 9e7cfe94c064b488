"""自评得分 against what the rules give, and the reasons for a deduction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import half_up, half_up_fraction
from workbench.base.text import trimmed
from workbench.recheck.findings.reviewed import Line, Reviewed, filled, text_of
from workbench.recheck.findings.rule import Params, Seen
from workbench.recheck.findings.rules.money import amount_slip, slipped
from workbench.recheck.findings.rules.rates import wrong_rate
from workbench.recheck.model import Written
from workbench.recheck.recompute.member import EXECUTION_RATE
from workbench.recheck.values import Sign
from workbench.recheck.values.quantities import prepared
from workbench.recheck.values.units import UNIT, converted

_DEDUCTED = re.compile(r"(?:扣除?分?|扣减|减|酌情扣|酌扣)(?:了|去|该指标|分值的?|本项)?(\d+(?:\.\d+)?)(分|%)")
_ONLY = r"(?:为|是|仅|只|有|达到?|约|了|:)*"
_COMPLETED = re.compile(
    rf"(?<!预算)完成(?:率|比例|进度|(?:年度|年初|全年|本年|既定|预定|计划)*(?:目标|指标|任务|计划)+(?:值|数|量)?的?){_ONLY}(\d{{1,3}}(?:\.\d+)?)%"
    rf"|(?:^|[,。;:])(?:实际|目前|累计|共|总体|全年|本年|项目|任务|工作|仅|只|已)*(?:完成|进度){_ONLY}(\d{{1,3}}(?:\.\d+)?)%"
)
"""What is said to have been done of the whole; 二标段完成60% tells of a part."""
_BY_SHARE = re.compile(
    r"按(?:照)?(?:完成率|完成比例|实际完成|比例)*(?:的)?(\d{1,3}(?:\.\d+)?)%(?:的?比例)?(?:计?扣分?|计分|得分|给分|计算|折算|核减|赋分)"
)
"""The share by which points are said to be given, or taken off."""
_PAPERS = r"(?:佐证|证明|支撑|凭证|原始(?:凭证|记录|资料|单据)|验收单|台账)"
_LESS = r"(?:缺失|缺乏|欠缺|遗失|丢失|灭失|不全|不足|不齐|不完整|不充分|未留存|未保存|未保留|未归档|未提供|未附|未见|未收集)"
_KEPT = r"(?:提供|附|见|留存|保存|保留|归档|收集|取得|提交|出具|找到)"
_UNPROVEN = re.compile(
    rf"(?:无法|未能|未|没有|不能){_KEPT}[^,。;]{{0,6}}(?:{_PAPERS}|资料|材料|记录|依据|(?:检测|验收|审计|评估|鉴定|监测)报告)"
    rf"|{_PAPERS}(?:材料|资料|依据)?[^,。;]{{0,2}}{_LESS}"
    rf"|(?:缺少|缺乏|缺|无|没有)(?:相关|有效|相应|必要|完整|充分|任何)*{_PAPERS}"
    r"|(?:缺少|缺乏|缺|无|没有)[^,。;]{0,6}(?:(?:佐证|证明|支撑)(?:材料|资料)|书面(?:依据|材料|记录))"
    r"|(?:缺少|缺乏|无|没有)[^,。;]{0,6}(?:支撑|可查|可依|可考|可证)|(?:无法|未能|不能|未)提供(?=$|[,。;])"
    r"|(?:资料|材料|记录|照片|签到表?|影像)[^,。;]{0,4}(?:遗失|丢失|灭失|未(?:能)?(?:留存|保存|保留|归档|移交))"
    r"|(?:^|[,。;])(?:相关|部分|项目|过程)*(?:资料|材料|档案)(?:缺失|不全|不齐|不完整)(?=$|[,。;])"
    r"|(?:缺少|缺乏|缺|无|没有)(?![^,。;]*(?:事故|违[规纪法]|投诉|不良|处罚|超标|差错|信访|申[报请]))[^,。;]{0,4}(?:资料|记录|影像|照片|签到表?|台账|档案)(?=$|[,。;])"
    r"|(?:无法|难以|无从|不能)(?:佐证|核实|核查|证实|验证|查证)"
)
_SHORT = re.compile(
    rf"(?:(?<![减至不缺较])少(?![数年儿])[^\d,。;]{{0,5}}|(?:相差|差距|缺口|未(?:完成|开展|举办|实施)|[缺差欠])(?=\d))(?P<number>\d+(?:\.\d+)?)(?P<unit>{UNIT})?(?!\d)"
)
_REACHED = re.compile(
    rf"(?:实际[^\d,。;]{{0,6}}|[只仅](?:完成|举办|开展|建成|发放|采购|培训|实施)了?)(?P<number>\d+(?:\.\d+)?)(?P<unit>{UNIT})"
)
_PARTED = re.compile(r"其中|每|各|平均|分别|上年|去年|预算|资金|扣")
_COUNTED = re.compile(r"\d|[一二两三四五六七八九十百千]+[余多]?[个期次人户家场项月天名座台年批处岁日套件]")
"""A number of anything makes a reason one of its own."""
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
    formula: bool
    """Whether it is 预算执行率 and the total row has its amounts, so that nobody judges."""

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
    total = form.total_money
    proven = total is not None and bool(total.adjusted) and total.executed is not None
    for line in form.lines:
        weight, points, low, high = line.weight, line.points, line.low, line.high
        if not weight or points is None or low is None or high is None or line.doubtful:
            continue
        if not line.rows and form.total_money is not None and slipped(form.total_money):
            continue
        if points <= weight:
            rate = line.recomputed is not None and line.recomputed.judged == EXECUTION_RATE
            yield _Scored(line, weight, points, low, high, rate and proven)


def met_but_deducted(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The target was reached, and points were deducted without a word."""
    tolerance = params.number("tolerance")
    for one in _scored(form):
        deducted = one.points < one.weight - tolerance
        if deducted and not one.formula and one.line.met(tolerance) and not _reason(one.line, form, params):
            yield one.seen(form)


def execution_points(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Points of 预算执行率 follow from its amounts. Those that follow from a wrong rate are told with the rate."""
    for one in _scored(form):
        if (
            one.formula
            and one.low == one.high
            and not one.accepted(params.number("tolerance"))
            and not wrong_rate(form)
        ):
            yield one.seen(form)


def missed_but_full(form: Reviewed, params: Params) -> Iterator[Seen]:
    """The target was missed, and full points were taken."""
    for one in _scored(form):
        if not one.line.full or one.formula:
            continue
        if one.line.missed(params.number("tolerance")):
            seen = one.seen(form)
            how = f"得分应为{seen.expected}分,写明扣分依据"
            if one.low == one.high:
                how = (
                    f"{'' if all(t.target.moment for t in one.line.rows) else '按完成比例'}改正得分为{seen.expected}分"
                )
            yield replace(seen, told={**seen.told, "how": how})
        elif len(one.line.rows) == 1 and form.late(one.line.rows[0]):
            # 10号 has no formula for time: how much is lost is judged, but the target was not reached.
            told = {"ruleset": form.ruleset, "sentence": "实际完成时间晚于规定时间,未达到指标值"}
            told["how"] = f"得分应低于{trimmed(one.weight)}分:按延误程度扣分,写明扣分依据"
            yield Seen(one.line.points_cell, "得分", one.line.name, f"低于{trimmed(one.weight)}", told=told)


def points_rule(form: Reviewed, params: Params) -> Iterator[Seen]:
    """Other points than the rules give: a share of the weight, a band, an interval."""
    tolerance = params.number("tolerance")
    for one in _scored(form):
        if not (one.formula or one.line.full or one.line.met(tolerance) or one.accepted(tolerance)):
            yield one.seen(form)


def _remark(line: Line) -> Written | None:
    return next((t.row.remark for t in line.rows if t.row.remark is not None), None)


def _remarks(line: Line) -> str:
    return "".join(dict.fromkeys(text_of(t.row.remark) for t in line.rows))


def _reason(line: Line, form: Reviewed, params: Params) -> bool:
    """Whether anything is said about a deduction."""
    return not params.pattern("nothing").fullmatch(_remarks(line).rstrip("。.;")) or _explained(line, form, params)


def _explained(line: Line, form: Reviewed, params: Params) -> bool:
    """Whether the form gives reasons in a block of its own that may be about this line.

    存在问题 of something else is no reason to deduct where the target was reached, and the line has room for a reason.
    """
    if not form.explained or filled(form.form.labels.get("偏差说明")):
        return form.explained
    if _remark(line) is None or not line.met(params.number("tolerance")):
        return True
    said = "".join(text_of(form.form.labels.get(name)) for name in ("存在问题", "改进措施"))
    return "扣" in said or any(line.name[i : i + 2] in said for i in range(len(line.name) - 1))


def reason_blank(form: Reviewed, params: Params) -> Iterator[Seen]:
    """A target missed or points deducted want their reason (第十一条)."""
    tolerance = params.number("tolerance")
    for line in form.lines:
        cell = _remark(line)
        late = any(form.late(typed) for typed in line.rows)
        # What 预算执行率 loses follows from its amounts.
        formula = not line.rows or (line.recomputed is not None and line.recomputed.judged == EXECUTION_RATE)
        slip = any(amount_slip(typed) is not None for typed in line.rows)
        if cell is None or formula or slip or _reason(line, form, params) or not (late or _deviates(line, tolerance)):
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
        telling = 2 * len(rest) >= len(re.sub(r"[\W_]", "", text)) or len(rest) > params.number("rest")
        if phrases.search(text) and not telling and not _COUNTED.search(text):
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
            yield from _other_short(line, cell, text)


def _amount(number: str, unit: str, weight: Decimal) -> Decimal:
    return Decimal(number) if unit == "分" else Decimal(number) * weight / 100


def _other_rate(line: Line, cell: Written, text: str, tolerance: Decimal) -> Iterator[Seen]:
    stated = [Decimal(whole or part) for whole, part in _COMPLETED.findall(prepared(text))]
    by_share = [] if stated else [Decimal(number) for number in _BY_SHARE.findall(text)]
    stated = stated or by_share
    if len(stated) != 1 or len(line.rows) != 1:
        return
    target, actual = line.rows[0].target, line.rows[0].actual
    if not target.number or target.number < 0 or actual.number is None or actual.high is not None:
        return
    share = half_up_fraction(Fraction(actual.number) / Fraction(target.number) * 100, 2)
    known = [share] + ([actual.number] if target.percent else []) + ([100 - share] if by_share else [])
    if target.sign in (Sign.GTE, Sign.EQ, Sign.UNKNOWN) and all(abs(k - stated[0]) > tolerance for k in known):
        yield Seen(cell, "偏差原因分析及改进措施", line.name, f"完成率{trimmed(share)}%")


def _other_short(line: Line, cell: Written, text: str) -> Iterator[Seen]:
    """少50人次, where 30 are lacking; 实际完成15期, where the form says 18."""
    reached = [m for m in _REACHED.finditer(prepared(text)) if len(line.rows) == 1 and not _PARTED.search(text)]
    if len(reached) == 1 and _unlike(line, Decimal(reached[0]["number"]), reached[0]["unit"]):
        yield Seen(cell, "偏差原因分析及改进措施", line.name, f"完成值为{line.rows[0].actual.text}")
        return
    stated = [(Decimal(m["number"]), m["unit"] or "") for m in _SHORT.finditer(prepared(text))]
    if not stated or len(line.rows) != 1 or _PARTED.search(text):
        return
    target, actual = line.rows[0].target, line.rows[0].actual
    if target.number is None or actual.number is None or actual.high is not None or actual.rough:
        return
    lacking = target.number - actual.number
    known = [converted(number, unit, target.unit) for number, unit in stated]
    if target.sign not in (Sign.GTE, Sign.EQ) or lacking <= 0 or target.percent or None in known:
        return
    if lacking not in known and sum(n for n in known if n is not None) != lacking:
        shown = f"{trimmed(lacking)}{target.unit}"
        yield Seen(cell, "偏差原因分析及改进措施", line.name, f"指标值与完成值相差{shown}")


def _unlike(line: Line, number: Decimal, unit: str) -> bool:
    """Whether a number in the unit of an indicator is not its actual."""
    target, actual = line.rows[0].target, line.rows[0].actual
    comparable = actual.number is not None and actual.high is None and not actual.rough and unit == target.unit
    return comparable and number not in (actual.number, target.number)


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
    """复核得分 above 自评得分 wants a second look, unless it is the one number that the rules give."""
    for choice in form.choices:
        line = next((one for one in form.lines if one.recomputed and choice.row in one.recomputed.rows), None)
        if line and line.recomputed and choice.points == line.recomputed.points:
            continue
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
