"""``workbench packs lint``: check one pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.base.errors import CheckFailed
from workbench.cli.console import print_json, say
from workbench.cli.library import JsonOption, WorkspaceOption, find_pack, installed, warn_of_broken

if TYPE_CHECKING:
    from workbench.base.errors import Problem


def packs_lint(
    pack: Annotated[str, typer.Argument(metavar="指标包", help="已安装指标包的编号,或指标包文件夹、pack.yaml 的路径")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a pack; exit with 4 when it has an error."""
    path, problems = lint(pack, workspace, quiet=as_json)
    passed = all(p.severity != "error" for p in problems)
    if as_json:
        print_json({"pack": path.as_posix(), "passed": passed, "problems": [p.as_dict() for p in problems]})
        raise typer.Exit(0 if passed else CheckFailed.exit_code)
    warnings = [p for p in problems if p.severity != "error"]
    for problem in warnings:
        say(f"提示:{problem}")
    if not passed:
        raise CheckFailed([p for p in problems if p.severity == "error"])
    say(f"检查通过:{path}{f'(提示{len(warnings)}处)' if warnings else ''}")


def lint(pack: str, workspace: Path | None, *, quiet: bool = False) -> tuple[Path, list[Problem]]:
    """The pack's file and everything that is wrong with it.

    A pack given as a path outside the workspace is judged with the rule kinds of its own ``plugin.py`` as well.
    """
    from workbench.base.errors import WorkbenchError
    from workbench.scoring.lint import lint_pack

    plugins, library = installed(workspace)
    path = find_pack(pack, library)
    if path.resolve() not in {e.path.resolve() for e in library.packs.values()}:
        plugins, library = installed(path.parent)
    if not quiet:
        warn_of_broken(plugins)
    rulesets = {}
    for name in library.rulesets:
        try:
            rulesets[name] = library.ruleset(name)
        except WorkbenchError:
            continue  # not this pack's fault; "packs list" names it
    return path, lint_pack(path, plugins.kinds, plugins.derivations, rulesets)
