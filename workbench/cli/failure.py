"""How a command ends: every error becomes a Chinese sentence and an exit code, never a traceback.

0 done; 1 internal error; 2 invalid input; 3 a notebook failed; 4 the check ran and the answer is no; 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from workbench.base.errors import Problem, WorkbenchError
from workbench.base.text import suggest
from workbench.cli.console import print_json, say

if TYPE_CHECKING:
    from pathlib import Path

INTERNAL, INTERRUPTED = 1, 130
DEBUG = "WORKBENCH_DEBUG"

_SURROGATE = re.compile("[\ud800-\udfff]")
"""What Python puts in place of bytes that are no text."""
_AROUND = 30
_WINDOWS_TOO_LONG = 206
_MISSING_WORDS = {"argument": "参数", "option": "选项", "parameter": "参数"}
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"No such command '(.*?)'\.", "没有“{0}”这个命令"),
    (r"Missing command\.", "没有写明命令"),
    (r"No such option: (.*)", "没有“{0}”这个选项"),
    (r"Got unexpected extra argument\(s\) \((.*)\)", "多余的参数:{0}"),
    (r"Option '(.*)' requires an argument\.", "选项“{0}”后面缺少取值"),
    (r"Option '(.*)' requires (\d+) arguments\.", "选项“{0}”后面须有 {1} 个取值"),
    (r"Option '(.*)' does not take a value\.", "选项“{0}”不带取值"),
    (r"Argument '(.*)' takes (\d+) values\.", "参数“{0}”须有 {1} 个取值"),
    (r"(?:Value error, )?'(.*?)' is not one of (.*)\.", "“{0}”不在允许范围内;可用的有:{1}"),
    (r"(?:Value error, )?(?:File|Directory|Path) '(.*)' does not exist\.", "找不到“{0}”"),
    (r"(?:Value error, )?(?:File|Directory|Path) '(.*)' is a directory\.", "“{0}”是文件夹,这里要一个文件"),
    (r"(?:Value error, )?(?:File|Directory|Path) '(.*)' is a file\.", "“{0}”是文件,这里要一个文件夹"),
    (r"(?:Value error, )?(?:File|Directory|Path) '(.*)' is not readable\.", "“{0}”不可读"),
    (r"(?:Value error, )?(?:File|Directory|Path) '(.*)' is not writable\.", "“{0}”不可写"),
    (r"Input should be a valid (?:integer|number).*", "须为数字"),
    (r"Input should be greater than or equal to (.*)", "须不小于 {0}"),
    (r"Input should be less than or equal to (.*)", "须不大于 {0}"),
)


class UsageError(WorkbenchError):
    """The command line was not understood."""

    heading = "命令用法有误"


class UnusableName(WorkbenchError):
    """A file or folder has a name that the system does not take, or that is no text."""

    heading = "名称不能用"


def guarded(action: Callable[[], Any], *, as_json: bool = False) -> int:
    """Run ``action`` and return the exit code; what it raises is printed, on standard output when ``as_json``."""
    try:
        code = action()
    except WorkbenchError as error:
        return _report(error, as_json)
    except typer.TyperException as error:
        return _usage(error, as_json)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except Exception as error:
        problem = _unusable(error)
        return _internal(error, as_json) if problem is None else _report(UnusableName(problem), as_json)
    if code == INTERRUPTED:
        say("已中断。", error=True)
    return code if isinstance(code, int) else 0


def _report(error: WorkbenchError, as_json: bool) -> int:
    if as_json:
        problems = [problem.as_dict() for problem in error.problems]
        print_json({"error": error.heading, "exit_code": error.exit_code, "problems": problems})
    else:
        say(error.render(), error=True)
    return error.exit_code


def refuse_no_text(arguments: Sequence[str]) -> None:
    """Raises UnusableName for arguments whose bytes are no text: no message and no file of ours could name them."""
    problems = [_no_text(a) for a in arguments if _SURROGATE.search(a)]
    if problems:
        raise UnusableName(problems)


def _no_text(name: str) -> Problem:
    shown = _SURROGATE.sub("?", name)
    return Problem("name_no_text", "名称不是有效的 UTF-8 文字", found=shown, fix="请给文件或文件夹改名后再运行")


def _unusable(error: Exception) -> Problem | None:
    """A name at fault in what the system or an encoder refused, wherever that was; None for any other error."""
    if isinstance(error, UnicodeEncodeError) and _SURROGATE.search(error.object[error.start : error.end]):
        around = error.object[max(0, error.start - _AROUND) : error.end + _AROUND]
        return _no_text(around)
    if isinstance(error, OSError) and (error.errno == errno.ENAMETOOLONG or _winerror(error) == _WINDOWS_TOO_LONG):
        fix = "请改短:一级文件夹或文件的名称不超过255字节,约85个汉字"
        named = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else None
        return Problem("name_too_long", "文件或文件夹的名称太长,系统不接受", found=named, fix=fix)
    return None


def _winerror(error: OSError) -> int | None:
    return getattr(error, "winerror", None)


def _usage(error: typer.TyperException, as_json: bool) -> int:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        say(error.message)
        return 0
    code = _report(UsageError(Problem("usage", _sentence(error), fix=_hint(error, context) or None)), as_json)
    if not as_json:
        say(f"查看用法:{context.command_path if context is not None else 'workbench'} --help", error=True)
    return code


def _sentence(error: typer.TyperException) -> str:
    """The command line parser's English message in Chinese."""
    parameter = getattr(error, "param", None)
    name = _name(parameter) if parameter is not None else ""
    if type(error).__name__ == "MissingParameter":
        return f"缺少{_MISSING_WORDS[getattr(parameter, 'param_type_name', 'parameter')]}“{name}”"
    for pattern, sentence in _SENTENCES:
        match = re.match(pattern, error.message, re.DOTALL)
        if match:
            text = sentence.format(*match.groups())
            return f"{name}:{text}" if name else text
    return f"{name} 的取值不对:{error.message}" if name else error.message


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "option":
        return str(max(parameter.opts, key=len))
    return str(parameter.metavar or parameter.name)


