"""What a re-check is given: the files with forms, and the rules by which they are re-checked."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.base.errors import FileError, Place, Problem, RulesetError, WorkbenchError
from workbench.base.text import reason, suggest
from workbench.scheme.library import Library, load_policy, load_ruleset
from workbench.scheme.policy import Policy
from workbench.scheme.ruleset import Ruleset

STATE = ".recheck"
"""The folder in which a re-check keeps what it has read; whatever lies beside one was written by us."""
SUFFIXES = frozenset(
    {
        *(".xlsx", ".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".xlt", ".et", ".ett", ".ods"),
        *(".docx", ".doc", ".docm", ".dotx", ".wps", ".wpt", ".rtf", ".pdf"),
    }
)
"""What may hold a form or is refused by name; other files of a folder are only counted."""
_NUMBER = re.compile(r"\d+号")
_PLACE_AND_YEAR = re.compile(r"(?P<place>[一-鿿]+?)\s*(?P<year>\d{4})?年?")


@dataclass(frozen=True, slots=True)
class Source:
    """One file: where it is, and what it is called in everything that is written (with forward slashes)."""

    path: Path
    name: str


@dataclass(frozen=True)
class Gathered:
    """The files to read, in the order of their names.

    Attributes:
        root: the folder their names start from.
        others: files of the given folders that are no tables and no documents.
        closed: folders within them that could not be looked into.
    """

    root: Path
    sources: tuple[Source, ...]
    others: tuple[str, ...] = ()
    closed: tuple[Problem, ...] = ()


def gather(given: Sequence[Path], without: Iterable[Path] = ()) -> Gathered:
    """The files named and those in the folders named, each once; temporary, hidden and our own files are left out.

    Args:
        without: files that are no forms whatever their suffix: the list of projects, the approved goals.

    Raises:
        FileError: something named is not there, or nothing is to be read.
    """
    missing = [path for path in given if not os.path.lexists(path)]
    if missing:
        fix = "请检查路径;名称中有空格的请加引号"
        raise FileError(
            Problem("file_missing", "找不到这个文件或文件夹", Place(p.as_posix()), fix=fix) for p in missing
        )
    root = root_of(given)
    left = {path.resolve() for path in without}
    found: dict[Path, Path] = {}
    others: list[str] = []
    closed: list[Problem] = []
    for path in given:
        for file in _walked(path, closed) if path.is_dir() else [path]:
            place = absolute(file)
            if path.is_dir() and file.suffix.lower() not in SUFFIXES:
                others.append(_named(place, root))
            elif place.resolve() not in left:
                found.setdefault(place, place)
    sources = sorted((Source(path, _named(path, root)) for path in found), key=lambda source: source.name)
    if not sources:
        kinds = "Excel、Word 或 PDF"
        where, fix = Place("、".join(path.as_posix() for path in given)), "请给出放自评表的文件夹或文件"
        raise FileError(Problem("no_files", f"没有可读的自评表文件({kinds})", where, fix=fix))
    return Gathered(root, tuple(sources), tuple(sorted(others)), tuple(closed))


def root_of(given: Sequence[Path]) -> Path:
    """The deepest folder that holds everything; that of the first where there is none (drives of Windows)."""
    folders = [path if path.is_dir() else path.parent for path in map(absolute, given)]
    try:
        return Path(os.path.commonpath(folders))
    except ValueError:
        return folders[0]


def absolute(path: Path) -> Path:
    """Without resolving links: a file is called what its folder calls it."""
    return Path(os.path.normpath(Path.cwd() / path))


def _named(path: Path, root: Path) -> str:
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _walked(folder: Path, closed: list[Problem]) -> Iterator[Path]:
    """The files below a folder that somebody put there. Links to folders are not followed: they may lead in a circle."""

    def told(error: OSError) -> None:
        where = Place(Path(error.filename).as_posix())
        closed.append(Problem("not_readable", f"文件夹打不开({reason(error)})", where, fix="请检查文件夹的权限"))

    for place, folders, files in os.walk(folder, onerror=told):
        ours = STATE in folders
        for name in sorted(folders) if not ours else ():
            link = Path(place, name)
            if link.is_symlink() and not name.startswith("."):
                text, fix = "这是指向别处文件夹的链接,没有进去读", "要复核里面的表,请直接给出那个文件夹"
                closed.append(Problem("linked", text, Place(link.as_posix()), fix=fix, severity="warning"))
        folders[:] = [] if ours else sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(files) if not ours and not name.startswith((".", "~$")))


def ruleset_named(name: str, library: Library) -> Ruleset:
    """A ruleset by the number of its document (10号), by its id, or as a file of its own.

    Raises:
        RulesetError: there is none, or several, or the file does not hold together.
    """
    if name in library.rulesets:
        return library.ruleset(name)
    if is_file_name(name):
        return load_ruleset(Path(name))
    known = [library.ruleset(entry) for entry in library.rulesets]
    numbered = [rules for rules in known if _NUMBER.fullmatch(name) and _number(rules).endswith(f"〕{name}")]
    if len(numbered) == 1:
        return numbered[0]
    short = [_number(rules).rpartition("〕")[2] for rules in known]
    message = f"有{len(numbered)}个规则集出自{name}文,请写编号" if numbered else "没有这个计分规则集"
    choice = "、".join([*filter(None, dict.fromkeys(short)), *library.rulesets, "或一个 .yaml 文件"])
    fix = suggest(name, [*short, *library.rulesets]) or "用 workbench packs 可查看已安装的规则集"
    raise RulesetError(Problem("no_ruleset", message, found=name, expected=choice, fix=fix))


def policy_named(name: str, library: Library) -> Policy:
    """A local policy by its id, by place and year (宜宾2018), or as a file of its own.

    Raises:
        WorkbenchError: there is none, or several; PolicyError: the file does not hold together.
    """
    if is_file_name(name):
        return load_policy(Path(name))
    if name in library.policies:
        return library.policy(name)
    known = [library.policy(entry) for entry in library.policies]
    words = _PLACE_AND_YEAR.fullmatch(name)
    meant = [policy for policy in known if words and _means(words, policy)]
    if len(meant) == 1:
        return meant[0]
    message = f"“{name}”可以是{len(meant)}个地区办法,请写编号" if meant else f"没有安装名为“{name}”的地区办法"
    choice = "、".join(f"{policy.id}({policy.title})" for policy in meant) or None
    fix = suggest(name, library.policies) or "请写已安装的编号,或自己的 .yaml 文件"
    raise WorkbenchError(Problem("not_installed", message, found=name, expected=choice, fix=fix))


def _means(words: re.Match[str], policy: Policy) -> bool:
    return policy.title.startswith(words["place"]) and (words["year"] or "") in policy.id


def is_file_name(name: str) -> bool:
    """Whether a ruleset or policy is named by its file."""
    return Path(name).suffix.lower() in (".yaml", ".yml")


def _number(rules: Ruleset) -> str:
    return rules.document.number or ""
