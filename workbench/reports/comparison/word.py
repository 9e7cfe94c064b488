"""再评价报告: what the second evaluation found, why the points differ, and how the first evaluation was done."""

from __future__ import annotations

from workbench.analysis.comparison import CAUSE_WORDS, Comparison, SubjectChange
from workbench.base.text import plain
from workbench.reports.comparison import chart, tables, words
from workbench.reports.comparison.judgement import judged
from workbench.reports.comparison.words import NEW, OLD
from workbench.reports.papers.grid import Column, Line
from workbench.reports.papers.paper import EXAMPLE_FORMAT, Paper
from workbench.reports.save import png_bytes

NUMERALS = "一二三四五六七八九十"
TITLE = "再评价报告"


def report(comparison: Comparison, verification: str | None = None) -> bytes:
    """The report as docx; the same bytes for the same comparison.

    Args:
        verification: what verifying the first evaluation's dossier found, where that was done.
    """
    new = comparison.new
    paper = Paper(f"{words.short(new.title, 160)} {TITLE}", f"{TITLE}　{new.evaluation}　运行 {new.run[: words.SHORT]}")
    blanks = ("再评价组织单位：________________", "再评价实施单位：________________", "二〇____年____月____日")
    paper.cover(TITLE, new.title, blanks)
    _sides(paper, comparison)
    _conclusion(paper, comparison)
    _reasons(paper, comparison)
    paper.heading("四、对原评价工作的评价")
    judged(paper, comparison, verification)
    _consequences(paper, comparison)
    _remarks(paper, comparison)
    paper.note("再评价人员签名")
    people = [Line(["", "", "", ""], height=10) for _ in range(3)]
    paper.table([Column("姓名", 3), Column("单位、职称", 6), Column("签名", 4), Column("日期", 3)], people)
    paper.signature("再评价负责人")
    paper.note("（再评价实施单位盖章）")
    return paper.data()


def _sides(paper: Paper, comparison: Comparison) -> None:
    paper.heading("一、基本情况")
    old, new = comparison.old, comparison.new
    subjects = comparison.subjects
    names = "、".join(words.short(s.name, 60) for s in subjects[:5]) + (
        f"等{len(subjects)}个" if len(subjects) > 5 else ""
    )
    paper.text(
        f"本次再评价的对象为{names}。原评价为“{words.short(old.title, 160)}”（{old.stage}，{old.period}），"
        f"再评价为“{words.short(new.title, 160)}”（{new.stage}，{new.period}）。双方情况如下："
    )
    rows = [Line(list(row)) for row in words.side_rows(old, new)]
    paper.table([Column("项目", 3), Column(OLD, 6), Column(NEW, 6)], rows)
    paper.text("两次评价的不同之处：")
    what = [Line([CAUSE_WORDS[d.cause], "\n".join(d.what) or "相同"]) for d in comparison.differences]
    paper.table([Column("方面", 3), Column("内容", 12)], what)


def _conclusion(paper: Paper, comparison: Comparison) -> None:
    paper.heading("二、再评价结论")
    large = [s for s in comparison.subjects if s.large]
    graded = [s for s in comparison.subjects if s.regraded]
    paper.text(f"共对比{len(comparison.subjects)}个评价对象，其中差异较大的{len(large)}个，等级改变的{len(graded)}个。")
    if len(comparison.subjects) == 1:
        paper.text(_sentence(comparison.subjects[0]))
    columns = [Column("评价对象", 4), Column(f"{OLD}得分", 2.2, "right"), Column(f"{NEW}得分", 2.2, "right")]
    columns += [
        Column("差异", 1.7, "right"),
        Column("偏离度", 1.7, "right"),
        Column("等级", 2),
        Column("差异较大", 3.4),
    ]
    rows = [
        Line(
            [
                s.name,
                *words.totals_text(s),
                words.signed(s.difference),
                words.deviation_text(s.deviation),
                words.formal(words.grade_change(s)),
                words.formal(words.large_text(s)),
            ]
        )
        for s in comparison.subjects
    ]
    paper.table(columns, rows)
    paper.note(f"{words.formal(words.thresholds_text(comparison))}。{words.formal(words.DEVIATION)}。")


def _sentence(subject: SubjectChange) -> str:
    """Totals, grade and main reasons of one subject in a paragraph."""
    old, new = words.totals_text(subject)
    grades = words.grades_text(subject)
    grade = words.formal(f"等级由{grades[0]}变为{grades[1]}" if subject.regraded else f"等级仍为{grades[1]}")
    why = (
        f"主要原因：{words.formal(words.short(subject.main_reasons, 600))}。"
        if subject.main_reasons
        else "各项得分没有变化。"
    )
    scored = "" if subject.complete else "（按已评分的指标计算）"
    return f"得分由{old}分变为{new}分，差异{words.signed(subject.difference)}分{scored}，{grade}。{why}"


