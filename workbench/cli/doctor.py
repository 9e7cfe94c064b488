"""``workbench doctor``: whether this machine has what a run needs."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import typer

from workbench.base.errors import CheckFailed
from workbench.cli.console import print_json, say, table
from workbench.cli.library import JsonOption, WorkspaceOption, installed

KERNEL = "python3"
State = Literal["正常", "提示", "缺失"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. 缺失: runs cannot work without it; 提示: they can, less well."""

    name: str
    state: State
    text: str


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(help="检查本机环境:字体、内核、版本、可写文件夹、插件;缺少必需项时退出码为 4。")(doctor)


def doctor(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Look at the machine; exit with 4 when something essential is missing."""
    from workbench.runs.workspace import find_workspace

    folder = workspace or find_workspace()
    checks = [check for look in (_versions, _font, _kernel, _console, _bytecode) for check in _safely(look)]
    checks += [_writable("工作区", folder), _writable("临时文件夹", Path(tempfile.gettempdir())), *_plugins(folder)]
    passed = all(check.state != "缺失" for check in checks)
    if as_json:
        print_json({"passed": passed, "checks": [asdict(check) for check in checks]})
    else:
        say(table(("检查", "结果", "说明"), [(c.name, c.state, c.text) for c in checks]))
        say("\n环境可用。" if passed else "\n缺少必需项,请按上表说明处理。")
    if not passed:
        raise typer.Exit(CheckFailed.exit_code)


def _safely(look: Callable[[], Iterator[Check]]) -> list[Check]:
    """A look that fails is itself a finding: a damaged package must not stop the others from being looked at."""
    try:
        return list(look())
    except Exception as error:
        return [Check(look.__name__.strip("_"), "缺失", f"检查时出错:{type(error).__name__}: {error};请重新安装")]


def _versions() -> Iterator[Check]:
    from importlib.metadata import PackageNotFoundError, version

    from workbench.runs.versions import RECORDED

    yield Check("Python", "正常", f"{sys.version.split()[0]} {sys.executable}")
    for name in (*RECORDED, "jupyterlab", "ipywidgets"):
        try:
            yield Check(name, "正常", version(name))
        except PackageNotFoundError:
            yield Check(name, "缺失", "没有安装,请重新安装 workbench")


def _font() -> Iterator[Check]:
    from workbench.base.errors import WorkbenchError
    from workbench.reports.style import font_path

    try:
        yield Check("中文字体", "正常", str(font_path()))
    except WorkbenchError as error:
        yield Check("中文字体", "缺失", str(error.problems[0]))


def _kernel() -> Iterator[Check]:
    import shutil

    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(KERNEL)
    except NoSuchKernel:
        yield Check("笔记本内核", "缺失", f"没有内核 {KERNEL},请运行 python -m ipykernel install --sys-prefix")
        return
    program = spec.argv[0]
    if shutil.which(program) is None:
        yield Check("笔记本内核", "缺失", f"内核 {KERNEL} 指向不存在的 {program},请重新安装 ipykernel")
    else:
        yield Check("笔记本内核", "正常", f"{KERNEL}:{spec.resource_dir}")


def _console() -> Iterator[Check]:
    encoding = (getattr(sys.stdout, "encoding", None) or "未知").lower()
    if encoding.replace("-", "") in ("utf8", "gb18030"):
        yield Check("控制台编码", "正常", encoding)
    else:
        yield Check("控制台编码", "提示", f"{encoding};个别字符会显示为问号,设置环境变量 PYTHONUTF8=1 可避免")


def _bytecode() -> Iterator[Check]:
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        text = "已设置 PYTHONDONTWRITEBYTECODE,每次启动都要重新编译,命令和笔记本会明显变慢,建议取消"
        yield Check("编译缓存", "提示", text)
    else:
        yield Check("编译缓存", "正常", "已启用")


def _writable(name: str, folder: Path) -> Check:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Check(f"{name}可写", "正常", str(folder))
    except OSError as error:
        return Check(f"{name}可写", "缺失", f"{folder} 不可写({error.strerror}),请换一个文件夹")


def _plugins(workspace: Path) -> Iterator[Check]:
    from workbench.plugins.discovery import BUILTIN
    from workbench.scheme.library import NATIONAL

    plugins, library = installed(workspace)
    builtin = [i for i in plugins.infos if i.module == BUILTIN]
    if not builtin or builtin[0].problem is not None or NATIONAL not in library.policies:
        why = str(builtin[0].problem) if builtin and builtin[0].problem else "没有找到,请重新安装 workbench"
        yield Check("内置规则", "缺失", why)
    else:
        yield Check("内置规则", "正常", f"计分规则{len(plugins.kinds)}种,地区办法{len(library.policies)}份")
    broken = [i for i in plugins.infos if i.problem is not None and i.module != BUILTIN]
    for info in broken:
        yield Check(f"插件 {info.name}", "提示", str(info.problem))
    if not broken:
        yield Check("插件", "正常", f"共{len(plugins.infos)}个")
