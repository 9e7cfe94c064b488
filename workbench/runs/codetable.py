"""``scheme/code.json``: the foreign code a run rests on (a plugin's derivations and rule kinds), and all it answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from workbench.base.errors import CheckFailed, Place, Problem
from workbench.base.models import Model
from workbench.plugins.manager import PluginInfo

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
What = Literal["derivation", "kind"]
Function = Literal["context", "judged", "describe"]


class CodeRef(Model):
    """Foreign code a result rests on: a plugin's derivation or rule kind. ``code`` is the SHA-256 over its sources."""

    what: What
    name: str
    version: str
    distribution: str
    code: Sha256


class KindForm(Model):
    """What a rule kind says of itself without calculating: enough to freeze a scheme and to name its branches.

    ``branches``: name and meaning, in the order that gives them their codes. ``functions``: which of its optional functions it
    has. ``params``: digest of parameters as written → digest of what its code read from them (defaults filled in), by which its
    answers are found.
    """

    title: str
    summary: str
    branches: Annotated[list[tuple[str, str]], Field(min_length=1)]
    needs: list[str]
    sources: list[str]
    functions: list[Function]
    params: dict[str, Sha256]


class CodeTable(Model):
    """``code.json``. ``kinds``: form of each rule kind in ``code``; ``calls``: digest of a question → its answer, packed."""

    code: list[CodeRef]
    kinds: dict[str, KindForm]
    calls: dict[str, Any]


def read_table(path: Path) -> CodeTable | None:
    """The table in a file, None where there is no file. Raises CheckFailed when it is not one."""
    try:
        return CodeTable.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        fix = "请重新取得完整的评价档案"
        raise CheckFailed(Problem("bad_code_table", "封存的计算结果不符合格式", Place(path.name), fix=fix)) from None


def code_digest(plugins: Sequence[PluginInfo], distribution: str) -> str:
    """SHA-256 over a distribution's plugin code: relative path and LF-normalised bytes of every .py file, sorted."""
    running = sha256(b"workbench-code-1\n")
    for name, path in sorted(_sources(p for p in plugins if p.distribution == distribution)):
        data = path.read_bytes().replace(b"\r\n", b"\n")
        running.update(f"{name}\n{len(data)}\n".encode() + data)
    return running.hexdigest()


def _sources(plugins: Iterable[PluginInfo]) -> set[tuple[str, Path]]:
    """Path from the plugin's top package, and where it is, of every source file; of a lone module that file alone."""
    found = set()
    for plugin in plugins:
        if plugin.source is None or plugin.folder is None:
            continue
        top = _top(plugin, plugin.source)
        files = [plugin.source] if top is None else top.rglob("*.py")
        base = plugin.source.parent if top is None else top
        found |= {(path.relative_to(base).as_posix(), path) for path in files}
    return found


def _top(plugin: PluginInfo, source: Path) -> Path | None:
    """The folder all of a plugin's code lies in; None for a module that is a single file."""
    above = plugin.module.count(".")
    if plugin.module == source.name:  # a workspace's plugin.py
        return source.parent
    if source.name == "__init__.py":
        return source.parents[above]
    return source.parents[above - 1] if above else None