def _hint(error: typer.TyperException, context: Any) -> str:
    """The nearest command or option, as a question."""
    if context is None:
        return ""
    option = getattr(error, "option_name", None)
    if option is not None and type(error).__name__ == "NoSuchOption":
        return suggest(option, [o for p in context.command.get_params(context) for o in p.opts if o.startswith("--")])
    match = re.match(r"No such command '(.*?)'", error.message)
    takes_dossier = any(parameter.name == "dossier" for parameter in context.command.params)
    if takes_dossier and "unexpected extra argument" in error.message:
        return "文件名中有空格的,请加引号;用 * 代表多个文件的,请写明一个,一次一份"
    return suggest(match[1], context.command.list_commands(context)) if match else ""


def _internal(error: Exception, as_json: bool) -> int:
    problem = internal_problem(error)
    if as_json:
        print_json({"error": "程序内部出错", "exit_code": INTERNAL, "problems": [problem.as_dict()]})
    else:
        say(str(problem), error=True)
    return INTERNAL


def internal_problem(error: Exception) -> Problem:
    """What is told of an error of ours; its traceback is kept in a file that the text names."""
    import traceback

    text = "".join(traceback.format_exception(error))
    if os.environ.get(DEBUG, "") not in ("", "0"):
        say(text, error=True)
    path = _write_log(text)
    message = f"程序内部出错({type(error).__name__}),本次操作没有完成"
    fix = (
        f"详细记录已写入 {path},请连同该文件反馈给维护人员" if path else f"设置环境变量 {DEBUG}=1 后重试可查看详细记录"
    )
    return Problem("internal", message, fix=fix)


def _write_log(text: str) -> Path | None:
    """Keep a traceback in the workspace's ``runs/log``, else in the platform's temp folder; None when neither works."""
    from datetime import datetime
    from pathlib import Path

    now = datetime.now().astimezone()
    name = f"workbench-{now:%Y%m%d-%H%M%S}-{os.getpid()}.log"
    runs = Path.cwd() / "runs"
    folders = [runs / "log"] if runs.is_dir() else []
    for folder in [*folders, Path(tempfile.gettempdir()) / "workbench-log"]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(f"{now.isoformat()}\n{sys.argv}\n{sys.version}\n\n{text}", encoding="utf-8")
        except OSError:
            continue
        return path
    return None
