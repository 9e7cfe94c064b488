"""``workbench seal``: one run, its ledger and the engagement's papers into one dossier."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.base.lines import width, wrap
from workbench.cli.console import definitions, print_json, quoted, say, table
from workbench.cli.library import JsonOption, WorkspaceOption, at_workspace, home_of

if TYPE_CHECKING:
    from workbench.dossier.model import CheckItem
    from workbench.dossier.sealing.seal import Sealed, Sign
    from workbench.runs.store import StoredRun

COLUMNS = 100
_LABELS = 20
_SHOWN_DIGITS = 16
_MEGABYTE = 1 << 20
LEFT_BEHIND = (
    "注意:这是由评价档案还原的工作区,原档案的归档资料(合同、底稿、扫描件等)不在这份新档案里。要带过来:用解压软件打开原档案,"
    "取出各 documents 文件夹中的文件(保密的先用 workbench keys open 解开),用 --init 生成归档资料文件,在其中写明后加 --documents 重新封存。"
)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(
        help="把一次运行连同评审台账、归档资料封存为一个可核对、可重跑的档案文件。",
        epilog="先用 --init 生成归档资料文件,填好后加 --documents 封存;必备资料不全的只能封存为工作档案。",
    )(seal)


def seal(
    run: Annotated[str, typer.Argument(metavar="运行", help="评价编号(取最近一次运行),或运行文件夹")],
    documents: Annotated[
        Path | None, typer.Option("--documents", metavar="文件.yaml", help="归档资料文件:合同、底稿、报告扫描件等")
    ] = None,
    init: Annotated[
        Path | None, typer.Option("--init", metavar="文件.yaml", help="只生成待填写的归档资料文件,不封存")
    ] = None,
    recipient: Annotated[
        list[Path] | None,
        typer.Option("--recipient", metavar="文件.pub", help="保密资料只为谁加密,可写多次;请至少写两名"),
    ] = None,
    key: Annotated[
        list[Path] | None, typer.Option("--key", metavar="文件.key", help="封存时即用这把密钥签名,可写多次")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件.zip", help="写到哪里;默认工作区的 dossiers/")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="替换已签名而内容不同的档案,或同名的其他文件")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Seal a run, or write an empty documents file."""
    from workbench.dossier.sealing.seal import FOLDER, default_name
    from workbench.dossier.sealing.seal import seal as sealed_run
    from workbench.runs.store import find_run
    from workbench.runs.workspace import find_workspace

    stored = find_run(run, workspace or find_workspace())
    if init is not None:
        _write_template(init, stored, f"{quoted(run)}{at_workspace(workspace) if workspace else ''}")
        return
    root = workspace or home_of(stored)
    sealed = sealed_run(
        stored,
        root,
        out or root / FOLDER / default_name(stored),
        documents=documents,
        recipients=_addresses(recipient or []),
        sign=_signing(key or []),
        replace=force,
        progress=lambda text: None if as_json else say(f"… {text}", error=True),
    )
    if as_json:
        print_json(_as_json(sealed))
        return
    _show(sealed)
    _tell_report(stored, root, documents, sealed)
    if documents is None and _from_dossier(root):
        say("\n" + "\n".join(wrap(LEFT_BEHIND, COLUMNS)))


def _from_dossier(workspace: Path) -> bool:
    """Whether a workspace was restored from a dossier, whose papers stay there."""
    from workbench.runs.sealed import origin_of

    origin = origin_of(workspace)
    return origin is not None and origin.dossier is not None


def _tell_report(stored: StoredRun, workspace: Path, documents: Path | None, sealed: Sealed) -> None:
    """How the signed report gets into the archive: what was written here is no formal report before it is signed and sealed."""
    from workbench.dossier.sealing.checklist import titles
    from workbench.dossier.sealing.documents import read_documents
    from workbench.dossier.sealing.written import ITEM, lines_for, without_scan, written_report
    from workbench.runs.workspace import path_from_here

    state = next(line.state for line in sealed.manifest.checklist if line.code == ITEM)
    if state == "有" and without_scan(read_documents(documents, titles()).documents):
        say("\n提示:“签章的评价报告扫描件”一项只有可以编辑的文件,看不出签名和盖章;请加上扫描件后重新封存。")
    report = written_report(stored, workspace) if state == "无" else None
    if report is None:
        return
    folder = (documents or Path()).parent
    copied = "" if report.resolve().is_relative_to(folder.resolve()) else "和该文件的副本"
    own = stored.result().stage == "自评"
    signed = "单位负责人签名、加盖单位公章" if own else "主评人签名、加盖机构公章"
    clause = "" if own else "(财监〔2021〕4号第十八条第(四)项)"
    text = (
        f"本次运行的评价报告定稿在 {path_from_here(report)}。没有签名、盖章的不是正式评价报告{clause},所以不自动放入。"
        f"打印、{signed}后,把扫描件{copied}放在归档资料文件旁边,在其中写:"
    )
    say("\n" + "\n".join(wrap(text, COLUMNS)))
    for line in lines_for(report, folder):
        say(line)


