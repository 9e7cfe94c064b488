"""What verifying and re-running found, in the sentences that the command line and notebooks share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from workbench.base.errors import shorten
from workbench.base.safetext import isolated
from workbench.dossier.model import Manifest, Verification
from workbench.dossier.rerunning.rerun import Rerun, shown_path
from workbench.reports.reading import grade_text, total_text
from workbench.reports.reviewing import fallen
from workbench.reports.table import Table
from workbench.review.state import PHASE_WORDS
from workbench.scoring.result import RunResult

CHANGE_WORDS = {
    "evidence": "佐证资料",
    "scheme": "评价方案",
    "ruleset": "计分规则集",
    "policy": "地区办法",
    "experts": "专家评审",
}
"""What a 再评价 may change, as ``origin.json`` names it → as people do."""
NEW_PANEL = (
    "现在的得分都是计算得分,要等新的评审组评审、签字后再对比。原评审组和主评人没有带过来:"
    "新的评审从“主评人”一人开始,请在评审页的“评审组”中写明主评人、添加专家。"
)
"""What is said of a re-run that another panel is to review."""
_NAMED = 8
SHORT = 16
"""Characters of a run's digest that are shown, as they name its folder."""


def checks_table(found: Verification) -> Table:
    """Every check with its verdict."""
    manifest = found.manifest
    what = f"{isolated(manifest.title)}({manifest.kind}),运行 {manifest.run[:SHORT]}" if manifest else "核验"
    rows = [[c.title, c.verdict, isolated(c.text)] for c in found.checks]
    return Table(what, ["核对", "结论", "说明"], rows)


def problems_table(found: Verification) -> Table:
    """Where a check does not hold."""
    rows = [[c.title, isolated(str(problem))] for c in found.checks for problem in c.problems]
    return Table("不符之处", ["核对", "问题"], rows)


def papers_table(manifest: Manifest | None) -> Table:
    """档案目录: every item of the archive with its state."""
    items = manifest.checklist if manifest is not None else []
    rows = [
        [i.group, i.title, "必备" if i.mandatory else "", i.state, isolated(i.reason or ""), i.clause or ""]
        for i in items
    ]
    return Table("档案目录", ["类别", "资料", "要求", "有无", "原因", "依据"], rows, empty="(没有打开)")


def verdict(found: Verification) -> str:
    """What a report says of a dossier, a line for each sentence: whether it holds, what that proves, and what nobody may
    conclude from it."""
    failed = "、".join(c.title for c in found.checks if c.verdict == "不成立")
    holds = "各项核对成立" if found.holds else f"核验未通过:{failed}不成立"
    proven = ["已证明:", *_listed(found.proven)] if found.proven else []
    return "\n".join([f"{holds}。", *proven, "没有证明:", *_listed(found.unproven)])


def _listed(sentences: Sequence[str]) -> Iterator[str]:
    """A line each, also of what takes several lines on a screen."""
    return (f"· {sentence.replace(chr(10), '')}" for sentence in sentences)


def totals_table(found: Rerun) -> Table:
    """Total and grade of every subject."""
    rows = [[isolated(s.name), total_text(s), grade_text(s)] for s in found.outcome.result.subjects]
    caption = "再评价结果" if found.changed else "重跑结果"
    return Table(caption, ["评价对象", "总分", "等级"], rows, numeric=frozenset({"总分"}))


def rerun_sentences(found: Rerun, shown: Callable[[Path], str] = shown_path) -> Iterator[str]:
    """Identical or not, what is another, whose recorded answers were used, and where everything lies, as ``shown``."""
    if found.changed:
        yield from _changes(found)
    elif found.identical:
        yield "完全一致:重跑的结果与档案逐字节相同。"
    elif not found.differences:
        yield "数值、得分、总分和等级都相同;评分引擎的版本不同,说明文字可能不同。"
    else:
        yield f"不一致:重跑的结果与档案有{len(found.differences)}处不同。"
    if found.files:
        yield f"结果相同,但有文件的字节不同(图和笔记本随版本变化):{'、'.join(found.files)}"
    for line in found.environment:
        yield f"运行环境不同:{line}"
    if found.withheld:
        yield f"{found.withheld}份保密附件没有解开,工作区和新的运行中是原来的密文,计分只用它们的摘要。"
    for ref in found.replayed:
        yield f"“{shorten(ref.name)}”({shorten(ref.distribution)} {shorten(ref.version)})没有安装或版本不同,用的是封存的结果"
    yield f"工作区:{shown(found.workspace)}"
    yield f"运行:{shown(found.outcome.folder)}"


def _changes(found: Rerun) -> Iterator[str]:
    """What was changed for a 再评价, and that it made no difference where it made none."""
    names = "、".join(CHANGE_WORDS[name] for name in found.changed if name != "experts")
    how = [f"改用另一{names}"] if names else []
    how += {"kept": [], "dropped": ["不计专家评审"], "new": ["不计原来的专家评审、另组评审组"]}[found.experts]
    if found.without_effect and not names and found.experts == "dropped":
        points = "没有与计算得分不同的专家得分" if found.counted else "本来就不计专家评审"
        yield f"该档案{points if found.reviewed else '没有专家评审'},--without-experts 没有改变什么。"
        return
    if found.without_effect and names:
        yield "改用的与档案中的内容相同,没有改变什么。"
    else:
        yield f"已{'、'.join(how)}重新评价;新的运行以档案中的运行为上一次。"
    if found.experts != "kept" and found.reviewed:
        yield _ledger(found)
    if found.experts == "new":
        yield NEW_PANEL
    if found.experts == "kept" and found.reviewed and not found.without_effect:
        yield from unsigned(found.outcome.result)


def unsigned(result: RunResult) -> Iterator[str]:
    """Points of the experts that fell away, and that nobody has signed what came out."""
    names = [f"{isolated(i.name)}({i.code})" for i in fallen(result)]
    if names:
        more = f"等{len(names)}项" if len(names) > _NAMED else ""
        yield f"{len(names)}项专家得分不再适用,现按计算得分计:{'、'.join(names[:_NAMED])}{more};逐条见“发现的问题”。"
    if result.review is not None and result.review.phase != PHASE_WORDS["open"]:
        yield "专家组签字的是原评价;新的结论未经专家组签字。"


def _ledger(found: Rerun) -> str:
    """What became of the data corrections, which are facts and no opinions."""
    if found.experts == "dropped":
        facts = f"其中的数据更正{found.corrections}项照常采用" if found.corrections else "其中没有采用的数据更正"
        return f"只是专家得分没有计入;评审台账仍在,{facts}。"
    if not found.corrections:
        return "原评审台账没有带过来。"
    return (
        f"原评审台账没有带过来,其中的数据更正{found.corrections}项也不再采用;"
        "确应采用的,请写进佐证资料,加 --evidence 一起重跑。"
    )


def differences_table(found: Rerun) -> Table:
    """Where a re-run without any change came out otherwise."""
    return Table("不一致之处", ["问题"], [[isolated(str(p))] for p in found.differences])
