"""Before anything is published: the recorded consent of both who have to give it, and what is to be removed."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.base.errors import Problem
from workbench.base.text import suggest
from workbench.reports.document.outline import PARTS
from workbench.reports.document.texts import Consent, Texts
from workbench.scoring.result import RunResult

CLAUSE = "财监〔2021〕4号第二十一条"
"""No publication without the consent of 委托方 and of the 财政部门 of the same level."""
WHO = {"client": "委托方", "finance": "委托方的同级财政部门"}
EXPLANATIONS = "评分说明"
"""In ``remove``: how every indicator was scored."""
_SAID = {"by": "同意的单位", "date": "同意日期", "document": "同意的文件"}


def lacking(texts: Texts) -> Iterator[Problem]:
    """What the record of consent lacks, both consents at once."""
    consents = texts.report.publication.consent
    for key, who in WHO.items():
        given: Consent = getattr(consents, key)
        empty = [word for field, word in _SAID.items() if not str(getattr(given, field) or "").strip()]
        if empty:
            message = f"没有{who}同意公开的记录:缺{'、'.join(empty)}"
            fix = f"未经委托方及其同级财政部门同意,不得公开评价报告({CLAUSE});取得书面同意后填写 by、date、document"
            yield Problem("no_consent", message, texts.place(f"publication.consent.{key}"), fix=fix)


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
