"""``workbench keys``: make a key, hand out its public half, look at one, open what was sealed for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.base.errors import FileError, KeyFileError, NotWritten, Place, Problem
from workbench.base.writing import unwritable
from workbench.cli.chinese import App
from workbench.cli.console import definitions, say
from workbench.cli.private import open_private

if TYPE_CHECKING:
    from workbench.base.signatures import SignatureAlgorithm
    from workbench.dossier.trust.keys import PublicKey

KeyOption = Annotated[Path, typer.Option("--key", metavar="文件.key", help="密钥文件")]
COLUMNS = 100
_GROUP = 4
"""Digits of a fingerprint that are read out together."""


def register(app: typer.Typer) -> None:
    """Add the group to ``app``."""
    group = App(
        name="keys",
        help="签名密钥:生成、导出公钥、查看指纹、打开保密封存的附件。",
        epilog="口令在终端输入;无人值守时用环境变量 WORKBENCH_KEY_PASSPHRASE 给出。",
        no_args_is_help=True,
    )
    group.command("new", help="生成一把有口令保护的密钥(.key,自己保管)和公钥(.pub,交给别人)。")(keys_new)
    group.command("export", help="由密钥重新导出公钥文件。")(keys_export)
    group.command("show", help="显示公钥的持有人和指纹,供电话核对。")(keys_show)
    group.command("open", help="打开评价档案中为本人保密封存的附件。")(keys_open)
    app.add_typer(group)


def keys_new(
    file: Annotated[Path, typer.Argument(metavar="文件.key", help="写到哪里,如 张三.key;已有的文件不会被覆盖")],
    name: Annotated[str | None, typer.Option("--name", metavar="姓名", help="持有人;默认取文件名")] = None,
    role: Annotated[str | None, typer.Option("--role", metavar="角色", help="如 主评人、项目负责人")] = None,
    organisation: Annotated[str | None, typer.Option("--organisation", metavar="单位", help="所在单位")] = None,
    algorithm: Annotated[
        str, typer.Option("--algorithm", metavar="名称", help="签名算法,见 workbench packs")
    ] = "ed25519",
) -> None:
    """Make a key and its public half."""
    from workbench.cli.passphrase import new_passphrase
    from workbench.dossier.trust.keys import PUBLIC_SUFFIX, new_key
    from workbench.dossier.trust.lockbox import locked

    beside = file.with_suffix(PUBLIC_SUFFIX)
    if beside == file:
        raise KeyFileError(Problem("key_name", "密钥文件不能以 .pub 结尾", Place(file.as_posix()), fix="请改用 .key"))
    for taken in (file, beside):
        if taken.exists():
            raise _taken(taken)
    key = new_key(name or file.stem, role, organisation, _algorithm(algorithm))
    _create(file, locked(key, new_passphrase()))
    _write_public(beside, key.public)
    say(f"已生成密钥 {file} 和公钥 {beside}")
    _show(key.public)
    say("密钥文件和口令请分开保管,并各留一份备份:口令忘记了无法找回,为本人保密封存的附件也就打不开了。")
    if _in_repository(file):
        say("这个文件夹在 Git 库中:请把密钥移到库外保管;没有移走之前,在 .gitignore 中写一行 *.key,不要提交。")
    say("公钥文件可以交给别人;请让对方用电话等另一途径核对指纹。")


def _in_repository(file: Path) -> bool:
    """Whether a file lies in a checkout, from where it is easily handed on with everything else."""
    return any((folder / ".git").exists() for folder in file.resolve().parents)


def _algorithm(name: str) -> SignatureAlgorithm:
    from workbench.base.text import suggest
    from workbench.plugins.manager import load_plugins

    algorithms = load_plugins().algorithms
    if name not in algorithms:
        raise KeyFileError(Problem("key_algorithm", "没有这种签名算法", found=name, fix=suggest(name, algorithms)))
    return algorithms[name]


def keys_export(
    key: Annotated[Path, typer.Argument(metavar="文件.key", help="密钥文件")],
    out: Annotated[Path, typer.Option("--out", metavar="文件.pub", help="写到哪里;已有的文件不会被覆盖")],
) -> None:
    """Write the public half again."""
    from workbench.cli.passphrase import opened

    if out.exists():
        raise _taken(out)
    # Opened although nothing secret is wanted: only then is it certain that the fields in clear are the owner's.
    public = opened(key).public
    _write_public(out, public)
    say(f"已导出公钥:{out}")
    _show(public)


def keys_show(file: Annotated[Path, typer.Argument(metavar="文件.pub", help="公钥文件")]) -> None:
    """Show who holds a key, and its fingerprint."""
    from workbench.dossier.trust.keys import read_public
    from workbench.plugins.manager import load_plugins

    _show(read_public(file, load_plugins().algorithms))


def _show(public: PublicKey) -> None:
    from workbench.base.canon import digest
    from workbench.dossier.trust.keys import unpacked

    whole = digest(unpacked(public.public_key))
    rows = [
        ("持有人", public.holder),
        ("密钥编号", public.key),
        ("签名算法", public.algorithm),
        ("指纹", " ".join(whole[i : i + _GROUP] for i in range(0, len(whole), _GROUP))),
        ("封存地址", public.recipient),
    ]
    for line in definitions(rows, COLUMNS):
        say(line)


def keys_open(
    dossier: Annotated[Path, typer.Argument(metavar="档案", help="评价档案文件")],
    member: Annotated[str, typer.Argument(metavar="附件", help="附件在档案中的路径,或佐证清单、评审台账中的名称")],
    key: KeyOption,
    out: Annotated[Path, typer.Option("--out", metavar="文件", help="写到哪里;已有的文件不会被覆盖")],
) -> None:
    """Open an attachment that was sealed for the holder of a key."""
    from workbench.cli.passphrase import opened
    from workbench.dossier.attachments import member_named, uses_of
    from workbench.dossier.container import open_container
    from workbench.dossier.trust.confidential import require_withheld, unseal

    if out.exists():
        raise _taken(out)
    container = open_container(dossier)
    entry = member_named(container, member)
    require_withheld(entry)  # before a passphrase is asked for
    uses = uses_of(container, entry)
    content = unseal(container.read(entry.path), opened(key), entry)
    _create(out, content)
    say(f"已解开:{out}(内容与清单所记的摘要一致)。该文件未加密,请按保密要求保管。")
    if uses:
        say(f"它是{'、'.join(uses)}。")


def _taken(file: Path) -> FileError:
    return NotWritten(Problem("file_exists", "文件已存在,不会覆盖", Place(file.as_posix()), fix="请换一个文件名"))


def _create(file: Path, data: bytes, *, private: bool = True) -> None:
    """Write a new file, by default one that only its owner may read; what cannot be written whole is taken away again."""
    try:
        stream = open_private(file, "xb") if private else file.open("xb")
    except FileExistsError:
        raise _taken(file) from None
    except OSError as error:
        raise _unwritable(file, error) from None
    try:
        with stream:
            stream.write(data)
    except OSError as error:
        file.unlink(missing_ok=True)
        raise _unwritable(file, error) from None


def _unwritable(file: Path, error: OSError) -> FileError:
    return NotWritten(unwritable(error, file, "请检查文件夹和权限,或另选文件"))


def _write_public(file: Path, public: PublicKey) -> None:
    from workbench.base.canon import canonical_json

    _create(file, canonical_json(public, indent=2), private=False)
