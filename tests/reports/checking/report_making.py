"""Evaluation reports made by hand for the checker: many layouts, each number said through one place, where one can be falsified.

It knows nothing of the product: python-docx, decimals, and the layouts institutions use. ``Story`` holds what is true;
``Writer.say(key, value)`` says it. A mutation prints one key otherwise, so that a report has exactly one planted contradiction.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import pairwise

from docx import Document
from lxml import etree

D = Decimal
NOTHING = D(0)
NAMES = {
    "决策": [
        ("项目立项", "立项依据充分性"),
        ("项目立项", "立项程序规范性"),
        ("绩效目标", "绩效目标合理性"),
        ("资金投入", "预算编制科学性"),
    ],
    "过程": [
        ("资金管理", "资金到位率"),
        ("资金管理", "预算执行率"),
        ("资金管理", "资金使用合规性"),
        ("组织实施", "管理制度健全性"),
        ("组织实施", "制度执行有效性"),
    ],
    "产出": [
        ("产出数量", "道路硬化完成率"),
        ("产出数量", "路灯安装完成率"),
        ("产出质量", "验收合格率"),
        ("产出时效", "完成及时性"),
        ("产出成本", "成本节约率"),
    ],
    "效益": [
        ("社会效益", "群众出行改善程度"),
        ("经济效益", "带动就业人数"),
        ("可持续影响", "管护机制健全性"),
        ("满意度", "服务对象满意度"),
    ],
}
WEIGHTS = {"决策": [5, 4, 4, 3], "过程": [4, 5, 5, 3, 3], "产出": [10, 8, 8, 6, 4], "效益": [8, 8, 6, 6]}
"""16 + 20 + 36 + 28 = 100."""
LABELS = [("优", 90), ("良", 80), ("中", 60), ("差", 0)]


@dataclass(frozen=True)
class Item:
    level: str
    second: str
    name: str
    weight: Decimal
    points: Decimal


@dataclass
class Story:
    """What a report is about; all sums follow from ``items``."""

    title: str
    items: list[Item]
    places: int = 2
    bonus: Decimal = NOTHING
    minus: Decimal = NOTHING
    labels: list[tuple[str, int]] = field(default_factory=lambda: LABELS)
    parts: list[Decimal] = field(default_factory=lambda: [D("800.00"), D("300.00"), D("150.00")])
    spent: list[Decimal] = field(default_factory=lambda: [D("771.35"), D("288.10"), D("131.42")])

    def of(self, level: str) -> list[Item]:
        return [i for i in self.items if i.level == level]

    @property
    def levels(self) -> list[str]:
        return list(dict.fromkeys(i.level for i in self.items))

    def weight(self, level: str) -> Decimal:
        return sum((i.weight for i in self.of(level)), D(0))

    def points(self, level: str) -> Decimal:
        return sum((i.points for i in self.of(level)), D(0))

    @property
    def full(self) -> Decimal:
        return sum((i.weight for i in self.items), D(0))

    @property
    def total(self) -> Decimal:
        return sum((i.points for i in self.items), D(0)) + self.bonus - self.minus

    def grade(self, total: Decimal | None = None) -> str:
        value = self.total if total is None else total
        return next(label for label, lower in self.labels if value >= lower)


def rounded(value: Decimal, places: int = 2) -> Decimal:
    return value.quantize(D(1).scaleb(-places), ROUND_HALF_UP)


def share(part: Decimal, whole: Decimal, places: int = 2) -> str:
    return f"{rounded(part / whole * 100, places)}%"


def story(seed: int, places: int = 2) -> Story:
    """A project with points drawn from ``seed``; never on the line between two grades."""
    draw = random.Random(seed)
    while True:
        items = []
        for level, names in NAMES.items():
            for (second, name), weight in zip(names, WEIGHTS[level], strict=True):
                lost = rounded(D(draw.choice([0, 0, 0, 1, 2, 3])) * D(draw.randint(11, 99)) / 100, places)
                items.append(Item(level, second, name, D(weight), max(D(0), D(weight) - lost)))
        made = Story(f"青山县2023年农村道路建设项目{seed}", items, places)
        if all(abs(made.total - lower) > 3 for _, lower in LABELS):
            return made


Override = Mapping[str, str]
_TOKEN = re.compile("\ue000(\\d+)\ue001")


class Writer:
    """A docx in the making. ``keys``: every number it says, by what it is; :meth:`body` prints them, or others instead."""

    def __init__(self, told: Story) -> None:
        self.story = told
        self.keys: dict[str, str] = {}
        self.document = Document()
        self.width: Callable[[str], str] = lambda text: text

    def say(self, key: str, value: str | Decimal) -> str:
        """A mark that stands for the number until the body is printed."""
        self.keys[key] = value if isinstance(value, str) else self.number(value)
        return f"\ue000{list(self.keys).index(key)}\ue001"

    def number(self, value: Decimal) -> str:
        return f"{value:.{self.story.places}f}"

    def p(self, text: str, style: str | None = None) -> None:
        self.document.add_paragraph(text, style)

    def table(self, rows: list[list[str]], merges: list[tuple[int, int, int, int]] = ()) -> None:
        """Rows of texts; ``merges``: (top, left, bottom, right), the text of the first cell stays."""
        table = self.document.add_table(len(rows), len(rows[0]))
        cells = table._cells
        width = len(rows[0])
        for y, row in enumerate(rows):
            for x, text in enumerate(row):
                if text:
                    cells[y * width + x].paragraphs[0].add_run(text)
        for top, left, bottom, right in merges:
            for y in range(top, bottom + 1):
                for x in range(left, right + 1):
                    if (y, x) != (top, left):
                        for run in list(cells[y * width + x].paragraphs[0].runs):
                            run._r.getparent().remove(run._r)
            cells[top * width + left].merge(cells[bottom * width + right])
        self.document.add_paragraph("")

    @cached_property
    def _marked(self) -> str:
        return etree.tostring(self.document.element, encoding="unicode")

    def body(self, override: Override | None = None) -> bytes:
        """The XML of the body, which is all the checker reads out of the file."""
        shown = list((self.keys | dict(override or {})).values())
        return _TOKEN.sub(lambda m: self.width(shown[int(m[1])]), self._marked).encode()

    def data(self, override: Override | None = None) -> bytes:
        """The whole file."""
        stream, target = io.BytesIO(), io.BytesIO()
        self.document.save(stream)
        with zipfile.ZipFile(stream) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
            for name in before.namelist():
                after.writestr(name, self.body(override) if name == "word/document.xml" else before.read(name))
        return target.getvalue()


# -- parts of a report ------------------------------------------------------------------------------------------------


def cover(w: Writer, kind: str) -> None:
    s = w.story
    w.p(f"{s.title}绩效评价报告")
    if kind == "table":
        w.table(
            [
                ["项目名称", s.title, "评价年度", "2023年"],
                ["综合得分", w.say("cover.total", s.total), "评价等级", w.say("cover.grade", s.grade())],
            ]
        )
    elif kind == "lines":
        w.p(f"综合得分：{w.say('cover.total', s.total)}分")
        w.p(f"评价等级：{w.say('cover.grade', s.grade())}")
    w.p("委托单位：青山县财政局")
    w.p("2024年6月30日")


def contents(w: Writer) -> None:
    w.p("目  录")
    for n, name in enumerate(("一、基本情况", "二、评价工作开展情况", "三、综合评价情况及评价结论"), 1):
        w.p(f"{name}\t{n * 3}")


def money(w: Writer, kind: str) -> None:
    s = w.story
    names = ["中央财政资金", "省级财政资金", "县级配套资金"]
    total, spent = sum(s.parts, D(0)), sum(s.spent, D(0))

    def m(value: Decimal) -> str:
        return f"{value:,.2f}" if kind == "thousands" else f"{value:.2f}"

    w.p("一、基本情况")
    w.p(
        f"项目预算总额为{w.say('money.text.budget', m(total))}万元，截至2023年底实际支出{w.say('money.text.spent', m(spent))}万元，"
        f"预算执行率为{w.say('money.text.rate', share(spent, total))}。"
    )
    if kind == "text":
        return
    w.p("表1 资金投入和使用情况（单位：万元）")
    if kind == "form":
        rows = [["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "执行率"]]
        rows.append(
            [
                "年度资金总额",
                w.say("money.total.0", m(total)),
                m(total),
                w.say("money.spent", m(spent)),
                share(spent, total),
            ]
        )
        for n, name in enumerate(("其中：当年财政拨款", "上年结转资金", "其他资金")):
            rows.append([name, m(s.parts[n]), m(s.parts[n]), m(s.spent[n]), "—"])
        w.table(rows)
        return
    rows = [["序号", "资金来源", "预算金额", "到位金额", "支出金额", "执行率"]]
    for n, name in enumerate(names):
        rate = share(s.spent[n], s.parts[n])
        rows.append(
            [
                str(n + 1),
                name,
                m(s.parts[n]),
                w.say(f"money.arrived.{n}", m(s.parts[n])),
                m(s.spent[n]),
                w.say(f"money.rate.{n}", rate),
            ]
        )
    last = [
        w.say("money.total", m(total)),
        m(total),
        w.say("money.spent", m(spent)),
        w.say("money.rate", share(spent, total)),
    ]
    rows.append(["", "合计", *last])
    w.table(rows)


def scale(w: Writer, kind: str) -> None:
    labels = w.story.labels
    if kind == "text":
        parts = [f"{labels[0][1]}（含）-100分为{labels[0][0]}"]
        parts += [f"{b}（含）-{a}分为{label}" for (_, a), (label, b) in pairwise(labels[:-1])]
        w.p(f"评价结果分为四个等级：{'、'.join(parts)}、{labels[-2][1]}分以下为{labels[-1][0]}。")
    elif kind == "above":
        w.p(
            "，".join(f"得分{b}分及以上的为“{label}”" for label, b in labels[:-1])
            + f"，{labels[-2][1]}分以下的为“{labels[-1][0]}”。评价满分100分。"
        )
    elif kind == "table":
        w.table(
            [
                ["等级", "得分区间"],
                *[
                    [label, f"{b}≤得分" + (f"＜{a}" if a else "≤100")]
                    for (label, b), a in zip(labels, [0, *[x for _, x in labels]], strict=False)
                ],
            ]
        )


def summary(w: Writer, kind: str) -> None:
    s = w.story
    w.p("表2 各级指标得分情况表")
    head = ["一级指标", "分值", "得分", "得分率"]

    def rate(key: str, part: Decimal, whole: Decimal) -> str:
        return "" if kind == "plain" else w.say(key, share(part, whole))

    data = [
        [
            level,
            w.say(f"summary.{level}.weight", s.weight(level)),
            w.say(f"summary.{level}.points", s.points(level)),
            rate(f"summary.{level}.rate", s.points(level), s.weight(level)),
        ]
        for level in s.levels
    ]
    last = ["合计", w.say("summary.total.weight", s.full), w.say("summary.total.points", s.total)]
    last.append(rate("summary.total.rate", s.total, s.full))
    extra = []
    if s.bonus:
        extra.append(["加分项", "—", w.number(s.bonus), "—"])
    if s.minus:
        extra.append(["扣分项", "—", f"-{w.number(s.minus)}", "—"])
    rows = [head, *data, *extra, last]
    if kind == "order":
        rows = [[r[0], r[2], r[1], r[3]] for r in rows]
    elif kind == "lying":
        rows = [list(r) for r in zip(*rows, strict=True)]
        rows[0][0] = "指标"
    elif kind == "plain":
        rows = [r[:3] for r in rows]
    w.table(rows)


def full_table(w: Writer, kind: str, key: str = "full") -> None:
    """The full score table in one of its layouts."""
    LAYOUTS[kind](w, key)


def _merged(w: Writer, key: str) -> None:
    _columns(w, key, merge=True)


def _blank(w: Writer, key: str) -> None:
    _columns(w, key, merge=False)


def _repeated(w: Writer, key: str) -> None:
    _columns(w, key, merge=False, repeat=True, order=True)


def _subtotals(w: Writer, key: str) -> None:
    _columns(w, key, merge=False, repeat=True, subtotal=True)


def _columns(
    w: Writer, key: str, *, merge: bool, repeat: bool = False, subtotal: bool = False, order: bool = False
) -> None:
    s = w.story
    head = ["一级指标", "二级指标", "三级指标", "分值", "评分标准", "得分", "评分说明"]
    rows, merges = [head], []
    for level in s.levels:
        first = len(rows)
        for n, i in enumerate(s.of(level)):
            top = level if n == 0 or repeat else ""
            second = i.second if repeat or n == 0 or s.of(level)[n - 1].second != i.second else ""
            lost = i.weight - i.points
            note = f"扣{w.number(lost)}分，得{w.number(i.points)}分" if lost else "符合要求"
            rows.append(
                [
                    top,
                    second,
                    i.name,
                    w.say(f"{key}.{i.name}.weight", i.weight),
                    "按完成情况计分",
                    w.say(f"{key}.{i.name}.points", i.points),
                    note,
                ]
            )
        if merge:
            merges.append((first, 0, len(rows) - 1, 0))
        if subtotal:
            rows.append(
                [
                    f"{level}小计",
                    "",
                    "",
                    w.say(f"{key}.{level}.weight", s.weight(level)),
                    "",
                    w.say(f"{key}.{level}.points", s.points(level)),
                    "",
                ]
            )
    if s.bonus:
        rows.append(["加分项", "工作创新", "获省级表彰", "", "每项加1分，最高5分", w.number(s.bonus), ""])
    if s.minus:
        rows.append(["扣分项", "违规事项", "审计发现问题", "", "每项扣1分", f"-{w.number(s.minus)}", ""])
    rows.append(["合计", "", "", w.say(f"{key}.total.weight", s.full), "", w.say(f"{key}.total.points", s.total), ""])
    if merge:
        merges.append((len(rows) - 1, 0, len(rows) - 1, 2))
    if order:
        rows = [[r[0], r[1], r[2], r[5], r[3], r[4]] for r in rows]
    w.table(rows, merges)


def _nested(w: Writer, key: str) -> None:
    s = w.story
    rows = [["一级指标", "权重", "二级指标", "权重", "三级指标", "权重", "得分"]]
    merges = []
    for level in s.levels:
        first = len(rows)
        seconds = list(dict.fromkeys(i.second for i in s.of(level)))
        for second in seconds:
            own = [i for i in s.of(level) if i.second == second]
            start = len(rows)
            for n, i in enumerate(own):
                top = [f"{level}", w.say(f"{key}.{level}.weight", s.weight(level))] if len(rows) == first else ["", ""]
                mid = (
                    [second, w.say(f"{key}.{second}.weight", sum((x.weight for x in own), D(0)))]
                    if n == 0
                    else ["", ""]
                )
                rows.append(
                    [
                        *top,
                        *mid,
                        i.name,
                        w.say(f"{key}.{i.name}.weight", i.weight),
                        w.say(f"{key}.{i.name}.points", i.points),
                    ]
                )
            if len(own) > 1:
                merges += [(start, x, len(rows) - 1, x) for x in (2, 3)]
        merges += [(first, x, len(rows) - 1, x) for x in (0, 1)]
    rows.append(
        [
            "总分",
            w.number(s.full),
            "",
            w.number(s.full),
            "",
            w.say(f"{key}.total.weight", s.full),
            w.say(f"{key}.total.points", s.total),
        ]
    )
    w.table(rows, merges)


def _behind(w: Writer, key: str) -> None:
    s = w.story
    rows = [["一级指标", "三级指标", "标准分", "扣分", "得分"]]
    merges = []
    for level in s.levels:
        first = len(rows)
        for n, i in enumerate(s.of(level)):
            top = f"{level}指标（{w.say(f'{key}.{level}.weight', s.weight(level))}分）" if n == 0 else ""
            lost = w.say(f"{key}.{i.name}.lost", i.weight - i.points)
            rows.append(
                [
                    top,
                    i.name,
                    w.say(f"{key}.{i.name}.weight", i.weight),
                    lost,
                    w.say(f"{key}.{i.name}.points", i.points),
                ]
            )
        merges.append((first, 0, len(rows) - 1, 0))
    rows.append(
        [
            "总计",
            "",
            w.say(f"{key}.total.weight", s.full),
            w.say(f"{key}.total.lost", s.full - s.total),
            w.say(f"{key}.total.points", s.total),
        ]
    )
    w.table(rows, merges)


def _outline(w: Writer, key: str) -> None:
    s = w.story
    rows = [["评价指标", "分值（分）", "评价得分"]]
    for n, level in enumerate(s.levels):
        rows.append(
            [
                f"{'一二三四'[n]}、{level}",
                w.say(f"{key}.{level}.weight", s.weight(level)),
                w.say(f"{key}.{level}.points", s.points(level)),
            ]
        )
        for m, i in enumerate(s.of(level), 1):
            rows.append(
                [f"{m}.{i.name}", w.say(f"{key}.{i.name}.weight", i.weight), w.say(f"{key}.{i.name}.points", i.points)]
            )
    rows.append(["合计", w.say(f"{key}.total.weight", s.full), w.say(f"{key}.total.points", s.total)])
    w.table(rows)


def _groups(w: Writer, key: str) -> None:
    s = w.story
    rows = [["一级指标", "二级指标", "三级指标", "权重", "得分", "得分率"]]
    merges = []
    for level in s.levels:
        rows.append(
            [
                f"{level}类指标",
                "",
                "",
                w.say(f"{key}.{level}.weight", s.weight(level)),
                w.say(f"{key}.{level}.points", s.points(level)),
                w.say(f"{key}.{level}.rate", share(s.points(level), s.weight(level))),
            ]
        )
        merges.append((len(rows) - 1, 0, len(rows) - 1, 2))
        for i in s.of(level):
            rows.append(
                [
                    "",
                    i.second,
                    i.name,
                    w.say(f"{key}.{i.name}.weight", i.weight),
                    w.say(f"{key}.{i.name}.points", i.points),
                    w.say(f"{key}.{i.name}.rate", share(i.points, i.weight)),
                ]
            )
    rows.append(
        [
            "合 计",
            "",
            "",
            w.say(f"{key}.total.weight", s.full),
            w.say(f"{key}.total.points", s.total),
            w.say(f"{key}.total.rate", share(s.total, s.full)),
        ]
    )
    w.table(rows, merges)


LAYOUTS = {
    "merged": _merged,
    "blank": _blank,
    "repeated": _repeated,
    "subtotals": _subtotals,
    "nested": _nested,
    "behind": _behind,
    "outline": _outline,
    "groups": _groups,
}


def _level_words(w: Writer, level: str) -> str:
    s = w.story
    weight = w.say(f"text.{level}.weight", s.weight(level))
    points = w.say(f"text.{level}.points", s.points(level))
    rate = w.say(f"text.{level}.rate", share(s.points(level), s.weight(level)))
    return f"{level}类指标分值{weight}分，实际得分{points}分，得分率{rate}"


def conclusion(w: Writer, kind: str) -> None:
    s = w.story
    total, grade = w.say("text.total", s.total), w.say("text.grade", s.grade())
    w.p("三、综合评价情况及评价结论")
    if kind == "plain":
        w.p(f"经综合评价，{s.title}综合得分{total}分，评价等级为“{grade}”。")
    elif kind == "levels":
        parts = "；".join(_level_words(w, level) for level in s.levels)
        w.p(f"本项目绩效评价总得分为{total}分，评定等级为{grade}。其中：{parts}。")
    elif kind == "list":
        values = "、".join(w.say(f"text.{level}.points", s.points(level)) for level in s.levels)
        w.p(f"{'、'.join(s.levels)}四类指标得分分别为{values}分。")
        w.p(f"评价得分为{total}分（{grade}）。")
    elif kind == "sum":
        parts = "、".join(f"{level}{w.say(f'text.{level}.points', s.points(level))}分" for level in s.levels)
        terms = "+".join(w.number(s.points(level)) for level in s.levels)
        extra = (f"+{w.number(s.bonus)}" if s.bonus else "") + (f"-{w.number(s.minus)}" if s.minus else "")
        w.p(f"总分为{total}分，等级为{grade}，各类得分：{parts}，即{terms}{extra}={w.say('text.sum', s.total)}。")
    else:
        w.p(f"评价结论：项目绩效评价综合得分为{total}分，绩效等级属于{grade}。")


def analysis(w: Writer, *, indicators: bool) -> None:
    s = w.story
    w.p("四、绩效评价指标分析")
    for n, level in enumerate(s.levels):
        w.p(f"（{'一二三四'[n]}）项目{level}情况")
        weight = w.say(f"analysis.{level}.weight", s.weight(level))
        points = w.say(f"analysis.{level}.points", s.points(level))
        rate = w.say(f"analysis.{level}.rate", share(s.points(level), s.weight(level)))
        w.p(f"{level}指标满分{weight}分，得分{points}分，得分率为{rate}。评价过程中，评价组查阅了12份资料。")
        if indicators:
            for m, i in enumerate(s.of(level), 1):
                w.p(
                    f"{m}.{i.name}：分值{w.say(f'analysis.{i.name}.weight', i.weight)}分，得{w.say(f'analysis.{i.name}.points', i.points)}分。"
                )


def survey(w: Writer) -> None:
    w.p(f"本次评价发放问卷200份，回收{w.say('survey.back', '188')}份，回收率为{w.say('survey.rate', '94.00%')}。")
    w.p(f"计划建设道路50公里，实际完成48.6公里，完成率{w.say('done.rate', '97.20%')}。")


def problems(w: Writer, kind: str) -> None:
    w.p("五、主要经验及做法、存在的问题及原因分析")
    texts = ["项目前期论证不够充分", "资金支付进度偏慢", "后续管护责任不明确"]
    if kind == "inline":
        w.p(
            f"评价发现项目主要存在以下{w.say('count.problems', '三')}个方面的问题：一是{texts[0]}；二是{texts[1]}；三是{texts[2]}。"
        )
    elif kind == "list":
        w.p(f"共发现{w.say('count.problems', '3')}个问题：")
        for n, text in enumerate(texts, 1):
            w.p(f"{n}.{text}。")
            w.p("该问题的原因在于工作统筹不足，涉及2个乡镇、3.5公里道路。")
    else:
        w.p("存在的问题")
        for n, text in enumerate(texts):
            w.p(f"（{'一二三'[n]}）{text}")
    w.p("六、有关建议")
    w.p("针对上述问题，提出如下建议。")
