"""``workbench report``: the evaluation report of a run, the texts it takes from an analyst, and the template it is made on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import report_batch, report_check
from workbench.cli.chinese import App, Group
from workbench.cli.console import print_json, quoted, say
from workbench.cli.library import JsonOption

if TYPE_CHECKING:
    from workbench.reports.document.blocks import Content
    from workbench.reports.document.bundle import Chosen, File
    from workbench.reports.document.source import ReportSource
    from workbench.reports.document.texts import Texts
    from workbench.runs.reportset import ReportSet

WRITE = "write"
RunArgument = Annotated[str, typer.Argument(metavar="运行", help="评价编号(取最近一次运行),或运行文件夹")]
TextOption = Annotated[
    Path | None,
    typer.Option("--text", metavar="文件夹", help="评价人员撰写的文字;默认工作区的 params/reports/评价编号/"),
]
FolderOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", metavar="文件夹", help="工作区文件夹(默认为当前所在的工作区)"),
]


class ReportGroup(Group):
    """A group whose first word is a run unless it is a command."""

    default = WRITE

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Put the command in that was left out."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = [self.default, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the group to ``app``."""
    group = App(
        name="report",
        cls=ReportGroup,
        help="写出绩效评价报告:Word、网页和可试算的评分表,数字全部出自运行结果。",
        epilog="workbench report 运行 就是 workbench report write 运行。先用 init 生成待填写的文字,填好后写出报告。",
        no_args_is_help=True,
    )
    group.command(WRITE, help="写出一次运行的评价报告;命令中的 write 可以省略。")(write)
    group.command("init", help="生成待填写的报告文字和一份报告模板;已有的文件不动。")(init)
    group.command("template", help="把默认的 Word 报告模板另存一份,供本单位修改。")(template)
    group.command("batch", help=report_batch.HELP, epilog=report_batch.EPILOG)(report_batch.batch)
    report_check.register(group)
    app.add_typer(group)


