"""Typer in Chinese: help pages and usage errors of every command, the parser's own words included.

Typer's own Chinese would need a gettext catalogue for the whole process; rendering the page here is shorter, aligns Chinese
text by its width on screen and does not import rich.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from workbench.base.lines import wrap
from workbench.cli.console import definitions
from workbench.cli.failure import guarded

ORDER = (
    *("new", "template", "run", "show", "review", "panel", "ledger", "report", "rectify"),
    *("seal", "keys", "sign", "verify", "rerun", "compare", "sample", "truth", "recheck"),
    *("lab", "packs", "schema", "doctor"),
)
"""Commands as help lists them: the way of one evaluation, its archive and 再评价 first. Others follow by name."""


def _page(command: Any, ctx: Any, formatter: Any) -> None:
    """Write the whole help page of a command or group."""
    columns = formatter.width
    lines = [f"用法:{ctx.command_path} {' '.join(_usage(command, ctx))}"]
    for text in (command.help, command.epilog):
        if text:
            lines += ["", *("  " + line for line in wrap(inspect.cleandoc(text), columns - 2))]
    parameters = [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]
    arguments = [(_argument_term(p), _explained(p)) for p in parameters if p.param_type_name == "argument"]
    options = [(_option_term(p), _explained(p)) for p in parameters if p.param_type_name == "option"]
    commands = [(name, _summary(c)) for name, c in _visible(command, ctx)]
    for title, rows in (("参数", arguments), ("选项", options), ("命令", commands)):
        if rows:
            lines += ["", f"{title}:", *definitions(rows, columns)]
    formatter.write("\n".join(lines) + "\n")


def _usage(command: Any, ctx: Any) -> list[str]:
    pieces = ["[选项]"]
    for parameter in command.get_params(ctx):
        if parameter.param_type_name == "argument":
            name = _argument_term(parameter) + ("..." if parameter.nargs != 1 else "")
            pieces.append(name if parameter.required else f"[{name}]")
    return [*pieces, "命令 [参数]..."] if isinstance(command, TyperGroup) else pieces


def _visible(command: Any, ctx: Any) -> list[tuple[str, Any]]:
    if not isinstance(command, TyperGroup):
        return []
    listed = ((name, command.get_command(ctx, name)) for name in command.list_commands(ctx))
    return [(name, c) for name, c in listed if c is not None and not c.hidden]


def _summary(command: Any) -> str:
    text = command.short_help or command.help or ""
    return inspect.cleandoc(text).partition("\n")[0]


def _argument_term(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name)


def _option_term(parameter: Any) -> str:
    names = ", ".join(sorted([*parameter.opts, *parameter.secondary_opts], key=len))
    if parameter.is_flag or parameter.name == "help":
        return names
    return f"{names} {parameter.metavar or '取值'}"


def _explained(parameter: Any) -> str:
    """The parameter's help with 必填 or its default."""
    if parameter.name == "help":
        return "显示本帮助并退出"
    notes = []
    if parameter.required:
        notes.append("必填")
    elif parameter.show_default and parameter.default not in (None, False) and not callable(parameter.default):
        notes.append(f"默认:{parameter.default}")
    return " ".join([parameter.help or "", *(f"[{note}]" for note in notes)]).strip()


class Command(TyperCommand):
    """A command whose help is Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the Chinese help page."""
        _page(self, ctx, formatter)


class Group(TyperGroup):
    """A group of commands whose help is Chinese; as the root it turns every error into a sentence and an exit code."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the Chinese help page."""
        _page(self, ctx, formatter)

    def list_commands(self, ctx: Any) -> list[str]:
        """The root's commands in the order of :data:`ORDER`; a subgroup's as they were registered."""
        if ctx.parent is not None:
            return list(self.commands)
        return sorted(self.commands, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command line; in standalone mode leave the process with its exit code."""
        run: Callable[..., Any] = super().main
        given = sys.argv[1:] if args is None else list(args)
        extra |= {"complete_var": complete_var, "windows_expand_args": windows_expand_args}
        if not standalone_mode:
            return run(args, prog_name, standalone_mode=False, **extra)
        sys.exit(guarded(lambda: run(args, prog_name, standalone_mode=False, **extra), as_json="--json" in given))


class App(typer.Typer):
    """A Typer whose groups and commands are Chinese without being told so one by one."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "cls": Group,
            "add_completion": False,
            "rich_markup_mode": None,
            "suggest_commands": False,
            "pretty_exceptions_enable": False,
        }
        super().__init__(**(defaults | kwargs))

    def command(self, name: str | None = None, **kwargs: Any) -> Callable[..., Any]:
        """Register a command; see :meth:`typer.Typer.command`."""
        return super().command(name, **({"cls": Command} | kwargs))
