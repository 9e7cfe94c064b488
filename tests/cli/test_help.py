"""Help is Chinese to the last word and comes at once."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from workbench.cli.app import application

ENGLISH = re.compile(
    r"\b(Usage|Options?|Arguments?|Commands?|Show this|message|exit|required|Try|Error|OPTIONS|ARGS|COMMAND)\b|\[default"
)
HEAVY = {"numpy", "pandas", "duckdb", "pydantic", "matplotlib", "rich", "jupyter_client", "yaml"}
LIMIT = 0.3
"""Seconds help may take longer than ``python -c pass``."""


def all_commands(command, path=()):
    yield path
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from all_commands(inner, (*path, name))


COMMANDS = list(all_commands(get_command(application())))


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: " ".join(path) or "workbench")
def test_every_help_page_is_chinese(cli, path):
    text = cli(*path, "--help", code=0).stdout
    assert text.startswith(f"用法:{' '.join(['workbench', *path])}")
    assert "显示本帮助并退出" in text
    assert not ENGLISH.search(text), ENGLISH.search(text)


def test_the_commands_of_this_product_are_there():
    names = {path[0] for path in COMMANDS if path}
    assert {"packs", "template", "schema", "doctor"} <= names
    assert {path[1] for path in COMMANDS if len(path) > 1} >= {"list", "show", "lint", "new"}


def test_without_arguments_help_is_shown_and_nothing_is_wrong(cli):
    assert cli(code=0).stdout.startswith("用法:workbench")


def test_short_help_option(cli):
    assert "命令:" in cli("-h", code=0).stdout


def test_version(cli):
    assert re.fullmatch(r"workbench \d+\.\d+\.\d+\n", cli("--version", code=0).stdout)


def test_commands_are_listed_in_the_order_of_an_evaluation(cli):
    text = cli("--help", code=0).stdout
    assert text.index("  template") < text.index("  packs") < text.index("  doctor")


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom workbench.cli import main\nsys.argv = ['workbench', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert done.stderr.strip() == "[]"
