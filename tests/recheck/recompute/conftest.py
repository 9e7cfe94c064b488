"""The rulesets these tests recompute under."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library, load_ruleset
from workbench.scheme.ruleset import Ruleset

LOCAL = """\
ruleset:
  id: local-steps
  version: 1.0.0
  title: 某县自评计分办法(示例)
  document: {document: 某县项目支出绩效自评计分办法}
  points_decimals: 1
  classes:
    quantitative:
      kind: banded
      params:
        bands:
          - {at: 100, share: 100}
          - {at: 80, share: 60}
    execution_rate:
      kind: banded
      params:
        bands:
          - {at: 95, share: 100}
          - {at: 80, share: 50}
    qualitative:
      kind: qualitative
      params:
        bands:
          - {title: 好, at: 80}
          - {title: 较好, at: 50}
          - {title: 差, at: 0}
    deadline:
      kind: deadline
      params: {late: zero}
  late_evidence: {title: 逾期不得分}
  not_applicable_share: 20
"""


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.of(load_plugins(code=False).folders)


@pytest.fixture(scope="session")
def rules10(library: Library) -> Ruleset:
    return library.ruleset("caiyu-2020-10")


@pytest.fixture(scope="session")
def rules101(library: Library) -> Ruleset:
    return library.ruleset("caiyu-2021-101")


@pytest.fixture(scope="session")
def local_rules(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    path: Path = tmp_path_factory.mktemp("local") / "local.yaml"
    path.write_text(LOCAL, encoding="utf-8")
    return load_ruleset(path)
