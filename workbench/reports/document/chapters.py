"""The chapters an analyst writes, each a Markdown file beside ``report.yaml``, and the part of the report it stands in.

Mandatory are those the outline of 财预〔2020〕10号 附3 asks of a writer: nobody can compute a project's background, the work
that was done or what else has to be said. The others may be left away.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Chapter:
    """One file. ``guide`` tells what belongs there; it stands in the file as a comment, which is no text.

    ``when``: what makes a chapter mandatory that otherwise is not.
    """

    file: str
    part: str
    mandatory: bool
    guide: str
    when: str = ""


CHAPTERS = (
    Chapter("overview.md", "项目概况", True, "项目背景、立项依据、主要内容及实施情况、组织管理"),
    Chapter("funds.md", "资金投入和使用", True, "资金来源、预算安排、到位、支出和结转结余情况"),
    Chapter("goals.md", "绩效目标", True, "总体目标和阶段性(年度)目标,有调整的写明批准文件"),
    Chapter("purpose.md", "评价目的对象和范围", True, "为什么评价、评价哪些资金和事项、评价的时段"),
    Chapter(
        "method.md",
        "评价原则方法和标准",
        True,
        "评价原则、评价方法(比较法、因素分析法等)、评价标准;指标体系和等级标准由程序写",
    ),
    Chapter("work.md", "评价过程", True, "前期准备、现场评价、综合评价、征求意见各阶段做了什么"),
    Chapter("conclusion.md", "综合评价结论", False, "对结论的补充说明;得分、等级和得分率由程序写"),
    Chapter("analysis.md", "指标分析", False, "对指标分析的补充;逐项得分和评分说明由程序写"),
    Chapter("experience.md", "主要经验及做法", True, "值得推广的做法和依据"),
    Chapter("causes.md", "存在的问题及原因分析", False, "各问题共同的原因;逐个问题写在 report.yaml 的 problems 中"),
    Chapter(
        "advice.md",
        "有关建议",
        False,
        "总的建议;逐个问题的建议写在 report.yaml 的 problems 中",
        "problems 中没有一个问题写了建议(suggestion)的,必写",
    ),
    Chapter("survey.md", "问卷情况", False, "问卷设计、发放和回收、样本结构、主要结果"),
    Chapter("other.md", "其他需要说明的问题", True, "评价的局限性和其他须说明的事项,没有的写“无”"),
)
BY_FILE = {chapter.file: chapter for chapter in CHAPTERS}