def _reasons(paper: Paper, comparison: Comparison) -> None:
    paper.heading("三、得分差异及原因")
    paper.text(
        "差异按佐证数据、目标与分值、计分规则、地区办法、专家评审五项原因分解：逐项换成再评价的内容重新计分，"
        "取全部先后次序的平均（Shapley值），各项之和等于差异；五项原因不能解释的部分列为运行环境。"
    )
    moved = words.moved_most(comparison, len(comparison.subjects))
    drawn = {s.id for s in moved[: chart.CHARTED]}
    for number, subject in enumerate([s for s in comparison.subjects if s in moved], 1):
        if len(comparison.subjects) > 1:
            paper.subheading(f"（{_numeral(number)}）{words.short(subject.name, 120)}")
        _subject(paper, subject, draw=subject.id in drawn)
    if not moved:
        paper.text("各评价对象的指标和得分均没有变化。")
    elif len(moved) < len(comparison.subjects):
        paper.text(f"其余{len(comparison.subjects) - len(moved)}个评价对象没有变化。")
    if len(moved) > chart.CHARTED:
        paper.note(f"差异构成图只画变动最大的{chart.CHARTED}个对象。")


def _numeral(number: int) -> str:
    """一 to 九十九, digits from there on."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    ten = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens - 1]}十"
    return ten + (NUMERALS[ones - 1] if ones else "")


def _subject(paper: Paper, subject: SubjectChange, *, draw: bool) -> None:
    paper.caption("表：有变动的指标")
    _lines(paper, subject)
    if subject.shares:
        paper.caption("表：差异构成与逐项单独改变")
        _causes(paper, subject)
    if draw:
        for figure, alt in ((chart.by_cause, chart.cause_steps), (chart.by_line, chart.line_steps)):
            paper.picture(png_bytes(figure(subject)), chart.alt_text(subject, alt(subject)))


def _lines(paper: Paper, subject: SubjectChange) -> None:
    claimed = words.any_claimed(subject)
    columns = [Column("指标", 3.4 if claimed else 4), Column("分值", 1.6, "right"), Column("完成值", 2.8)]
    columns += [Column("自评得分（单位填报）", 1.6, "right")] if claimed else []
    columns += [
        Column("原评价得分（计算）", 1.6, "right"),
        Column(f"{NEW}得分", 1.6, "right"),
        Column("差异", 1.6, "right"),
        Column("原因及其得分变化", 3.8),
    ]
    rows = []
    for x in filter(words.changed, subject.lines):
        name = f"{x.code}　{words.line_name(x)}" if x.code else words.line_name(x)
        points = [x.old_claimed or "—"] if claimed else []
        points += [words.old_points(x), words.new_points(x), words.signed(x.difference)]
        value = [words.weight_text(x), words.pair(x.old_value, x.new_value, "\n→")]
        rows.append(Line([name, *value, *points, words.shares_text(x.shares, "\n") or "—"]))
    old, new = map(plain, words.scored_sums(subject))
    own = [words.claimed_text(subject)] if claimed else []
    total = ["合计（含未变动的指标）", "", "", *own, old, new, words.signed(subject.difference)]
    rows.append(Line([*total, words.shares_text(subject.shares, "\n") or "—"], "total"))
    paper.table(columns, rows)
    note = tables.rounding_note(subject)
    if note:
        paper.note(words.formal(note))


def _causes(paper: Paper, subject: SubjectChange) -> None:
    """Both tables side by side: what each cause answers for, and what it does alone."""
    shares, alone = tables.shares_table(subject), tables.alone_table(subject)
    single = dict(alone.rows)
    rows = [
        Line([name, points, exact, single.get(name, "—")], "total" if kind == "total" else "plain")
        for (name, points, exact), kind in zip(shares.rows, shares.kinds, strict=True)
    ]
    columns = [Column("原因", 5), Column("得分变化", 3, "right"), Column("精确值", 3, "right")]
    paper.table([*columns, Column("只改变这一项时", 4, "right")], rows)
    if alone.note:
        paper.note(words.formal(alone.note))


def _consequences(paper: Paper, comparison: Comparison) -> None:
    paper.heading("五、限级情形与结果应用变化")
    found = [(s, tables.consequences_table(s).rows) for s in comparison.subjects]
    rows: list[Line] = []
    for subject, lines in found:
        if lines and len(comparison.subjects) > 1:
            rows.append(Line([subject.name], "group"))
        rows += [Line(line) for line in lines]
    if not rows:
        paper.text("限级情形、一票否决事项和结果应用均没有变化。")
        return
    paper.table([Column("事项", 5), Column(OLD, 3), Column(NEW, 3), Column("依据条款", 4)], rows)


def _remarks(paper: Paper, comparison: Comparison) -> None:
    paper.heading("六、说明与局限")
    for joined in comparison.joined:
        paper.text(f"{words.causes_text(joined.causes)}不能分开，合并列示：{words.formal(joined.why)}。")
    for match in comparison.matches:
        state = "已经确认" if match.confirmed else "名称相同，尚未确认，按不同指标对比"
        paper.text(f"编码不同的指标：{match.old}→{match.new} {words.short(match.name, 80)}（{state}）。")
    for note in comparison.notes:
        paper.text(f"{words.formal(note)}。")
    for name, ids in ((OLD, comparison.only_old), (NEW, comparison.only_new)):
        if ids:
            paper.text(f"只在{name}中的评价对象{'、'.join(ids)}没有对比。")
    paper.text(f"{words.formal(words.thresholds_text(comparison))}。")
    paper.text("对比只说明两次评价的得分为何不同，不判断哪一次的佐证资料真实；结论须经再评价人员核实、签字后生效。")
    paper.note(words.formal(f"没有文件规定再评价报告的格式，本报告为{EXAMPLE_FORMAT}。"))
