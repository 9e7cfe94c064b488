"""A key's passphrase: from the terminal without showing it, or from the environment where nobody sits at one."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from workbench.base.errors import KeyFileError, Problem
from workbench.base.lines import width
from workbench.cli.console import say

if TYPE_CHECKING:
    from workbench.dossier.trust.keys import SigningKey

VARIABLE = "WORKBENCH_KEY_PASSPHRASE"
ATTEMPTS = 3
SHORT = 16
"""A passphrase narrower than this gets a word of warning; a Chinese character counts as two."""

Ask = Callable[[str], str]


def _asked(prompt: str) -> str:
    from getpass import getpass

    try:
        return getpass(prompt)
    except EOFError:
        raise typer.Abort from None


def _given() -> str | None:
    """The passphrase in the environment; None when it has to be typed. Raises KeyFileError when it cannot be."""
    found = os.environ.get(VARIABLE)
    if found is None and not sys.stdin.isatty():
        fix = f"请在终端中运行,或设置环境变量 {VARIABLE}"
        raise KeyFileError(Problem("passphrase_missing", "没有终端可以输入口令", fix=fix))
    return found


def new_passphrase(ask: Ask = _asked) -> str:
    """A passphrase for a new key, typed twice. Raises KeyFileError when it stays empty or the two differ."""
    found = _given()
    if found is None:
        found = _typed_twice(ask)
    if not found.strip():
        raise KeyFileError(Problem("passphrase_empty", "口令不能为空", fix="请用几个不相干的词"))
    if width(found) < SHORT:
        say("提示:口令较短,拿到密钥文件的人可以反复试;建议8个汉字或16个字母、数字以上。", error=True)
    return found


def _typed_twice(ask: Ask) -> str:
    for _ in range(ATTEMPTS):
        first = ask("口令(输入时不显示):")
        if not first.strip():
            say("口令不能为空。", error=True)
        elif ask("再输入一次:") == first:
            return first
        else:
            say("两次输入不同,请重新输入。", error=True)
    raise KeyFileError(Problem("passphrase_differs", "口令没有设成,密钥未生成", fix="请重新运行"))


def opened(file: Path, ask: Ask = _asked) -> SigningKey:
    """The key in a ``.key`` file; a mistyped passphrase may be typed again.

    Raises:
        KeyFileError: not a key file, wrong passphrase, or an algorithm no plugin here knows.
    """
    from workbench.dossier.trust.keys import algorithm_of
    from workbench.dossier.trust.lockbox import read_locked, unlocked
    from workbench.plugins.manager import load_plugins

    found, algorithms = read_locked(file), load_plugins().algorithms
    algorithm_of(found.public, algorithms, file)  # before anything is typed in vain
    given = _given()
    if given is not None:
        return unlocked(found, given, file, algorithms)
    wrong: KeyFileError
    for _ in range(ATTEMPTS):
        try:
            return unlocked(found, ask(f"{found.public.name}的密钥口令(输入时不显示):"), file, algorithms)
        except KeyFileError as error:
            wrong = error
            say("口令不对。", error=True)
    raise wrong
