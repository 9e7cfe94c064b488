"""The rows of the indicators, a subtotal under each level 1, and what each level 1 comes to after 折算."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workbench.base.exact import from_units
from workbench.base.text import plain
from workbench.reports import reading
from workbench.reports.reading import number, total_of
from workbench.reports.scorebook.layout import INAPPLICABLE, SHOWN, TRIED, Col, Sheet, Units, column_sum, span_of
from workbench.reports.scorebook.live import Live, live
from workbench.reports.scorebook.xlsx import Cell, Formula, cell, number_format
from workbench.reports.tables import label
from workbench.scoring.result import STATUS_WORDS, IndicatorResult, LevelResult, SubjectResult

_NONE = "本级指标均不适用"
_MOVED = f"{_NONE},分值已按规则集调至其他一级指标"
_TENS = 10
"""A target in percent from which on a value below 1.5 was probably typed as a share."""
Spans = Mapping[str, Sequence[int]]
"""Rows of the indicators of each level 1, counted from 0."""


def write_indicators(sheet: Sheet, subject: SubjectResult, row: int) -> tuple[dict[str, list[int]], int]:
    """The indicators from ``row`` on, a subtotal under each level 1; says where they stand and which row is next."""
    spans: dict[str, list[int]] = {}
    for level in subject.levels:
        items = reading.members(subject, level.name)
        spans[level.name] = list(range(row, row + len(items)))
        for at, indicator in enumerate(items, row):
            _indicator(sheet, indicator, at)
        row += len(items)
        _subtotal(sheet, level, items, spans[level.name], row)
        row += 1
    return spans, row


def _indicator(sheet: Sheet, indicator: IndicatorResult, row: int) -> None:
    answer = live(indicator, sheet.terms)
    texts: dict[int, Cell] = {
        Col.LEVEL1: indicator.level1,
        Col.LEVEL2: indicator.level2,
        Col.NAME: label(indicator) + (f"\n责任主体:{indicator.responsible}" if indicator.responsible else ""),
        Col.TARGET: reading.target_text(indicator),
        Col.VALUE: reading.value_text(indicator),
        Col.STATE: _state(STATUS_WORDS[indicator.status], row),
    }
    sheet.texts(row, texts)
    sheet.points(row, Col.WEIGHT, number(indicator.weight))
    _entries(sheet, indicator, answer, row)
    _counts(sheet, indicator, row)
    _figure(sheet, answer, row)
    _bounds(sheet, indicator, row)
    final, changed = cell(row, Col.FINAL), f"{cell(row, Col.CHANGED)}=1"
    entered = [
        (f'AND(ISNUMBER({final}),{cell(row, Col.COUNTED)}="")', "最终得分超出分值"),
        (f'AND({changed},ISTEXT({final}),{final}<>"",{final}<>"{INAPPLICABLE}")', "最终得分不是数字"),
    ]
    if answer is not None:
        value, figure = cell(row, Col.VALUE), cell(row, Col.FIGURE)
        entered += [
            (f'AND(ISNUMBER({value}),{figure}="")', "完成值超出可试算的范围"),
            (f'AND({changed},ISTEXT({value}),{value}<>"")', "完成值不是数字(只填数,不带单位和%)"),
        ]
        if answer.known.value is not None:
            taken = f'AND({changed},{value}="",NOT(ISNUMBER({final})),{final}<>"{INAPPLICABLE}")'
            entered.append((taken, "完成值空着"))
    sheet.remark(row, indicator.explanation, entered)


def _state(official: str, row: int) -> Formula:
    """The status, which follows what a reader enters."""
    tried = f'IF({cell(row, Col.FINAL)}="{INAPPLICABLE}","{INAPPLICABLE}",IF({cell(row, Col.COUNTED)}="","未评分","{TRIED}"))'
    return Formula(f'=IF({cell(row, Col.CHANGED)}=0,"{official}",{tried})', official)


def _entries(sheet: Sheet, indicator: IndicatorResult, answer: Live | None, row: int) -> None:
    """What a reader may change: the value where points follow from it, and the final points."""
    inapplicable = indicator.status == "not_applicable"
    points = INAPPLICABLE if inapplicable else None if indicator.computed is None else number(indicator.computed)
    final = INAPPLICABLE if inapplicable else None if indicator.final is None else number(indicator.final)
    followed = answer is not None and indicator.final == indicator.computed
    if answer is not None:
        _value(sheet, answer, indicator.unit, row)
        figure, full = cell(row, Col.FIGURE), cell(row, Col.FULL)
        text = f'=IF({figure}="","",{sheet.units.points(f"({answer.points(figure, full)})")})'
        sheet.points(row, Col.COMPUTED, Formula(text, "" if points is None else points))
    else:
        sheet.points(row, Col.COMPUTED, points)
    now = "" if final is None else final
    sheet.points(row, Col.FINAL, Formula(f"={cell(row, Col.COMPUTED)}", now) if followed else final, "entry")
    _allow_points(sheet, row)


def _value(sheet: Sheet, answer: Live, unit: str | None, row: int) -> None:
    known = answer.known
    sheet.page.put(row, Col.VALUE, known.value, "entry", number_format(known.places, unit), "right")
    place, size = cell(row, Col.VALUE), answer.largest
    rule = f"AND(ISNUMBER({place}),ABS({place})<={size},ROUND({place},{known.places})={place})"
    words = f"请填数字,至多{known.places}位小数,大小不超过{size}"
    percent = unit == "%"
    sheet.page.allow(row, Col.VALUE, rule, words, "按百分数填写：90%填90，不要填0.9" if percent else "")
    if percent and known.target is not None and known.target >= _TENS:
        typed = f"AND({cell(row, Col.CHANGED)}=1,ISNUMBER({place}),{place}<>0,ABS({place})<1.5)"
        sheet.page.mark((row, Col.VALUE, row, Col.VALUE), f"={typed}")


def _allow_points(sheet: Sheet, row: int) -> None:
    place, places = cell(row, Col.FINAL), sheet.units.decimals
    inside = f"{place}>=0,{place}<={cell(row, Col.WEIGHT)},ROUND({place},{places})={place}"
    rule = f'OR({place}="{INAPPLICABLE}",AND(ISNUMBER({place}),{inside}))'
    sheet.page.allow(
        row, Col.FINAL, rule, f"请填0至分值之间的得分,至多{places}位小数;或填“{INAPPLICABLE}”;未评分的留空"
    )


def _counts(sheet: Sheet, indicator: IndicatorResult, row: int) -> None:
    """Bounds, points that apply and full points as whole numbers. Points that are cleared are open from 0 to full.

    A spreadsheet does not check what is pasted: points no result can have (below 0, above the full ones) count as none.
    """
    units, final, counted = sheet.units, cell(row, Col.FINAL), cell(row, Col.COUNTED)
    low, high, full = (units.of(x) for x in (indicator.low, indicator.high, indicator.weight))
    open_ = indicator.status == "unscored"
    inapplicable = indicator.status == "not_applicable"
    lowest, highest = (low, high) if open_ else (0, full)
    otherwise = cell(row, Col.FULL) if highest == full else str(highest)
    # A rule of a plugin may give points beyond the full ones: then the result itself has them.
    sheet.bounded(row, min(0, low), otherwise if high <= full else str(high), "" if inapplicable or open_ else low)
    for at, bound, now in ((Col.LOWEST, str(lowest), low), (Col.HIGHEST, otherwise, high)):
        value = 0 if inapplicable else now
        sheet.count(row, at, f'IF(ISNUMBER({counted}),{counted},IF({final}="{INAPPLICABLE}",0,{bound}))', value)
        sheet.keep(row, at - Col.LOWEST + Col.KEPT_LOWEST, value)
    applies = 0 if inapplicable else full
    sheet.count(row, Col.APPLIES, f'IF({final}="{INAPPLICABLE}",0,{cell(row, Col.FULL)})', applies)
    sheet.count(row, Col.FULL, units.counted(cell(row, Col.WEIGHT)), full)
    sheet.count(row, Col.OPEN, f'IF(OR(ISNUMBER({counted}),{final}="{INAPPLICABLE}"),0,1)', int(open_))
    sheet.keep(row, Col.KEPT_APPLIES, applies)
    sheet.keep(row, Col.KEPT_FULL, full)


def _figure(sheet: Sheet, answer: Live | None, row: int) -> None:
    """The value as a whole number, and whether anything in the row is other than in the result."""
    pairs = [
        (Col.LOWEST, Col.KEPT_LOWEST),
        (Col.HIGHEST, Col.KEPT_HIGHEST),
        (Col.APPLIES, Col.KEPT_APPLIES),
        (Col.FULL, Col.KEPT_FULL),
    ]
    same = [f"{cell(row, a)}={cell(row, b)}" for a, b in pairs]
    same.append(f"ISNUMBER({cell(row, Col.FINAL)})=ISNUMBER({cell(row, Col.COUNTED)})")
    if answer is not None:
        places, value = answer.known.places, answer.known.value
        figure = "" if value is None else int(value.scaleb(places))
        place = cell(row, Col.VALUE)
        whole = f'IF(ABS({place})<={answer.largest},ROUND(ROUND({place},{places})*{10**places},0),"")'
        sheet.count(row, Col.FIGURE, f'IF(ISNUMBER({place}),{whole},"")', figure)
        if value is None:
            same.append(f'{cell(row, Col.FIGURE)}=""')
        else:
            sheet.keep(row, Col.KEPT_FIGURE, int(figure))
            same.append(f"{cell(row, Col.FIGURE)}={cell(row, Col.KEPT_FIGURE)}")
    sheet.count(row, Col.CHANGED, f"IF(AND({','.join(same)}),0,1)", 0)


def _bounds(sheet: Sheet, indicator: IndicatorResult, row: int) -> None:
    """The interval and the share reached."""
    inapplicable, units = indicator.status == "not_applicable", sheet.units
    for at, bound, now in ((Col.LOW, Col.LOWEST, indicator.low), (Col.HIGH, Col.HIGHEST, indicator.high)):
        text = f'=IF({cell(row, Col.FINAL)}="{INAPPLICABLE}","",{units.points(cell(row, bound))})'
        sheet.points(row, at, Formula(text, "" if inapplicable else number(now)))
    full, final = number(indicator.weight), indicator.final
    rate = "" if final is None or inapplicable or not full else reading.share(number(final), full)
    sheet.points(
        row,
        Col.RATE,
        Formula(
            f'=IF(ISNUMBER({cell(row, Col.COUNTED)}),{rate_of(cell(row, Col.LOWEST), cell(row, Col.FULL))},"")', rate
        ),
    )


def rate_of(points: str, full: str) -> str:
    """得分率 in percent, two decimals half-up; nothing of nothing."""
    return f'IF({full}>0,ROUND({points}*10000/{full},0)/100,"")'


def _subtotal(
    sheet: Sheet, level: LevelResult, items: Sequence[IndicatorResult], rows: Sequence[int], row: int
) -> None:
    """What applies of a level 1, and what it got, before 折算."""
    units = sheet.units
    counted = [i for i in items if i.status != "not_applicable"]
    low = total_of(i.final if i.final is not None else i.low for i in counted)
    high = total_of(i.final if i.final is not None else i.high for i in counted)
    sheet.texts(row, {Col.LEVEL1: level.name, Col.LEVEL2: "小计", Col.REMARK: None}, "sub")
    lowest, highest = column_sum(Col.LOWEST, rows), column_sum(Col.HIGHEST, rows)
    applies = total_of(i.weight for i in counted)
    sheet.points(row, Col.WEIGHT, Formula(f"={units.points(column_sum(Col.APPLIES, rows))}", applies), "sub")
    sheet.points(
        row, Col.FINAL, Formula(f'=IF({lowest}={highest},{units.points(lowest)},"")', low if low == high else ""), "sub"
    )
    sheet.points(row, Col.LOW, Formula(f"={units.points(lowest)}", low), "sub")
    sheet.points(row, Col.HIGH, Formula(f"={units.points(highest)}", high), "sub")


# ---------------------------------------------------------------------------------------------------------------------
# level 1
# ---------------------------------------------------------------------------------------------------------------------


def write_levels(sheet: Sheet, subject: SubjectResult, spans: Spans, row: int) -> list[int]:
    """One row per level 1: full points, points after 折算, share reached; says which rows they are."""
    sheet.page.merge(row, 0, SHOWN - 1, "各一级指标得分、总分和等级", "head")
    rows = {level.name: at for at, level in enumerate(subject.levels, row + 1)}
    for level in subject.levels:
        _level(sheet, level, reading.members(subject, level.name), spans[level.name], rows)
    return list(rows.values())


@dataclass(frozen=True)
class _Level:
    """A level 1 of the result as whole numbers: own, applying and effective full points, points before and after 折算."""

    own: int
    applies: int
    weight: int
    lowest: int
    highest: int
    low: int
    high: int

    @classmethod
    def of(cls, level: LevelResult, items: Sequence[IndicatorResult], units: Units) -> _Level:
        counted = [i for i in items if i.status != "not_applicable"]
        ends = (total_of(i.final or i.low for i in counted), total_of(i.final or i.high for i in counted))
        own = total_of(i.weight for i in items)
        all_of: tuple[str | Decimal, ...] = (own, level.applicable, level.weight, *ends, level.low, level.high)
        return cls(*(units.of(x) for x in all_of))

    @property
    def open(self) -> bool:
        """Nothing of it applies, and no document says where its points go."""
        return self.applies == 0 and self.weight > 0

    @property
    def scaled(self) -> bool:
        return self.applies not in (0, self.weight)


def _level(
    sheet: Sheet, level: LevelResult, items: Sequence[IndicatorResult], span: Sequence[int], rows: Mapping[str, int]
) -> None:
    row, now = rows[level.name], _Level.of(level, items, sheet.units)
    sums = ((Col.LOWEST, now.lowest), (Col.HIGHEST, now.highest), (Col.APPLIES, now.applies), (Col.FULL, now.own))
    for at, value in sums:
        sheet.count(row, at, column_sum(at, span), value)
    sheet.count(row, Col.EFFECTIVE, _effective(sheet, level.name, rows), now.weight)
    applies, full = cell(row, Col.APPLIES), cell(row, Col.EFFECTIVE)
    sheet.count(row, Col.OPEN, f"IF(AND({applies}=0,{full}>0),1,0)", int(now.open))
    for at, bound, whole, value in (
        (Col.SCALED_LOWEST, Col.LOWEST, "0", now.low),
        (Col.SCALED_HIGHEST, Col.HIGHEST, full, now.high),
    ):
        part = cell(row, bound)
        scaled = f"IF({applies}={full},{part},ROUND({part}*{full}/{applies},0))"
        sheet.count(row, at, f"IF({applies}=0,{whole},{scaled})", value)
    _level_shown(sheet, level, now, row)


def _effective(sheet: Sheet, name: str, rows: Mapping[str, int]) -> str:
    """Full points of a level: its own, and those of a wholly inapplicable level that a document moves here; 0 once moved away."""
    gone, come = [], []
    earlier: dict[str, list[str]] = {}
    for move in sheet.terms.reallocations:
        if move.level1 not in rows or move.to not in rows:
            continue
        source, target = cell(rows[move.level1], Col.APPLIES), cell(rows[move.to], Col.APPLIES)
        before = earlier.setdefault(move.level1, [])
        moves = f"AND({','.join([f'{source}=0', f'{target}>0', *before])})"
        before.append(f"{target}=0")
        if name == move.level1:
            gone.append(moves)
        if name == move.to:
            come.append(f"IF({moves},{cell(rows[move.level1], Col.FULL)},0)")
    own = cell(rows[name], Col.FULL)
    return "+".join([f"IF(OR({','.join(gone)}),0,{own})" if gone else own, *come])


def _level_shown(sheet: Sheet, level: LevelResult, now: _Level, row: int) -> None:
    units = sheet.units
    low, high, full, open_ = (cell(row, c) for c in (Col.SCALED_LOWEST, Col.SCALED_HIGHEST, Col.EFFECTIVE, Col.OPEN))
    settled = f"AND({low}={high},{open_}=0)"
    applies = cell(row, Col.APPLIES)
    moved = f'IF({full}=0,"已调出",IF(AND({applies}>0,{applies}<>{full}),"折算",""))'
    state = "未评分" if level.points is None else "已调出" if not now.weight else "折算" if now.scaled else ""
    remark = Formula(f"={_remark(units, row)}", _remark_now(units, now))
    shown = Formula(f'=IF({settled},{moved},"未评分")', state)
    sheet.texts(row, {Col.LEVEL1: level.name, Col.STATE: shown, Col.REMARK: remark})
    sheet.points(row, Col.WEIGHT, Formula(f"={units.points(full)}", number(level.weight)))
    sheet.points(row, Col.FINAL, Formula(f'=IF({settled},{units.points(low)},"")', _or_nothing(level.points)))
    sheet.points(row, Col.LOW, Formula(f"={units.points(low)}", number(level.low)))
    sheet.points(row, Col.HIGH, Formula(f"={units.points(high)}", number(level.high)))
    sheet.points(row, Col.RATE, Formula(f'=IF({settled},{rate_of(low, full)},"")', _or_nothing(level.rate)))


def _or_nothing(text: str | None) -> Decimal | str:
    return "" if text is None else number(text)


def _remark(units: Units, row: int) -> str:
    """The 折算 in words, while there is one: 25.00/29.00→30.17/35.00."""
    applies, full = cell(row, Col.APPLIES), cell(row, Col.EFFECTIVE)
    before = span_of(units, cell(row, Col.LOWEST), cell(row, Col.HIGHEST))
    after = span_of(units, cell(row, Col.SCALED_LOWEST), cell(row, Col.SCALED_HIGHEST))
    scaled = f'"折算:"&{before}&"/"&{units.text(applies)}&"→"&{after}&"/"&{units.text(full)}'
    open_ = f'"{_NONE},没有规定其"&{units.text(full)}&"分如何处理,不评分"'
    inner = f'IF({applies}={full},"",{scaled})'
    return f'IF({cell(row, Col.OPEN)}=1,{open_},IF({full}=0,"{_MOVED}",{inner}))'


def _remark_now(units: Units, now: _Level) -> str:
    def text(*bounds: int) -> str:
        return reading.span(*(plain(from_units(b, units.decimals)) for b in bounds))

    full = text(now.weight, now.weight)
    if now.open:
        return f"{_NONE},没有规定其{full}分如何处理,不评分"
    if not now.weight:
        return _MOVED
    parts = f"{text(now.lowest, now.highest)}/{text(now.applies, now.applies)}→{text(now.low, now.high)}/{full}"
    return f"折算:{parts}" if now.scaled else ""
