"""New workspaces: a plan that is valid, a workbook to fill in, the pack's notebook."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from workbench.base.errors import Place, PlanError, Problem
from workbench.base.text import suggest
from workbench.evidence.template import write_template
from workbench.plugins.manager import load_plugins
from workbench.runs.notebooks import find_notebook
from workbench.runs.workspace import find_workspace
from workbench.scheme.library import Library
from workbench.scheme.pack import Pack

PLAN = """\
# 评价计划。日期和小数加引号;路径以工作区为起点。各项含义见 workbench schema plan。
plan:
  evaluation: "{name}"
  title: {title}
  pack: {pack}{variant}
  ruleset: {ruleset}
  policy: {policy}
  period: {year}年度
  stage: 自评            # 自评、部门评价、财政评价、再评价、事前评估、绩效监控
  as_of: "{as_of}"       # 评价基准日:期限都按这一天判断
  evidence: {evidence}
  parties:
    client:              # 委托方
    evaluator:           # 评价机构
    lead:                # 主评人
    evaluated:           # 被评价单位
  # 对方案的调整逐条写明理由,报告中会列出,例如:
  # changes:
  #   - {{kind: weight, indicator: EXEC, value: "20", reason: 主管部门规定执行率20分}}
"""


@dataclass(frozen=True)
class Made:
    """What was created; paths are relative to the folder the command was given in."""

    folder: Path
    plan: Path
    evidence: Path
    notebook: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, in the order a user meets them."""
        return (self.evidence, self.plan, self.notebook)


def create_workspace(
    *, pack: str, name: str, folder: Path, title: str | None, variant: str | None, policy: str, as_of: str
) -> Made:
    """Create a workspace (or add an evaluation to one); existing files are never overwritten.

    Raises:
        PlanError: the name is not an id, pack, tree or policy is unknown, or a file is there already.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", name):
        fix = "请用小写字母、数字和连字符,如 school-meals-2026"
        raise PlanError(Problem("bad_name", "评价编号格式不对", found=name, fix=fix))
    plugins = load_plugins(folder if folder.is_dir() else find_workspace())
    library = Library.of(plugins.folders)
    loaded = library.pack(pack)
    tree, ruleset = _tree(loaded, variant)
    caps = [(c.code, c.event) for c in library.policy(policy).caps]
    notebook = find_notebook(loaded.notebook, folder, library.packs[pack].path.parent)
    made = Made(
        folder=folder,
        plan=folder / "params" / f"{name}.yaml",
        evidence=folder / "params" / "evidence" / f"{name}.xlsx",
        notebook=folder / "notebooks" / notebook.name,
    )
    _make_room(made)
    write_template(loaded, made.evidence, variant=tree, caps=caps)
    text = PLAN.format(
        name=name,
        title=json.dumps(title or loaded.title, ensure_ascii=False),  # a colon or # in it stays text
        pack=pack,
        variant=f"\n  variant: {tree}" if tree else "",
        ruleset=ruleset,
        policy=policy,
        year=as_of[:4],
        as_of=as_of,
        evidence=made.evidence.relative_to(folder).as_posix(),
    )
    made.plan.write_text(text, encoding="utf-8", newline="\n")
    if not made.notebook.exists():
        made.notebook.write_bytes(_pointed(notebook, made.plan.relative_to(folder)))
    return made


def _make_room(made: Made) -> None:
    for path in (made.plan, made.evidence):
        if path.exists():
            raise PlanError(
                Problem("file_exists", "文件已存在,没有覆盖", Place(path.as_posix()), fix="请换一个评价编号")
            )
    for path in made.files:
        path.parent.mkdir(parents=True, exist_ok=True)


def _pointed(notebook: Path, plan: Path) -> bytes:
    """The notebook with the new plan in its parameter cell, so that it runs as it stands in JupyterLab too."""
    content = json.loads(notebook.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        if "parameters" in cell["metadata"].get("tags", ()):
            cell["source"] = [f'plan = "{plan.as_posix()}"']
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _tree(pack: Pack, variant: str | None) -> tuple[str | None, str]:
    if not pack.variants:
        return None, pack.ruleset
    chosen = variant or next(iter(pack.variants))
    if chosen not in pack.variants:
        fix = suggest(chosen, pack.variants)
        raise PlanError(Problem("variant", "没有这棵指标树", found=chosen, fix=fix))
    return chosen, pack.variants[chosen].ruleset or pack.ruleset
