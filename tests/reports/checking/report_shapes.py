"""Reports of other shapes: the official self-evaluation form, several subjects, a second look, 折算, unscored indicators."""

from __future__ import annotations

from decimal import Decimal

from report_making import D, Writer, rounded, share, story


def form(w: Writer) -> None:
    """项目支出绩效自评表 (财预〔2020〕10号附1): amounts and 执行率 on top, indicators below, one total."""
    s = w.story
    w.p("2023年度项目支出绩效自评表")
    parts, spent = s.parts, s.spent
    total, used = sum(parts, D(0)), sum(spent, D(0))
    run = rounded(used / total * 10)
    keep = [i for i in s.items if i.level in ("产出", "效益")]
    scale = {i.name: rounded(i.weight * 90 / sum((x.weight for x in keep), D(0)), 0) for i in keep}
    scale[keep[0].name] += 90 - sum(scale.values(), D(0))
    got = {i.name: max(D(0), scale[i.name] - (i.weight - i.points)) for i in keep}
    rows = [["项目名称", s.title, "", "", "", "", "", ""]]
    rows.append(["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"])
    cells = [
        w.say("form.money.total", f"{total:.2f}"),
        f"{total:.2f}",
        f"{used:.2f}",
        "10",
        w.say("form.rate", share(used, total)),
        w.number(run),
    ]
    rows.append(["", "年度资金总额", *cells])
    for n, name in enumerate(("其中：当年财政拨款", "上年结转资金", "其他资金")):
        rows.append(["", name, f"{parts[n]:.2f}", f"{parts[n]:.2f}", f"{spent[n]:.2f}", "—", "—", "—"])
    rows.append(
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
    )
    last = ""
    for i in keep:
        top = f"{i.level}指标" if i.level != last else ""
        last = i.level
        rows.append(
            [
                top,
                i.second,
                i.name,
                "≥95%",
                "96%",
                w.say(f"form.{i.name}.weight", scale[i.name]),
                w.say(f"form.{i.name}.points", got[i.name]),
                "",
            ]
        )
    whole = sum(got.values(), D(0)) + run
    rows.append(["总分", "", "", "", "", w.say("form.total.weight", D(100)), w.say("form.total.points", whole), ""])
    w.table(rows, [(1, 0, 5, 0), (len(rows) - 1, 0, len(rows) - 1, 4), (0, 1, 0, 7)])
    w.p(f"自评得分{w.say('form.text.total', whole)}分，自评等级为{w.say('form.text.grade', s.grade(whole))}。")


def subjects(w: Writer, levels: bool) -> None:
    """Several projects of one department, one row each."""
    w.p("2023年度部门项目绩效评价结果汇总报告")
    stories = [story(900 + n, w.story.places) for n in range(5)]
    head = ["序号", "项目名称"]
    names = stories[0].levels
    head += [f"{n}（{stories[0].weight(n)}分）" for n in names] if levels else []
    rows = [[*head, "总分", "评价等级"]]
    for n, s in enumerate(stories):
        own = [w.say(f"subject.{n}.{x}", s.points(x)) for x in names] if levels else []
        rows.append(
            [
                str(n + 1),
                f"{'甲乙丙丁戊'[n]}镇道路项目",
                *own,
                w.say(f"subject.{n}.total", s.total),
                w.say(f"subject.{n}.grade", s.grade()),
            ]
        )
    w.p("表1 各项目评价得分情况")
    w.table(rows)
    for n, s in enumerate(stories[:3]):
        w.p(
            f"{'甲乙丙丁戊'[n]}镇道路项目综合得分{w.say(f'subject.text.{n}.total', s.total)}分，评价等级为{w.say(f'subject.text.{n}.grade', s.grade())}。"
        )
    for n in range(2):
        w.p(f"（{'一二'[n]}）{'甲乙'[n]}镇道路项目评分表")
        rows = [["一级指标", "分值", "得分"]]
        rows += [
            [x, w.number(stories[n].weight(x)), w.say(f"subject.table.{n}.{x}", stories[n].points(x))] for x in names
        ]
        rows.append(["合计", w.number(stories[n].full), w.say(f"subject.table.{n}.total", stories[n].total)])
        w.table(rows)


def again(w: Writer) -> None:
    """再评价: 自评得分 beside 复核得分 and what lies between."""
    s = w.story
    w.p(f"{s.title}绩效自评复核报告")
    rows = [["三级指标", "分值", "自评得分", "复核得分", "偏差", "备注"]]
    for i in s.items:
        rows.append(
            [
                i.name,
                w.number(i.weight),
                w.number(i.weight),
                w.say(f"again.{i.name}.points", i.points),
                w.say(f"again.{i.name}.gap", i.points - i.weight),
                "",
            ]
        )
    rows.append(
        [
            "合计",
            w.number(s.full),
            w.say("again.total.self", s.full),
            w.say("again.total", s.total),
            w.say("again.gap", s.total - s.full),
            "",
        ]
    )
    w.table(rows)
    w.p(
        f"该项目自评得分{w.number(s.full)}分，自评等级为优；复核得分{w.say('again.text.total', s.total)}分，复核等级为{w.say('again.text.grade', s.grade())}。"
    )


