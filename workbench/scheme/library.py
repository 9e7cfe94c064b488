"""Library: finds and loads packs, rulesets and policies in data folders, without importing any of their code.

A data folder holds ``pack.yaml`` itself or ``packs/<name>/pack.yaml``, ``rulesets/<id>.yaml`` and ``policies/<id>.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from workbench.base.canon import digest
from workbench.base.errors import PackError, PlanError, PolicyError, Problem, RulesetError, WorkbenchError
from workbench.base.models import M, validated
from workbench.base.text import suggest
from workbench.base.yamlio import YamlDocument, read_yaml
from workbench.scheme.pack import API_VERSION, Pack
from workbench.scheme.policy import Policy
from workbench.scheme.ruleset import Ruleset
from workbench.scheme.shared import expanded

NATIONAL = "national-default"
DISTRIBUTION_PREFIX = "workbench-pack-"
"""How distributions of packs are called by convention; a user may leave it out."""

PEEKED = 4096
"""Characters of a pack file in which its id is looked for first."""
_GAP = r"(?:[ ]*(?:#[^\n]*)?\n)*"
_ID_FIRST = re.compile(rf"{_GAP}pack:[ ]*(?:#[^\n]*)?\n{_GAP}[ ]+id:[ ]+([a-z][a-z0-9._-]*)[ ]*(?:#[^\n]*)?\n")


class DataFolder(Protocol):
    """A folder of declared data and the distribution it came with, as the plugin manager hands it in."""

    @property
    def path(self) -> Path: ...

    @property
    def distribution(self) -> str: ...

    @property
    def version(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One declared file: its path, where it came from, its digest."""

    id: str
    path: Path
    folder: DataFolder

    @property
    def digest(self) -> str:
        """See :func:`declared_digest`."""
        return declared_digest(self.path)


@dataclass
class Library:
    """What is installed, by id; files are read only when asked for."""

    packs: dict[str, Entry] = field(default_factory=dict)
    rulesets: dict[str, Entry] = field(default_factory=dict)
    policies: dict[str, Entry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, folders: Iterable[DataFolder]) -> Library:
        """Index the folders. An id that appears twice is kept once and reported in ``problems``."""
        library = cls()
        for folder in folders:
            for path in sorted([*folder.path.glob("pack.yaml"), *folder.path.glob("packs/*/pack.yaml")]):
                library._add(library.packs, _pack_id(path), path, folder)
            for path in sorted(folder.path.glob("rulesets/*.yaml")):
                library._add(library.rulesets, path.stem, path, folder)
            for path in sorted(folder.path.glob("policies/*.yaml")):
                library._add(library.policies, path.stem, path, folder)
        return library

    def _add(self, shelf: dict[str, Entry], name: str, path: Path, folder: DataFolder) -> None:
        if name in shelf:
            if shelf[name].path.resolve() == path.resolve():
                return  # an installed pack whose folder is the workspace at the same time
            message = f"“{name}”重复安装:{shelf[name].folder.distribution} 与 {folder.distribution},已采用前者"
            self.problems.append(Problem("duplicate_id", message, severity="warning"))
            return
        shelf[name] = Entry(name, path, folder)

    def pack(self, name: str) -> Pack:
        """The pack called ``name``. Raises PlanError when unknown, PackError when invalid."""
        return load_pack(self._entry(self.packs, name, "指标包").path)

    def ruleset(self, name: str) -> Ruleset:
        """The ruleset called ``name``. Raises PlanError when unknown, RulesetError when invalid."""
        return load_ruleset(self._entry(self.rulesets, name, "计分规则集").path)

    def policy(self, name: str) -> Policy:
        """The policy called ``name``. Raises PlanError when unknown, PolicyError when invalid."""
        return _load(Policy, self._entry(self.policies, name, "地区办法").path, "policy", PolicyError)

    def packs_of(self, plugin: str) -> list[Path]:
        """The ``pack.yaml`` files of a plugin named as its distribution, with or without ``workbench-pack-``."""
        names = {plugin, DISTRIBUTION_PREFIX + plugin}
        return [e.path for e in self.packs.values() if e.folder.distribution in names]

    def _entry(self, shelf: dict[str, Entry], name: str, noun: str) -> Entry:
        if name not in shelf:
            inside = self.packs_of(name) if shelf is self.packs else []
            if inside:
                raise PlanError(several_packs(name, inside))
            fix = suggest(name, shelf)
            raise PlanError(Problem("not_installed", f"没有安装名为“{name}”的{noun}", found=name, fix=fix))
        return shelf[name]


