"""``report init``: a folder of texts to fill in, with every material lost point of the run as a problem that waits for its words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from workbench.base.safetext import visible
from workbench.base.text import plain
from workbench.base.writing import writing
from workbench.reports.document.chapters import CHAPTERS, Chapter
from workbench.reports.document.problems import ANSWERS, Links, Lost
from workbench.reports.document.shown import SHORT
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import DEFAULT_MATERIAL, REPORT_FILE, Texts, read_texts


@dataclass(frozen=True)
class Started:
    """What was done: file names written, those that were there and were left alone, and what is new since they were written."""

    written: Sequence[str]
    kept: Sequence[str]
    news: Sequence[str]


def start(source: ReportSource, folder: Path) -> Started:
    """Write what is not there yet. A file that is there is never touched; what the run has new for it is told.

    Raises:
        NotWritten: the folder takes no file.
        YamlError, TextsError, FileError: a ``report.yaml`` that is there cannot be read.
    """
    wanted = {REPORT_FILE: template(source)} | {c.file: guide(c) for c in CHAPTERS}
    kept = [name for name in wanted if (folder / name).exists()]
    news = _news(source, read_texts(folder)) if REPORT_FILE in kept else []
    written = [name for name in wanted if name not in kept]
    with writing(folder, "请检查文件夹和权限,或另选文件夹"):
        folder.mkdir(parents=True, exist_ok=True)
        for name in written:
            with (folder / name).open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(wanted[name])
    return Started(written, kept, news)


def _news(source: ReportSource, texts: Texts) -> list[str]:
    """Lost points the problems do not answer for yet, with lines to copy, and codes that lose nothing any more."""
    links = Links(source.result, texts)
    lines = [f"新增失分,尚无对应的问题:{links.about(x)}" for x in links.unlinked]
    if links.unlinked:
        lines.append(f"可抄入 {REPORT_FILE} 的 problems:\n{_problems(source, links.unlinked)}")
    losing = {x.code for x in links.lost}
    for n, problem in enumerate(texts.report.problems, 1):
        settled = [code for code in problem.indicators if code not in losing]
        if settled:
            lines.append(f"第{n}个问题所列指标已不失分:{'、'.join(settled)};请核对该问题是否仍然成立")
    return lines


def guide(chapter: Chapter) -> str:
    """A chapter with nothing but its guide, which does not count as text."""
    must = "必写,空白时不能定稿" if chapter.mandatory else chapter.when or "可以不写"
    return (
        f"<!-- {chapter.part}({must}):{chapter.guide}。\n"
        '得分等数字请引用,如 {{ 总分 }}、{{ 指标["编码"].得分 }};标题用 ## 或 ###。本注释不进入报告。 -->\n'
    )


def template(source: ReportSource) -> str:
    """``report.yaml`` to fill in."""
    who = source.plan.parties
    links = Links(source.result, Texts())
    found = _problems(source, links.unlinked)
    head = [
        "# 报告文字:封面、评价组、抽样和问题。各章正文写在同一文件夹的 *.md 中。",
        '# 得分等数字请引用结果,如 {{ 总分 }}、{{ 等级 }}、{{ 指标["编码"].得分 }};含引用的值要加引号。',
        "report:",
        "  # 下列各项留空时取自评价计划",
        *(
            f"  {key}: {_quoted(value)}"
            for key, value in (
                ("client", who.client),
                ("institution", who.evaluator),
                ("lead", who.lead),
                ("evaluated", who.evaluated),
            )
        ),
        *_further(source),
    ]
    problems = ["  # 每个问题须写明表现、原因、建议、责任单位和时限;indicators 是因此失分的指标"]
    problems += ["  problems:", found] if found else ["  problems: []", _SAMPLE]
    return "\n".join([*head, *problems]) + "\n"


def _further(source: ReportSource) -> list[str]:
    """Everything between the parties and the problems."""
    return [
        '  # date: "2025-03-31"  # 报告日期,印在封面',
        "  # 评价组名单,如 - {name: 姓名, title: 职称, duty: 分工}",
        "  group: []",
        "  # 抽样:写 subjects(数字加引号,覆盖率由程序计算);没有抽样的,删去 subjects 和 money,写 not_sampled(说明)",
        "  scope:",
        '    text: ""',
        '    sampling: ""',
        '    not_sampled: ""',
        '    # subjects: {all: "120", sampled: "40", visited: "30", unit: 个}',
        '    # money: {all: "3500.00", covered: "2800.00", unit: 万元}',
        "  # 失分达到多少须对应问题:points(分)或 share(占分值的百分比);不写时如下(示例,可改)",
        f"  # material: {{points: {_quoted(plain(DEFAULT_MATERIAL.points or Decimal(0)))}}}",
        '  # 正文要用而结果中没有的数写在这里,各章和问题中用 {{ 事实["年初预算"] }} 引用,印出“200.00万元”,如',
        '  #   年初预算: {value: "200.00", unit: 万元, source: 预算批复}',
        "  facts: {}",
        "  # 失分不需要对应问题的,写指标编码和理由",
        "  not_material: {}",
        "  # 写出报告时会自动核对。提示的内容核对后确实没有错的,写代码、原文中的几个字和理由(印在方法和核验说明中),如",
        "  #   - {code: total_twice, words: 一期工程总分, reason: 为一期工程验收的总分}",
        "  checked: []",
        "  # 公开版(--publication)须有委托方及其同级财政部门同意的记录,如",
        f'  # publication: {{consent: {{run: "{source.run[:SHORT]}", client: {{by: 单位, date: "2025-03-01", document: 文号}},',
        "  #   finance: {…同上}},  # run 是所同意的报告的运行编号,印在报告的“方法和核验说明”中",
        "  #   remove: [要删去的部分、指标编码或 评分说明], words: [要删去的名称]}",
    ]


_SAMPLE = """\
  # 没有较大失分;仍有问题要写的,把上一行改为“problems:”,去掉下面各行的 # 再填写:
  #   - indicators: []  # 因此失分的指标编码;没有的留空
  #     title: ""  # 问题
  #     finding: ""  # 表现,如 '预算执行率{{ 指标["编码"].完成值 }},年初预算{{ 事实["年初预算"] }}'
  #     cause: ""  # 原因
  #     suggestion: ""  # 建议
  #     responsible: ""  # 责任单位
  #     deadline: ""  # 时限,如 2025-06-30 或 收到报告后60日内
  #     evidence: ""  # 佐证"""


