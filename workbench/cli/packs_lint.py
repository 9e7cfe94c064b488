"""``workbench packs lint``: check one pack, or all packs of a plugin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.base.errors import CheckFailed
from workbench.cli.console import print_json, say
from workbench.cli.library import JsonOption, WorkspaceOption, find_pack, find_packs, installed, warn_of_broken

if TYPE_CHECKING:
    from workbench.base.errors import Problem
    from workbench.plugins.manager import Plugins
    from workbench.scheme.library import Library


def packs_lint(
    pack: Annotated[
        str, typer.Argument(metavar="指标包", help="已安装的指标包或插件的编号,或指标包文件夹、pack.yaml 的路径")
    ],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a pack, or all packs of a plugin; exit with 4 when one has an error."""
    results = lint_all(pack, workspace, quiet=as_json)
    failed = [p for _, problems in results for p in problems if p.severity == "error"]
    if as_json:
        content = [_as_dict(path, problems) for path, problems in results]
        print_json(content[0] if len(content) == 1 else {"passed": not failed, "packs": content})
        raise typer.Exit(CheckFailed.exit_code if failed else 0)
    for path, problems in results:
        warnings = [p for p in problems if p.severity != "error"]
        for problem in warnings:
            say(f"提示:{_named(problem, path, len(results))}")
        if len(warnings) == len(problems):
            say(f"检查通过:{path}{f'(提示{len(warnings)}处)' if warnings else ''}")
    if failed:
        raise CheckFailed(
            _named(p, path, len(results)) for path, problems in results for p in problems if p.severity == "error"
        )


def _as_dict(path: Path, problems: list[Problem]) -> dict[str, object]:
    passed = all(p.severity != "error" for p in problems)
    return {"pack": path.as_posix(), "passed": passed, "problems": [p.as_dict() for p in problems]}


def _named(problem: Problem, path: Path, packs: int) -> Problem:
    """With several packs ``pack.yaml`` alone does not say whose."""
    return problem if packs == 1 else problem.at(file=f"{path.parent.name} {problem.place.file or ''}".strip())


def lint(pack: str, workspace: Path | None, *, quiet: bool = False) -> tuple[Path, list[Problem]]:
    """As :func:`lint_all`, for what holds one pack. Raises PlanError for a plugin with several."""
    find_pack(pack, installed(workspace, code=False)[1])
    return lint_all(pack, workspace, quiet=quiet)[0]


def lint_all(pack: str, workspace: Path | None, *, quiet: bool = False) -> list[tuple[Path, list[Problem]]]:
    """The file of each pack that ``pack`` stands for, and everything that is wrong with it.

    A pack given as a path outside the workspace is judged with the rule kinds of its own ``plugin.py`` as well.
    """
    plugins, library = installed(workspace)
    paths = find_packs(pack, library)
    known = {e.path.resolve() for e in library.packs.values()}
    around = [(plugins, library) if path.resolve() in known else installed(path.parent) for path in paths]
    if not quiet:
        warn_of_broken(*(found for found, _ in around))
    return [(path, _lint(path, *found)) for path, found in zip(paths, around, strict=True)]


def _lint(path: Path, plugins: Plugins, library: Library) -> list[Problem]:
    from workbench.base.errors import WorkbenchError
    from workbench.scoring.lint import lint_pack

    rulesets = {}
    for name in library.rulesets:
        try:
            rulesets[name] = library.ruleset(name)
        except WorkbenchError:
            continue  # not this pack's fault; "packs list" names it
    return lint_pack(path, plugins.kinds, plugins.derivations, rulesets)