def several_packs(plugin: str, paths: Sequence[Path]) -> Problem:
    """A plugin was named where one of its packs is wanted."""
    choice = "、".join(f"{pack}({title})" for pack, title in described(paths))
    message = f"“{plugin}”不是指标包编号,而是含有{len(paths)}个指标包的插件;请写明其中一个的编号"
    return Problem("several_packs", message, found=plugin, expected=choice)


def described(paths: Iterable[Path]) -> list[tuple[str, str]]:
    """Id and title of each pack; the folder's name and a remark where the file cannot be read."""
    rows = []
    for path in paths:
        try:
            pack = load_pack(path)
            rows.append((pack.id, pack.title))
        except WorkbenchError:
            rows.append((_pack_id(path), "无法读取"))
    return rows


def declared_digest(path: Path) -> str:
    """SHA-256 of a declared file with line ends as LF, so that a checkout on Windows has the same digest."""
    return digest(path.read_bytes().replace(b"\r\n", b"\n"))


def _pack_id(path: Path) -> str:
    """The id a pack file declares; the folder's name when the file cannot be read (lint will say why).

    Where it is the pack's first key, the rest of the file is not parsed: one pack of all that are installed is wanted.
    """
    try:
        with path.open(encoding="utf-8-sig") as stream:
            begins = _ID_FIRST.match(stream.read(PEEKED))
    except (OSError, UnicodeDecodeError):
        begins = None
    if begins is not None:
        return begins[1]
    try:
        data = read_yaml(path).data
        return str(data["pack"]["id"])
    except (WorkbenchError, KeyError, TypeError):
        return path.parent.name


def single_key(document: YamlDocument, key: str, raising: type[WorkbenchError]) -> Any:
    """The content under the file's one top-level key."""
    data = document.data
    if not isinstance(data, dict) or list(data) != [key]:
        found = "、".join(data) if isinstance(data, dict) else type(data).__name__
        problem = Problem("top_level", f"文件顶层须只有“{key}:”一个键", found=found).at(file=document.file)
        raise raising(problem)
    return data[key]


def load_ruleset(path: Path) -> Ruleset:
    """Read and validate one ruleset file, installed or not. Raises RulesetError."""
    return _load(Ruleset, path, "ruleset", RulesetError)


def load_policy(path: Path) -> Policy:
    """Read and validate one policy file, installed or not. Raises PolicyError."""
    return _load(Policy, path, "policy", PolicyError)


def _load(model: type[M], path: Path, key: str, raising: type[WorkbenchError]) -> M:
    document = read_yaml(path)
    return validated(model, single_key(document, key, raising), document, raising, key)


def load_pack(path: Path) -> Pack:
    """Read and validate one ``pack.yaml``, its short declarations written out (see :mod:`workbench.scheme.shared`).

    Raises:
        PackError: it is invalid or made for another ``api_version``.
    """
    return _pack(read_yaml(path))


@lru_cache(maxsize=64)
def _pack(document: YamlDocument) -> Pack:
    """Equal bytes are one document in a process, and so one pack."""
    data = single_key(document, "pack", PackError)
    declared = data.get("api_version") if isinstance(data, dict) else None
    if isinstance(declared, int) and declared != API_VERSION:
        newer = declared > API_VERSION
        fix = "请升级 workbench" if newer else "请让指标包作者升级指标包"
        problem = Problem(
            "api_version", "指标包的接口版本不受支持", found=str(declared), expected=str(API_VERSION), fix=fix
        )
        raise PackError(problem.at(file=document.file, key="pack.api_version"))
    pack = validated(Pack, data, document, PackError, "pack")
    try:
        return expanded(pack)
    except PackError as error:
        raise PackError(
            p.at(file=document.file, line=document.line(p.place.key or "pack")) for p in error.problems
        ) from None