def _write_template(path: Path, stored: StoredRun, again: str) -> None:
    """``again``: run and workspace as the next command has to name them."""
    from workbench.base.errors import NotWritten, Place, Problem
    from workbench.base.writing import unwritable
    from workbench.dossier.sealing.checklist import template_lines
    from workbench.dossier.sealing.documents import template
    from workbench.dossier.sealing.existing import refuse_run_folder

    refuse_run_folder(path)
    text = template(template_lines(), stored.result().stage)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        problem = Problem("file_exists", "文件已存在,不会覆盖", Place(path.as_posix()), fix="请换一个文件名")
        raise NotWritten(problem) from None
    except OSError as error:
        raise NotWritten(unwritable(error, path, "请检查文件夹和权限")) from None
    say(f"已生成 {path.as_posix()}。填好后运行:workbench seal {again} --documents {quoted(path)}")


def _addresses(files: Sequence[Path]) -> list[str]:
    """The age addresses of public keys. Raises KeyFileError for a file that is none."""
    if not files:
        return []
    from workbench.dossier.trust.keys import read_public
    from workbench.plugins.manager import load_plugins

    algorithms = load_plugins().algorithms
    return [read_public(file, algorithms).recipient for file in files]


def _signing(files: Sequence[Path]) -> Sign:
    """Signs by these keys; passphrases are asked for now, before the work."""
    from workbench.cli.passphrase import opened
    from workbench.dossier.trust.signing import sign

    keys = {key.public.key: key for key in map(opened, files)}
    return lambda manifest: [sign(manifest, key) for key in keys.values()]


def _as_json(sealed: Sealed) -> dict[str, object]:
    from workbench.base.canon import digest_of
    from workbench.dossier.sealing.checklist import lacking

    return {
        "path": sealed.path.as_posix(),
        "size": sealed.path.stat().st_size,
        "manifest_sha256": digest_of(sealed.manifest),
        "lacking": [line.code for line in lacking(sealed.manifest.checklist)],
        "signatures": [{"key": s.key, "signer": s.signer} for s in sealed.signatures],
        "manifest": sealed.manifest.model_dump(),
    }


def _show(sealed: Sealed) -> None:
    from workbench.dossier.sealing.checklist import lacking
    from workbench.dossier.trust.signing import LIMITS
    from workbench.runs.workspace import path_from_here

    manifest = sealed.manifest
    say(f"{manifest.title}\n")
    say(table(("归档类别", "资料", "必备", "状态", "说明"), _rows(manifest.checklist)))
    say("\n必备的依据见档案清单;标“示例,可改”的没有条款要求,可在归档资料文件的 also_mandatory 中列为必备。")
    missing = lacking(manifest.checklist)
    if missing:
        say("\n" + "\n".join(_advice(missing)))
    say(f"\n已封存为{manifest.kind}:")
    path = quoted(path_from_here(sealed.path))
    for line in definitions(_facts(sealed), max(COLUMNS, width(path) + _LABELS)):  # a path stays in one piece
        say(line)
    say(f"\n下一步:核对 workbench verify {path}")
    say(f"        签名 workbench sign {path} --key 姓名.key")
    if sealed.signatures:
        say(f"{LIMITS}。")


def _rows(lines: Sequence[CheckItem]) -> list[tuple[str, str, str, str, str]]:
    """The checklist by archive group; a group is named once."""
    rows: list[tuple[str, str, str, str, str]] = []
    before = ""
    for line in lines:
        example = (line.clause or "").startswith("示例")
        demanded = "必备" if line.mandatory else ("示例,可改" if example else "")
        said = line.reason or f"{len(line.files)}个文件"
        rows.append((line.group if line.group != before else "", line.title, demanded, line.state, said))
        before = line.group
    return rows


def _advice(missing: Sequence[CheckItem]) -> list[str]:
    """What is lacking for a 评价档案, by which clause, and how to hand it in."""
    terms = [(f"{line.title}({line.code})", line.clause or "") for line in missing]
    return [
        f"缺{len(missing)}项必备资料,只能作为工作档案:",
        *definitions(terms, COLUMNS, longest=48),
        "补齐:在归档资料文件(没有的先用 --init 生成)的相应编号下写 files;确实不需要的写 not_applicable 和理由。",
        "征求意见和内部审核也可以在 workbench review 中完成,定稿后封存新写出的运行。",
    ]


def _facts(sealed: Sealed) -> list[tuple[str, str]]:
    from workbench.runs.workspace import path_from_here

    manifest, path = sealed.manifest, sealed.path
    years = manifest.retain_years
    kept = "本办法未规定;可在归档资料文件的 retain 中写明" if years is None else f"{years}年({manifest.retain_clause})"
    facts = [
        ("文件", path_from_here(path)),
        ("大小", f"{path.stat().st_size / _MEGABYTE:.2f} MB,{len(manifest.files)}个文件"),
        ("运行", manifest.run[:_SHOWN_DIGITS]),
        ("保管期限", kept),
    ]
    withheld = sum(f.withheld for f in manifest.files)
    if withheld:
        facts.append(("保密资料", f"{withheld}份,只有收件人能打开"))
    signers = "、".join(f"{s.signer}(密钥 {s.key})" for s in sealed.signatures)
    return [*facts, ("签名", signers or "没有")]
