"""Tiny distributions for the tests of the plugin manager: a module and a ``*.dist-info`` folder on ``sys.path``."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

PRELUDE = """
from workbench.base.models import Model
from workbench.plugins.specs import hookimpl
from workbench.scoring.kinds import RuleKind, empty_points

class Params(Model):
    pass

def kind(name, **changes):
    fields = dict(name=name, version="1.0.0", title="示例", summary="示例", params=Params,
                  branches={"unscored": "未评分"}, score=lambda inputs, params: empty_points(len(inputs)),
                  explain=lambda case, params: "")
    return RuleKind(**(fields | changes))
"""


@dataclass
class Site:
    """A folder on ``sys.path`` in which distributions can be installed."""

    folder: Path
    prelude: str = PRELUDE
    """Start of a plugin's source: ``kind(name, **changes)`` makes a rule kind."""

    def install(self, distribution: str, source: str, *, entry: str | None = None, version: str = "1.2.3") -> str:
        """Install a package with one module and an entry point to it; the package's name."""
        module = distribution.replace("-", "_")
        package = self.folder / module
        package.mkdir()
        (package / "__init__.py").write_text(textwrap.dedent(source), encoding="utf-8")
        info = self.folder / f"{module}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[workbench]\n{distribution} = {entry or module}\n")
        return module

    def write(self, name: str, text: str = "") -> Path:
        """Write a further file below the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path


@pytest.fixture
def site(tmp_path, monkeypatch):
    """An empty folder in front of ``sys.path``; modules imported from it are forgotten afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield Site(folder)
    for name in set(sys.modules) - before:
        origin = getattr(sys.modules[name], "__file__", None)
        if origin is not None and Path(origin).is_relative_to(tmp_path):
            del sys.modules[name]