def rescaled(w: Writer) -> None:
    """Some indicators do not apply: their level is brought back to its full points in a line of its own."""
    s = w.story
    w.p(f"{s.title}绩效评价报告")
    out = s.of("效益")[-1]
    rows = [["一级指标", "三级指标", "分值", "得分"]]
    total = D(0)
    for level in s.levels:
        own = [i for i in s.of(level) if i is not out]
        for n, i in enumerate(own):
            rows.append(
                [level if n == 0 else "", i.name, w.number(i.weight), w.say(f"scaled.{i.name}.points", i.points)]
            )
        weight, points = (sum((getattr(i, what) for i in own), D(0)) for what in ("weight", "points"))
        rows.append([f"{level}小计", "", w.number(weight), w.say(f"scaled.{level}.points", points)])
        if level == "效益":
            points = rounded(points * s.weight(level) / weight)
            rows.append(
                ["效益折算", "不适用指标的分值在本级内折算", w.number(s.weight(level)), w.say("scaled.line", points)]
            )
            raw = sum((i.points for i in own), D(0))
            note = f"效益得分折算：{w.number(raw)}/{w.number(weight)}→{w.say('scaled.text', points)}/{w.number(s.weight(level))}。"
        total += points
    rows.append(["合计", "", w.number(s.full), w.say("scaled.total", total)])
    w.table(rows)
    w.p(note)
    w.p(f"综合得分{w.say('scaled.text.total', total)}分，评价等级为{w.say('scaled.grade', s.grade(total))}。")


def unscored(w: Writer) -> None:
    """Not everything is scored: the total is an interval, without a grade."""
    s = w.story
    w.p(f"{s.title}绩效评价报告（征求意见稿）")
    rows = [["一级指标", "三级指标", "分值", "得分"]]
    low = D(0)
    for n, i in enumerate(s.items):
        points = w.number(i.points) if n != 7 else "未评分"
        low += i.points if n != 7 else 0
        rows.append([i.level, i.name, w.number(i.weight), points])
    rows.append(["合计", "", w.say("open.weight", s.full), f"{w.number(low)}—{w.number(low + s.items[7].weight)}"])
    w.table(rows)
    w.p(
        f"本次评价总分区间为{w.number(low)}—{w.number(low + s.items[7].weight)}分，暂不评定等级。上年综合得分95.00分，等级为优。"
    )


def capped(w: Writer) -> None:
    """A grade below its total, because the rules of the place say so."""
    s = w.story
    w.p(f"{s.title}绩效评价报告")
    rows = [["一级指标", "分值", "得分", "得分率"]]
    rows += [
        [x, w.number(s.weight(x)), w.say(f"cap.{x}.points", s.points(x)), share(s.points(x), s.weight(x))]
        for x in s.levels
    ]
    rows.append(["合计", w.number(s.full), w.say("cap.total", s.total), share(s.total, s.full)])
    w.table(rows)
    w.p(
        f"综合得分{w.say('cap.text.total', s.total)}分。因审计发现违规问题，按办法规定触发限级情形，不得评为优、良等级。"
    )
    w.p("最终评价等级为中。")


def spoken(w: Writer) -> None:
    """Numbers in Chinese numerals and in full width, a table with percent signs and 分 in its cells."""
    s = w.story
    w.p(f"{s.title}绩效评价报告")
    w.p(f"综合得分：{chinese(s.total)}分")
    w.p(f"经评价，项目综合得分{wide(w.number(s.total))}分，评价等级为“{s.grade()}”。")
    rows = [["一级指标", "权重", "得分", "得分率"]]
    for x in s.levels:
        rows.append(
            [
                f"A{len(rows)} 项目{x}",
                f"{s.weight(x):.0f}%",
                f"{w.say(f'summary.{x}.points', s.points(x))}分",
                share(s.points(x), s.weight(x), 1),
            ]
        )
    rows.append(["合计", "100%", f"{w.say('summary.total.points', s.total)}分", share(s.total, s.full, 0)])
    w.table(rows)


def chinese(number: Decimal) -> str:
    """八十七点五二."""
    digits = "零一二三四五六七八九"
    whole, _, part = f"{number}".partition(".")
    tens, ones = divmod(int(whole), 10)
    text = ("" if tens == 0 else f"{digits[tens]}十" if tens > 1 else "十") + (digits[ones] if ones or not tens else "")
    return text + ("点" + "".join(digits[int(c)] for c in part) if part else "")


def wide(text: str) -> str:
    """８７．５２."""
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.%"})