def _problems(source: ReportSource, lost: Sequence[Lost]) -> str:
    return "\n".join(_entry(source, x) for x in lost)


def _entry(source: ReportSource, lost: Lost) -> str:
    """One problem with everything left to say but which indicator it is about."""
    whose = f"对象[{json.dumps(lost.subject.id, ensure_ascii=False)}]." if source.several else ""
    about = f'{whose}指标["{lost.code}"]'
    is_indicator = any(i.code == lost.code for i in lost.subject.indicators)
    said = {"finding": f"{{{{ {about}.名称 }}}}失{{{{ {about}.失分 }}}}分。"} if is_indicator else {}
    remark = visible(" ".join(f"{lost.subject.name} {lost.text}:{lost.why}".split()))
    lines = [f"    # {remark[:200]}", f"    - indicators: [{lost.code}]"]
    lines += [f"      subjects: [{_quoted(lost.subject.id)}]"] if source.several else []
    lines += [f"      {key}: {_quoted(said.get(key))}  # {word}" for key, word in ANSWERS.items()]
    return "\n".join([*lines, '      evidence: ""  # 佐证'])


def _quoted(text: str | None) -> str:
    """A text as a YAML value in double quotes; every other character escaped."""
    return json.dumps(visible(text or ""), ensure_ascii=False)
