"""``workbench sign``: put a signature on a sealed dossier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.base.errors import DossierError, shorten
from workbench.cli.console import definitions, say
from workbench.cli.keys import COLUMNS, KeyOption
from workbench.cli.verify import require_there

if TYPE_CHECKING:
    from workbench.dossier.container import Container

SHOWN_DIGITS, SHOWN_TITLE = 16, 200


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(help="核对评价档案是否完好,然后在其清单上签名;可由多人先后签名。")(sign)


def sign(
    dossier: Annotated[Path, typer.Argument(metavar="档案", help="评价档案文件")],
    key: KeyOption,
    role: Annotated[
        str | None, typer.Option("--role", metavar="角色", help="以什么角色签名;默认取密钥中写明的角色")
    ] = None,
) -> None:
    """Check a dossier, show what is signed, and sign it."""
    from workbench.cli.passphrase import opened
    from workbench.dossier.container import sign_container
    from workbench.dossier.trust.lockbox import read_locked
    from workbench.dossier.trust.signing import LIMITS
    from workbench.dossier.trust.signing import sign as signature_over

    require_there(dossier)
    holder = read_locked(key).public
    container = _sound(dossier)
    for line in _what(container):
        say(line)
    made = signature_over(container.manifest_bytes, opened(key), role=role)
    sign_container(dossier, made)
    again = any(s.key == made.key for s in container.signatures)
    count = len(container.signatures) + (0 if again else 1)
    how = "已重新签名,原来的签名被替换" if again else "已签名"
    say(f"{how}:{holder.holder},密钥 {made.key};档案现有{count}个签名。")
    say(f"{LIMITS}。")


def _sound(dossier: Path) -> Container:
    """The dossier, every byte and every signature of which was looked at. Raises DossierError."""
    from workbench.dossier.container import examine
    from workbench.dossier.trust.signing import check_signatures
    from workbench.plugins.manager import load_plugins

    container, problems = examine(dossier)
    if container is not None and not problems:
        problems = check_signatures(container, None, load_plugins().algorithms).problems
    if problems or container is None:
        raise DossierError(problems)
    return container


def _what(container: Container) -> list[str]:
    """What the signature will stand under."""
    manifest = container.manifest
    rows = [
        (manifest.kind, shorten(manifest.title, SHOWN_TITLE)),
        ("评价", shorten(manifest.evaluation)),
        ("运行", manifest.run[:SHOWN_DIGITS]),
        ("文件", f"{len(manifest.files)}个,已逐一核对"),
    ]
    return definitions(rows, COLUMNS)
