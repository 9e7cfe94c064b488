"""对原评价工作的评价: the four questions a finance department asks of an evaluation it checks.

财金〔2020〕13号 第四章 has them for PPP: was the plan carried out, are the data true and reasonable, are the problems objective and
fair, are the measures pointed and practicable. The first two begin with what the comparison knows; nobody but the evaluator
answers them.
"""

from __future__ import annotations

from workbench.analysis.comparison import CAUSE_WORDS, Cause, Comparison
from workbench.reports.comparison import words
from workbench.reports.papers.paper import Paper
from workbench.reports.reading import total_of
from workbench.reports.table import Table

TO_FILL = "【待评价人员填写】"
GROUND = "比照财金〔2020〕13号第四章对绩效评价报告的复核要求"
SEEN, TO_CHECK = "对比所见", "核对要点"
CHOICE = "□是　□部分　□否"
_PLAN: tuple[Cause, ...] = ("targets", "rules", "policy")


def questions(comparison: Comparison, verification: str | None, where: str) -> list[tuple[str, str, str]]:
    """The four questions: what is asked, whether what follows was seen or is to be looked at, and what it is.

    Args:
        where: the section that lists what differs.
    """
    problems = "原评价报告所列问题逐条核对：有无佐证，是否与扣分对应，有无遗漏。"
    measures = "逐条核对措施是否对应问题，有无责任主体和时限，是否具备条件。"
    return [
        ("评价工作方案是否落实", SEEN, _plan_facts(comparison, where)),
        ("引用数据是否真实合理", SEEN, _data_facts(comparison, verification, where)),
        ("揭示的问题是否客观公正", TO_CHECK, problems),
        ("改进措施是否有针对性和可操作性", TO_CHECK, measures),
    ]


def judgement_table(comparison: Comparison, verification: str | None) -> Table:
    """The four questions as a notebook shows them, above the cell in which the evaluator answers."""
    rows = [[asked, kind, text] for asked, kind, text in questions(comparison, verification, "“不同之处”表")]
    note = f"{GROUND}；结论由再评价人员作出。"
    return Table("对原评价工作的评价", ["问题", "依据", "内容"], rows, note=note)


def judged(paper: Paper, comparison: Comparison, verification: str | None) -> None:
    """The four questions with the facts there are, and room for the evaluator's answer."""
    paper.text(f"下列四项由再评价人员逐项认定（{GROUND}）。“对比所见”由程序列出，其余均{TO_FILL}。")
    asked_of = questions(comparison, verification, "“一、基本情况”")
    for number, (asked, kind, text) in zip("一二三四", asked_of, strict=True):
        paper.subheading(f"（{number}）{asked}")
        _question(paper, (kind, text))


def _question(paper: Paper, known: tuple[str, str]) -> None:
    paper.fields([known, ("结论", f"{CHOICE}　　{TO_FILL}"), ("说明", f"{TO_FILL}\n\n\n")])


def _plan_facts(comparison: Comparison, where: str) -> str:
    what = {d.cause: d.what for d in comparison.differences}
    found = [CAUSE_WORDS[c] for c in _PLAN if what.get(c)]
    if not found:
        return "再评价沿用原评价的指标、目标、分值、计分规则和地区办法，没有发现方案上的不同。"
    rest = f"各处见{where}。须认定是原评价没有按批准的方案执行，还是再评价另行调整。"
    return f"再评价的{'、'.join(found)}与原评价不同，{rest}"


def _data_facts(comparison: Comparison, verification: str | None, where: str) -> str:
    what = next((d.what for d in comparison.differences if d.cause == "data"), [])
    said = f"再评价更正了佐证资料，各处见{where}。{_moved(comparison)}" if what else "佐证资料没有改动。"
    return f"{said}\n档案校验：{words.formal(verification or '本次对比没有附档案校验结果。')}"


def _moved(comparison: Comparison) -> str:
    """How far the corrected data moved the points of each subject; joined causes are named as joined."""
    parts = []
    for subject in comparison.subjects:
        found = [s for s in subject.shares if "data" in s.causes]
        if found:
            total = words.signed(total_of(s.points for s in found))
            parts.append(
                f"{words.short(subject.name, 60)}{total}分（{'、'.join(words.causes_text(s.causes) for s in found)}）"
            )
    return f"由此引起的得分变化：{'；'.join(parts)}。" if parts else "更正没有引起得分变化。"
