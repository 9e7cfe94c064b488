"""``workbench verify``: what a dossier proves and what it does not; exit with 4 when it contradicts itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.base.errors import DossierError, shorten
from workbench.cli.console import print_json, say, table
from workbench.cli.library import JsonOption

if TYPE_CHECKING:
    from workbench.dossier.model import Verification

HELP = "核验评价档案:字节、签名、目录、台账,并按档案中的方案和佐证重算每一项得分;不执行档案中的任何程序。"


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(
        "verify",
        help=HELP,
        epilog="退出码:0 各项成立;4 有一项不成立。没有给出可信公钥时,签名只说明有效,不说明是谁签的。",
    )(verify_command)


def verify_command(
    dossier: Annotated[Path, typer.Argument(metavar="档案", help="评价档案文件(.dossier.zip)")],
    trust: Annotated[
        list[Path] | None,
        typer.Option(
            "--trust", metavar="公钥", help="可信公钥文件(.pub)或存放它们的文件夹,可写多次;其他人的签名一律拒绝"
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a dossier."""
    from workbench.dossier.trust.keys import trusted_keys
    from workbench.dossier.verifying.verify import verify
    from workbench.plugins.manager import load_plugins

    algorithms = load_plugins().algorithms
    trusted = trusted_keys(trust, algorithms) if trust else None
    found = verify(dossier, trusted, algorithms)
    if as_json:
        print_json(found.model_dump(mode="json"))
        raise typer.Exit(0 if found.holds else DossierError.exit_code)
    show(found)
    if not found.holds:
        raise DossierError([p for check in found.checks for p in check.problems])


def show(found: Verification) -> None:
    """The verdict in words: the checks as a table, what is proven, what is not."""
    manifest = found.manifest
    if manifest is not None:
        say(f"{shorten(manifest.title)}({manifest.kind}),运行 {manifest.run[:16]}")
    say(table(("核对", "结论", "说明"), [(c.title, c.verdict, c.text) for c in found.checks]))
    if found.proven:
        say("已证明:")
        for sentence in found.proven:
            say(f"  · {sentence}")
    say("没有证明:")
    for sentence in found.unproven:
        say(f"  · {sentence}")