def write(
    run: RunArgument,
    text: TextOption = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", metavar="文件.docx", help="用本单位的 Word 模板;默认用文字文件夹中的 template.docx"),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="文件夹", help="写到哪里;默认工作区的 reports/评价编号/运行摘要/")
    ] = None,
    final: Annotated[bool, typer.Option("--final", help="只写定稿;还不能定稿的,列出原因,不写文件,退出码为 4")] = False,
    publication: Annotated[
        bool,
        typer.Option("--publication", help="只写公开版:删去人名、个人意见、佐证位置等;须有委托方和财政部门同意的记录"),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="覆盖写出后改动过的文件")] = False,
    workspace: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the report of a run."""
    from workbench.reports.document.content import remarks
    from workbench.reports.publication.consent import NAME
    from workbench.runs.outputs import write_outputs
    from workbench.runs.reporting import report_folder, report_source, report_texts, texts_folder
    from workbench.runs.reportset import REPORTS, chosen_template, made_from, put, report_set
    from workbench.runs.store import find_run
    from workbench.runs.workspace import find_workspace

    def progress(what: str) -> None:
        if not as_json:
            say(f"… {what}", error=True)

    root = workspace.resolve() if workspace is not None else find_workspace()
    stored = find_run(run, root)
    source = report_source(stored, progress)
    own = text if text is not None else texts_folder(root, source.result.evaluation)
    chosen = chosen_template(template, own)
    origin = made_from(stored, own, chosen)
    texts = report_texts(root, source.result.evaluation, text, source)
    progress("撰写报告")
    made = _published(source, texts, chosen) if publication else report_set(stored, root, source, texts, chosen)
    if final:
        _stop_unless_final(made.content)
    folder = out if out is not None else report_folder(root / REPORTS, source) / (NAME if publication else "")
    made = replace(made, files=_announced(made.files, progress))
    remarked = list(made.remarks)
    if publication:
        written = write_outputs(made.files, folder, force=force)
    else:
        done, written = put(made, folder, origin, force=force)
        remarked = list(done.remarks)
    if as_json:
        names = [path.relative_to(folder).as_posix() for path in written]
        told = {"folder": folder.as_posix(), "files": names}
        print_json(told | {"edition": made.content.edition, "blocking": list(made.content.blocking)})
        return
    _tell_written(written, folder, made.content.edition, NAME if publication else "")
    for remark in [*remarked, *remarks(source, texts)]:
        say(f"提示:{remark}", error=True)
    if not publication:
        _tell_next(run, made.content, own)


def _tell_written(written: Sequence[Path], folder: Path, edition: str, public: str) -> None:
    from workbench.reports.document.blocks import FINAL
    from workbench.reports.document.bundle import FIGURES

    say(f"已写出{public}{edition}{len(written)}个文件:{folder.as_posix()}")
    for name in (path.name for path in written if path.parent == folder):
        say(f"  {name}")
    if drawn := sum(path.parent != folder for path in written):
        say(f"  {FIGURES}/(图片{drawn}个,PNG 和 SVG)")
    if public and edition != FINAL:
        say("提示:这不是定稿,每页带“征求意见稿”水印;公开前请先定稿。", error=True)


def _published(source: ReportSource, texts: Texts, chosen: Chosen | None) -> ReportSet:
    """The publication edition, where consent is recorded."""
    from workbench.reports.document.content import on_template
    from workbench.reports.document.template import without
    from workbench.reports.publication.edition import published
    from workbench.reports.publication.files import publication_files
    from workbench.runs.reportset import ReportSet, checked_report

    hints: list[str] = []

    def report(source: ReportSource, texts: Texts) -> Content:
        made, _, found = checked_report(source, texts)
        hints.extend(found)
        return made

    edition = published(source, texts, report)
    if chosen is not None:
        made = on_template(edition.content, without(chosen.data, chosen.name), chosen.name)
        edition = replace(edition, content=replace(made, fields=edition.content.fields))
    return ReportSet(edition.content, publication_files(edition, chosen), [*edition.hints, *hints])


def _announced(files: Iterator[File], progress: Any) -> Iterator[File]:
    for name, data in files:
        if "/" not in name:
            progress(name)
        yield name, data


def _stop_unless_final(made: Content) -> None:
    from workbench.base.errors import NotFinal, Problem

    if not made.final:
        raise NotFinal(Problem("not_final", sentence.rstrip("。")) for sentence in made.blocking)


def _tell_next(run: str, made: Content, own: Path) -> None:
    """What to do now: what stands in the way of 定稿, or what follows it."""
    if made.final:
        say("\n下一步:打印后由主评人签名、加盖评价机构公章;扫描件可用 workbench seal 归入评价档案。")
        return
    say(f"\n还不能定稿(共{len(made.blocking)}项):")
    for number, sentence in enumerate(made.blocking, 1):
        say(f"  {number}. {sentence}")
    if not own.is_dir():
        say(f"\n下一步:workbench report init {quoted(run)} 生成待填写的报告文字,填好后重新运行本命令。")
    else:
        say(f"\n下一步:在 {own.as_posix()} 中补齐后重新运行本命令;定稿加 --final。")


def init(run: RunArgument, text: TextOption = None, workspace: FolderOption = None) -> None:
    """Write the texts to fill in, and a copy of our template."""
    from workbench.reports.document.starting import start
    from workbench.runs.reporting import report_source, texts_folder
    from workbench.runs.reportset import TEMPLATE
    from workbench.runs.store import find_run
    from workbench.runs.workspace import find_workspace

    root = workspace.resolve() if workspace is not None else find_workspace()
    source = report_source(find_run(run, root), pictures=False)
    folder = text if text is not None else texts_folder(root, source.result.evaluation)
    started = start(source, folder)
    written = [*started.written, *_copied(folder / TEMPLATE)]
    say(f"已生成{len(written)}个文件:{folder.as_posix()}" if written else f"文件都已有,没有改动:{folder.as_posix()}")
    for name in written:
        say(f"  {name}")
    if started.kept and written:
        say(f"已有的{len(started.kept)}个文件没有改动。")
    for line in started.news:
        say(line)
    where = f" --text {quoted(folder)}" if text is not None else ""
    say(
        f"\n下一步:填写 report.yaml 和各章文字,需要时在 Word 中修改 {TEMPLATE},再运行 workbench report {quoted(run)}{where}"
    )


def _copied(path: Path) -> list[str]:
    """Copy our template where there is none yet."""
    if path.exists():
        return []
    _write_template(path)
    return [path.name]


def template(
    output: Annotated[Path, typer.Argument(metavar="文件.docx", help="写到哪个文件")],
    force: Annotated[bool, typer.Option("--force", help="文件已存在时覆盖")] = False,
) -> None:
    """Copy our template."""
    from workbench.base.errors import FileError, Problem

    if output.suffix.lower() != ".docx":
        problem = Problem(
            "template_suffix", "报告模板是 Word 文档", found=output.name, expected="以 .docx 结尾的文件名"
        )
        raise FileError(problem)
    if output.exists() and not force:
        fix = "请换一个文件名,或加 --force 覆盖(其中的修改会丢失)"
        raise FileError(Problem("file_exists", "文件已存在", found=output.as_posix(), fix=fix))
    _write_template(output)
    say(
        f"已生成 {output.as_posix()}。在 Word 或 WPS 中修改后,用 workbench report 运行 --template {quoted(output)} 写出报告。"
    )


def _write_template(path: Path) -> None:
    from workbench.base.writing import write_file, writing
    from workbench.reports.document.template import ours

    with writing(path, "请检查文件夹和权限"):
        write_file(path, ours())
