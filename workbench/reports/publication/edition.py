"""The content of the publication edition, made of the reduced run and texts; it says itself what was removed, and on whose consent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.base.errors import CheckFailed, TextsError
from workbench.reports.document.attached import DIGESTS, EXPERTS, MERGED
from workbench.reports.document.blocks import FINAL, Block, Content, Grid, paragraph
from workbench.reports.document.content import content
from workbench.reports.document.outline import LEFT_OUT, PARTS
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import Texts
from workbench.reports.publication.consent import EXPLANATIONS, NAME, consent_text, lacking, unknown_removals
from workbench.reports.publication.people import PERSON
from workbench.reports.publication.redaction import Redaction, redaction_of
from workbench.reports.publication.reduced import reduced_source, reduced_texts
from workbench.scoring.result import RunResult

NOTICE = "其他需要说明的问题"
"""The part that begins with what was removed."""
PRIVATE = ("评价组名单", "意见采纳情况表", "专家意见", "签章页")
"""Parts that are about people."""
KINDS = (
    "评价组成员、评审专家和其他人员的姓名、单位和职称",
    "专家个人意见、逐人打分和征求意见的往来记录",
    "佐证资料的文件名、存放位置和附件",
    "各项 SHA-256 校验值（运行编号保留，供向评价机构查对）",
    "电话、电子邮箱、身份证件号码等个人信息",
    "主评人签章页",
)
"""What no publication edition has."""
_ONE_BY_ONE = {EXPERTS, MERGED}
"""Columns of the score table that say what experts gave."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_REMOVED = "公开版已删去本部分。"


@dataclass(frozen=True)
class Published:
    """The edition before it is rendered: content and reduced result, SVG by the name of a picture, and what may be in no file."""

    content: Content
    result: RunResult
    drawings: Mapping[str, bytes]
    redaction: Redaction

    @property
    def hints(self) -> Iterator[str]:
        """What somebody should look for when reading it through."""
        if self.redaction.common:
            names = "、".join(f"“{name}”" for name in self.redaction.common)
            yield f"姓名{names}也是报告里的词,只删去了看得出是指人的地方,公开前请通读"
        if self.redaction.single:
            names = "、".join(f"“{name}”" for name in self.redaction.single)
            yield f"姓名{names}只有一个字,正文中不逐字查找;正文中有的,请连同前后文字写入 publication.words"


def published(
    source: ReportSource, texts: Texts, report: Callable[[ReportSource, Texts], Content] = content
) -> Published:
    """The publication edition of a report.

    Args:
        report: makes the report itself, which says whether it is final.

    Raises:
        CheckFailed: consent is not recorded, or not wholly.
        TextsError: the texts name something to remove that is not there, or are wrong themselves.
    """
    faults = list(unknown_removals(texts, source.result))
    if faults:
        raise TextsError(faults)
    missing = list(lacking(texts, source))
    if missing:
        raise CheckFailed(missing)
    whole = report(source, texts)
    redaction = redaction_of(source, texts, whole)
    less = reduced_source(source, texts, redaction)
    made = content(less, reduced_texts(texts))
    parts = _parts(made, texts, redaction, {i.code: i.name for s in less.result.subjects for i in s.indicators})
    named = {name: redaction.text(text) for name, text in made.fields.items()}
    named |= {"稿次": NAME if whole.edition == FINAL else f"{NAME}（{whole.edition}）"}
    named |= {"主评人": PERSON} if named["主评人"] else {}
    title = redaction.text(made.title)
    instead = {name: _REMOVED for name in sorted(_gone(texts)) if whole.parts.get(name)}
    public = replace(
        made,
        title=title,
        fields=named,
        parts=parts,
        edition=whole.edition,
        blocking=whole.blocking,
        instead=instead,
    )
    return Published(public, less.result, less.drawings, redaction)


def _parts(
    made: Content, texts: Texts, redaction: Redaction, names: Mapping[str, str]
) -> Mapping[str, Sequence[Block]]:
    gone = _gone(texts)
    parts: dict[str, Sequence[Block]] = {}
    for name, blocks in made.parts.items():
        kept = [_without_digests(_without_experts(b)) for b in blocks]
        removed = [] if name in LEFT_OUT else [paragraph(_REMOVED)]
        parts[name] = removed if name in gone else [redaction.block(b) for b in kept]
    parts[NOTICE] = [*(redaction.block(b) for b in notice(texts, names)), *parts[NOTICE]]
    return parts


def _gone(texts: Texts) -> set[str]:
    """The parts that are not published."""
    return {*PRIVATE, *(name for name in texts.report.publication.remove if name in PARTS)}


def notice(texts: Texts, names: Mapping[str, str]) -> Iterator[Block]:
    """What was removed and who agreed. ``names``: of the indicators, by code."""
    yield paragraph(f"本报告为{NAME}，已删去下列内容：")
    asked = [_asked(name, names) for name in texts.report.publication.remove]
    asked += ["按要求删去的名称和词语"] if texts.report.publication.words else []
    for n, kind in enumerate((*KINDS, *asked), 1):
        yield paragraph(f"{n}. {kind}。", "item")
    yield paragraph(consent_text(texts))


def _asked(name: str, names: Mapping[str, str]) -> str:
    if name in names:
        return f"指标“{names[name]}”的指标值、完成值和评分说明"
    return "各项指标的评分说明" if name == EXPLANATIONS else f"“{name}”部分"


def _without_experts(block: Block) -> Block:
    """A table without the columns of experts' points."""
    if not isinstance(block, Grid) or not any(c.title in _ONE_BY_ONE for c in block.columns):
        return block
    at = [n for n, c in enumerate(block.columns) if c.title not in _ONE_BY_ONE]
    whole = len(block.columns)
    lines = [replace(x, cells=[x.cells[n] for n in at]) if len(x.cells) == whole else x for x in block.lines]
    return replace(block, columns=[block.columns[n] for n in at], lines=lines)


def _without_digests(block: Block) -> Block:
    """A table without the rows that are nothing but a digest, and without the note about them."""
    if not isinstance(block, Grid):
        return block
    note = "" if block.note == DIGESTS else block.note
    return replace(
        block, note=note, lines=[x for x in block.lines if not any(_DIGEST.fullmatch(cell) for cell in x.cells)]
    )
