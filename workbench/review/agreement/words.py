"""Agreement in sentences. What rests on fewer than five experts says 仅供参考 in the sentence itself, so that none is quoted without."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from workbench.base.exact import half_up, half_up_fraction
from workbench.base.text import plain, trimmed
from workbench.review.agreement.model import (
    FEW_EXPERTS,
    Agreement,
    Coefficient,
    Coefficients,
    Concordance,
    Convergence,
    Icc,
    Outlier,
    Shift,
    Spread,
)
from workbench.review.agreement.thresholds import ICC_BANDS, W_BANDS

NEVER_A_SCORE = "一致性只说明分歧,不改变任何得分。"
_DIRECTIONS = {"narrower": "收敛", "wider": "扩大", "same": "不变"}


def of_level(level1: str) -> str:
    """A level-1 indicator as a group: ``效益`` and ``效益指标`` → ``效益类指标``."""
    return f"{level1.removesuffix('指标').removesuffix('类')}类指标"


def caveat(experts: int) -> str:
    """The remark that a statement rests on too few experts, or nothing."""
    return f"(仅供参考:只有{experts}位专家)" if experts < FEW_EXPERTS else ""


def coefficients(found: Coefficients, unit: str = "项指标") -> str:
    """The coefficients of a group in one sentence; ``unit`` counts its rows."""
    first, average = found.icc["ICC(2,1)"], found.icc["ICC(3,k)"]
    gap_free = [_icc("ICC(2,1)", first), _icc("ICC(3,k)", average), _concordance(found.w)]
    reasons = {c.why for c in (first, average, found.w)}
    if None not in reasons and len(reasons) == 1:
        gap_free = [f"ICC和Kendall W算不出:{first.why}"]
    parts = [*gap_free, _plain("Krippendorff α", found.alpha["interval"])]
    return f"{found.name}:{';'.join(parts)}。{_basis(found, unit)}{caveat(_resting_on(found))}"


def spread(found: Spread) -> str:
    """The points of one indicator in one sentence."""
    title = _title(found)
    if found.low is None or found.high is None or found.median is None or found.range is None:
        return f"{title}:没有计入的意见"
    if found.n == 1:
        return f"{title}:只有1位专家给分,{trimmed(found.low)}分{caveat(1)}"
    apart = (
        f"给{trimmed(found.low)}至{trimmed(found.high)}分,相差{trimmed(found.range)}分,中位数{trimmed(found.median)}分"
        if found.range
        else f"都给{trimmed(found.low)}分"
    )
    return f"{title}:{found.n}位专家{apart}{',分歧较大' if found.wide else ''}{caveat(found.n)}"


def outlier(found: Outlier) -> str:
    """Who leans which way by how much: 专家3在效益类指标上系统性偏高1.8分."""
    where = "全部指标" if found.level1 is None else of_level(found.level1)
    way = "偏高" if found.points > 0 else "偏低"
    support = f"与其他专家的中位数相比有{found.differing}项不同,其中{found.same_way}项{way}"
    return f"{found.expert.name}在{where}上系统性{way}{trimmed(abs(found.points))}分({support}){caveat(found.panel)}"


def headline(found: Agreement) -> str:
    """The agreement of a panel on one subject in a few sentences, for the lead."""
    group = found.judged or found.overall
    asked = f"{group.experts}位专家评了{group.rows}项{'需要判断的' if found.judged else ''}指标"
    icc = group.icc["ICC(2,1)"]
    agree = f"一致程度算不出:{icc.why}"
    if icc.value is not None:
        agree = f"给分的一致程度为{_icc_band(icc)}:{_icc('ICC(2,1)', icc, banded=False)},分级按Koo和Li 2016"
    wide = f"{len(found.wide)}项指标分歧较大" if found.wide else "没有分歧较大的指标"
    experts = len({o.expert.id for o in found.outliers})
    leaning = f"{experts}位专家系统性偏高或偏低" if experts else "没有专家系统性偏高或偏低"
    return f"{asked}:{agree};{wide};{leaning}。{NEVER_A_SCORE}{caveat(_resting_on(group))}"


def shift(found: Shift) -> str:
    """What a round changed on one indicator."""
    was, now = found.before, found.after
    if was.iqr is None or now.iqr is None or was.range is None or now.range is None:
        return f"{_title(now)}:两轮都给分的专家不足两位,看不出是否收敛"
    moves = f"{_moved('四分位距', was.iqr, now.iqr)},{_moved('极差', was.range, now.range)}"
    return f"{_title(now)}:{now.n}位专家中{found.changed}位改变,{moves},{_DIRECTIONS[found.direction]}{caveat(now.n)}"


def convergence(found: Convergence) -> str:
    """What a round changed altogether."""
    if not found.opinions:
        return "没有两轮都给分的意见,无法比较"
    changed = f"{found.changed}条改变({plain(half_up_fraction(Fraction(100 * found.changed, found.opinions), 1))}%)"
    counted = [s for s in found.shifts if s.after.iqr is not None]
    counts = "、".join(f"{sum(s.direction == way for s in counted)}项{word}" for way, word in _DIRECTIONS.items())
    if found.w_before.value is None or found.w_after.value is None:
        order = f"Kendall W无法比较:{found.w_before.why or found.w_after.why}"
    else:
        order = f"Kendall W由{_number(found.w_before.value)}变为{_number(found.w_after.value)}"
    given = f"两轮都给分的意见{found.opinions}条,{changed}"
    return f"{given};{len(counted)}项指标中{counts};{order}。{NEVER_A_SCORE}{caveat(found.experts)}"


def _title(found: Spread) -> str:
    return f"{found.name}({found.code},满分{trimmed(found.weight)}分)"


def _moved(what: str, was: Decimal, now: Decimal) -> str:
    if was == now:
        return f"{what}{trimmed(now)}分未变"
    return f"{what}由{trimmed(was)}分{'缩小' if now < was else '扩大'}到{trimmed(now)}分"


def _basis(found: Coefficients, unit: str) -> str:
    """What ICC and W rest on, where that is not everything."""
    rows, experts = found.compared
    if not experts or (rows, experts) == (found.rows, found.experts):
        return ""
    left_out = f",{'、'.join(found.left_out)}评得太少未计入" if found.left_out else ""
    return f"ICC和W须无缺项,只按{experts}位专家都评过的{rows}{unit}计算{left_out}。"


def _resting_on(found: Coefficients) -> int:
    return min(found.experts, found.compared[1] or found.experts)


def _icc(name: str, found: Icc, banded: bool = True) -> str:
    if found.value is None or found.interval is None:
        return _plain(name, found)
    low, high = (_number(bound) for bound in found.interval)
    return f"{name}={_number(found.value)}(95%区间{low}至{high}{',' + _icc_band(found) if banded else ''})"


def _icc_band(found: Icc) -> str:
    """Koo & Li 2016 by the interval; by the estimate alone where no interval can be had."""
    assert found.value is not None
    low, high = (_band(bound, ICC_BANDS) for bound in found.interval or (found.value, found.value))
    return low if low == high else f"{low}至{high}"


def _concordance(found: Concordance) -> str:
    if found.value is None or found.p is None:
        return _plain("Kendall W", found)
    p = "p<0.001" if found.p < 0.001 else f"p={_number(found.p, 3)}"
    return f"Kendall W={_number(found.value)}({p},{_band(found.value, W_BANDS)},分级为示例)"


def _plain(name: str, found: Coefficient) -> str:
    return f"{name}算不出:{found.why}" if found.value is None else f"{name}={_number(found.value)}"


def _band(value: float, bands: Sequence[tuple[float, str]]) -> str:
    return next(word for limit, word in bands if value >= limit)


def _number(value: float, places: int = 2) -> str:
    return plain(half_up(Decimal(repr(value)), places))
