"""Before anything is published: the recorded consent of both who have to give it, and what is to be removed."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.base.errors import Problem
from workbench.base.text import suggest
from workbench.reports.document.outline import PARTS
from workbench.reports.document.shown import SHORT
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Consent, Texts
from workbench.scoring.result import RunResult

NAME = "公开版"
"""What the edition is called, and the folder of its own that it is written to: nothing else of the report lies beside it."""
CLAUSE = "财监〔2021〕4号第二十一条"
"""No publication without the consent of 委托方 and of the 财政部门 of the same level."""
WHO = {"client": "委托方", "finance": "委托方的同级财政部门"}
EXPLANATIONS = "评分说明"
"""In ``remove``: how every indicator was scored."""
_SAID = {"by": "同意的单位", "date": "同意日期", "document": "同意的文件"}


def lacking(texts: Texts, source: ReportSource) -> Iterator[Problem]:
    """What the record of consent lacks, everything at once."""
    consents = texts.report.publication.consent
    if any(c != Consent() for c in (consents.client, consents.finance)):
        yield from _other_run(texts, source)
    for key, who in WHO.items():
        given: Consent = getattr(consents, key)
        empty = [word for field, word in _SAID.items() if not str(getattr(given, field) or "").strip()]
        if empty:
            message = f"没有{who}同意公开的记录:缺{'、'.join(empty)}"
            fix = f"未经委托方及其同级财政部门同意,不得公开评价报告({CLAUSE});取得书面同意后填写 by、date、document"
            yield Problem("no_consent", message, texts.place(f"publication.consent.{key}"), fix=fix)


def _other_run(texts: Texts, source: ReportSource) -> Iterator[Problem]:
    """Consent to a report that is not this one, or that was given before there could be one."""
    consents, this, place = texts.report.publication.consent, source.run[:SHORT], texts.place("publication.consent.run")
    said = consents.run.strip().removeprefix(source.result.evaluation).strip()
    if not said:
        fix = f'请核对所同意的是这份报告,再写 run: "{this}"'
        yield Problem("consent_run", "没有写明同意公开的是哪一次运行的报告", place, fix=fix)
    elif len(said) < SHORT or not source.run.startswith(said):
        fix = f"重新运行后的报告须重新取得同意,取得后写 {this};或改为公开原来那次运行"
        yield Problem("consent_run", "同意公开的是另一次运行的报告", place, said, this, fix)
    for key, who in WHO.items():
        day = getattr(consents, key).date
        if day and day < source.result.as_of:
            place, fix = texts.place(f"publication.consent.{key}.date"), "请核对同意日期"
            message = f"{who}的同意日期早于评价基准日,其时还没有这份报告"
            yield Problem("consent_early", message, place, day, f"{source.result.as_of}及以后", fix)


def unknown_removals(texts: Texts, result: RunResult) -> Iterator[Problem]:
    """Entries of ``remove`` that name nothing, and words too short to be looked for."""
    known = [*PARTS, *(i.code for s in result.subjects for i in s.indicators), EXPLANATIONS]
    for n, name in enumerate(texts.report.publication.remove):
        if name not in known:
            place = texts.place(f"publication.remove[{n}]")
            fix = f"可写报告各部分的名称、指标编码或“{EXPLANATIONS}”;{suggest(name, known)}"
            yield Problem("unknown_removal", "报告中没有可删去的这一项", place, name, fix=fix)
    for n, word in enumerate(texts.report.publication.words):
        if len(word.strip()) < 2:
            place = texts.place(f"publication.words[{n}]")
            yield Problem("short_word", "要删去的文字太短", place, word, "2个字以上")


def consent_text(texts: Texts) -> str:
    """Who agreed, by which document and when."""
    consents = texts.report.publication.consent
    said = [f"{c.by}（{c.date}，{c.document}）" for c in (consents.client, consents.finance)]
    return f"依据{CLAUSE}，经{'和'.join(said)}同意公开。"
