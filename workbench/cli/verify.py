"""``workbench verify``: what a dossier proves and what it does not; exit with 4 when it contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.base.errors import DossierError, FileError, Place, Problem, shorten
from workbench.base.lines import width, wrap
from workbench.cli.console import GAP, print_json, say, table
from workbench.cli.library import JsonOption

if TYPE_CHECKING:
    from workbench.dossier.model import Manifest, Verification

SHOWN_TITLE = 200
COLUMNS, BULLET = 100, "  · "
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
    catalogue: Annotated[bool, typer.Option("--list", help="另列档案目录:每一项资料有、无或不适用")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a dossier."""
    from workbench.dossier.trust.keys import trusted_keys
    from workbench.dossier.verifying.verify import verify
    from workbench.plugins.manager import load_plugins

    require_there(dossier)
    algorithms = load_plugins().algorithms
    trusted = trusted_keys(trust, algorithms) if trust else None
    found = verify(dossier, trusted, algorithms)
    if as_json:
        print_json(found.model_dump(mode="json"))
        raise typer.Exit(0 if found.holds else DossierError.exit_code)
    show(found)
    if catalogue and found.manifest is not None:
        _list(found.manifest)
    if not found.holds:
        raise DossierError([p for check in found.checks for p in check.problems])


def require_there(dossier: Path) -> None:
    """A name mistyped is no damaged dossier. Raises FileError."""
    if not dossier.exists():
        raise FileError(Problem("dossier_missing", "找不到档案文件", Place(dossier.as_posix()), fix="请检查路径"))


def _list(manifest: Manifest) -> None:
    from workbench.dossier.telling import papers_table

    papers = papers_table(manifest)
    say(f"{papers.caption}:")
    say(table(papers.columns, papers.rows))


def show(found: Verification) -> None:
    """The verdict in words: the checks as a table, what is proven, what is not."""
    manifest = found.manifest
    if manifest is not None:
        say(f"{shorten(manifest.title, SHOWN_TITLE)}({manifest.kind}),运行 {manifest.run[:16]}")
    say(table(("核对", "结论", "说明"), _rows(found)))
    if found.proven:
        say("已证明:")
        _bullets(found.proven)
    say("没有证明:")
    _bullets(found.unproven)


def _rows(found: Verification) -> Iterator[tuple[str, str, str]]:
    """Each check; what is long about it stands on further lines."""
    room = (
        COLUMNS
        - 2 * len(GAP)
        - sum(max(map(width, x)) for x in zip(*((c.title, c.verdict) for c in found.checks), strict=True))
    )
    for check in found.checks:
        first, *more = wrap(check.text, room) or [""]
        yield check.title, check.verdict, first
        yield from (("", "", line) for line in more)


def _bullets(sentences: Sequence[str]) -> None:
    for sentence in sentences:
        for n, line in enumerate(wrap(sentence, COLUMNS - width(BULLET))):
            say(f"{' ' * width(BULLET) if n else BULLET}{line}")
