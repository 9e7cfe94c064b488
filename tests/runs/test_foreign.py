"""Foreign code is recorded, and its answers stand for it where it is not installed.

The kind gives half the value as points, at most the weight; the derivation adds 1 to the value a: a = 30 → 31, and with weight
100 the points are 15.50.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.errors import CheckFailed, NotRecorded
from workbench.base.exact import Exact
from workbench.plugins.manager import load_plugins
from workbench.runs.bulk import score
from workbench.runs.codetable import code_digest
from workbench.runs.evaluation import Evaluation
from workbench.runs.exchange import Fingerprints, packed, unpacked
from workbench.runs.foreign import Recorded
from workbench.runs.opening import open_plan
from workbench.runs.sealed import load_sources, parts_of_run, restore
from workbench.runs.store import StoredRun, result_bytes
from workbench.scoring.kinds import Inputs

PLUGIN = """
from decimal import Decimal

import numpy as np

from workbench.base.models import DecimalText, Model
from workbench.plugins.specs import hookimpl
from workbench.scoring.derivations import Derivation
from workbench.scoring.kinds import Points, RuleKind

API_VERSION = 1


class Params(Model):
    share: DecimalText = Decimal("0.5")


def score(inputs, params):
    units = (inputs.value.units * 10 ** (inputs.decimals - inputs.value.decimals) * params.share).astype(np.int64)
    n = len(inputs)
    return Points(np.minimum(units, inputs.weight), np.ones(n, dtype=np.int8), np.ones(n, dtype=bool))


def context(inputs, params, row):
    return {"half": inputs.value.number(row) * params.share}


def one_more(tables, subjects, params):
    data = dict(zip(tables["data"].texts("subject"), range(len(subjects))))
    values = [tables["data"].value(data[s], "a") for s in subjects]
    return {"b": [v + 1 for v in values], "note": ["已加一"] * len(subjects)}


@hookimpl
def workbench_rule_kinds():
    return [RuleKind(
        name="halved", version="1.0.0", title="折半", summary="按完成值的一半计分", params=Params,
        branches={"unscored": "未评分", "half": "折半"}, score=score, context=context,
        explain=lambda case, params: f"{case.name}{case.shown_value}的一半是{case.extra['half']},{case.verb}",
        judged=lambda params: True, describe=lambda terms, params: f"按{params.share}计",
    )]


@hookimpl
def workbench_derivations():
    return [Derivation("one-more", "1.0.0", one_more, "")]
"""
PACK = {
    "id": "foreign",
    "version": "1.0.0",
    "api_version": 1,
    "title": "外来程序示例",
    "object": "示例",
    "basis": [],
    "ruleset": "caiyu-2020-10",
    "tables": [
        {
            "name": "data",
            "title": "基础数据",
            "per": "subject",
            "fields": [{"name": "a", "title": "甲", "type": "number", "decimals": 2}],
        }
    ],
    "derived": [
        {
            "name": "more",
            "title": "加一",
            "python": "one-more",
            "columns": [
                {"name": "b", "title": "乙", "type": "number"},
                {"name": "note", "title": "说明", "type": "text"},
            ],
        }
    ],
    "indicators": [
        {"code": "A", "level1": "产出", "name": "加一数", "weight": 100, "value": "more.b", "rule": {"kind": "halved"}}
    ],
}
PLAN = {
    "evaluation": "foreign",
    "title": "外来程序示例",
    "pack": "foreign",
    "ruleset": "caiyu-2020-10",
    "policy": "national-default",
    "period": "2024",
    "stage": "自评",
    "as_of": "2025-03-31",
    "evidence": "params/data",
}


class Site:
    """A workspace, and a folder in which the plugin can be installed and changed."""

    def __init__(self, root: Path) -> None:
        self.root, self.site = root / "work", root / "site"
        self.module = self.site / "wb_foreign" / "__init__.py"
        folder = self.site / "wb_foreign-1.2.3.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: wb-foreign\nVersion: 1.2.3\n")
        (folder / "entry_points.txt").write_text("[workbench]\nforeign = wb_foreign\n")
        self.module.parent.mkdir()
        self.install(PLUGIN)
        data = self.root / "params" / "data"
        data.mkdir(parents=True)
        pack = self.root / "packs" / "foreign" / "pack.yaml"
        pack.parent.mkdir(parents=True)
        pack.write_text(yaml.safe_dump({"pack": PACK}, allow_unicode=True), "utf-8")
        (self.root / "params" / "plan.yaml").write_text(yaml.safe_dump({"plan": PLAN}, allow_unicode=True), "utf-8")
        (data / "评价对象.csv").write_text("对象编号,对象名称\nS1,第一小学\n", "utf-8")
        (data / "佐证清单.csv").write_text("对象编号,指标编码,佐证状态,资料名称\nS1,A,核实一致,报表\n", "utf-8")
        self.write(self.root, "30")

    def install(self, source: str) -> None:
        self.module.write_text(source, "utf-8")
        self.forget()

    def remove(self) -> None:
        """What is left is a distribution without its module: nothing of it can run."""
        self.module.unlink()
        self.forget()

    def forget(self) -> None:
        sys.modules.pop("wb_foreign", None)
        for cache in self.module.parent.glob("__pycache__/*"):
            cache.unlink()

    @staticmethod
    def write(root: Path, a: str) -> None:
        (root / "params" / "data" / "基础数据.csv").write_text(f"对象编号,甲\nS1,{a}\n", "utf-8")

    def sealed(self) -> Path:
        """A workspace restored from a run of the evaluation."""
        evaluation = open_plan("params/plan.yaml", workspace=self.root)
        evaluation.save()
        run = self.root / "runs" / "foreign" / evaluation.short_digest
        return restore(parts_of_run(StoredRun(run)), self.root.parent / "sealed")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site(tmp_path)
    monkeypatch.syspath_prepend(str(made.site))
    yield made
    made.forget()


def opened(root: Path, **options: Any) -> Evaluation:
    return open_plan("params/plan.yaml", workspace=root, sources=load_sources(root, **options))


def total(evaluation: Evaluation) -> str | None:
    return evaluation.result().subjects[0].total


# -- the same result without the code -----------------------------------------------------------------------------


def test_a_run_keeps_what_foreign_code_answered(site: Site) -> None:
    sealed = site.sealed()
    table = json.loads((sealed / "sealed" / "code.json").read_bytes())
    names = [(c["what"], c["name"], c["version"], c["distribution"]) for c in table["code"]]
    assert names == [("derivation", "one-more", "1.0.0", "wb-foreign"), ("kind", "halved", "1.0.0", "wb-foreign")]
    assert {"map": {"b": [{"decimal": "31.00"}], "note": ["已加一"]}} in table["calls"].values()
    assert "加一数31的一半是15.500,得15.50分" in table["calls"].values()


def test_without_the_code_its_answers_give_the_same_result(site: Site) -> None:
    expected = result_bytes(opened(site.root))
    sealed = site.sealed()
    site.remove()
    evaluation = opened(sealed)
    assert result_bytes(evaluation) == expected
    assert total(evaluation) == "15.50"
    assert [c.name for c in evaluation.replayed] == ["one-more", "halved"]


def test_the_same_code_runs_where_it_is_installed(site: Site) -> None:
    expected = result_bytes(opened(site.root))
    sealed = site.sealed()
    evaluation = opened(sealed)
    assert (result_bytes(evaluation), evaluation.replayed) == (expected, [])
    Site.write(sealed, "50")
    assert total(opened(sealed)) == "25.50"  # (50 + 1) / 2


def test_other_code_of_the_same_name_and_version_does_not_run(site: Site) -> None:
    expected = result_bytes(opened(site.root))
    sealed = site.sealed()
    site.install(PLUGIN.replace("v + 1 for", "v + 2 for"))
    assert total(opened(site.root)) == "16.00"
    evaluation = opened(sealed)
    assert result_bytes(evaluation) == expected
    assert len(evaluation.replayed) == 2


def test_tables_only_runs_nothing_although_it_is_installed(site: Site) -> None:
    expected = result_bytes(opened(site.root))
    evaluation = opened(site.sealed(), tables_only=True)
    assert result_bytes(evaluation) == expected
    assert len(evaluation.replayed) == 2


@pytest.mark.parametrize("tables_only", [False, True])
def test_a_restored_run_records_the_same_again(site: Site, tables_only: bool) -> None:
    sealed = site.sealed()
    evaluation = opened(sealed, tables_only=tables_only)
    assert evaluation.result()
    assert evaluation.code_table() == (sealed / "sealed" / "code.json").read_bytes()


def test_code_of_a_workspace_is_answered_from_its_table(site: Site) -> None:
    site.remove()
    (site.root / "packs" / "foreign" / "plugin.py").write_text(PLUGIN, "utf-8")
    expected = result_bytes(opened(site.root))
    evaluation = opened(site.sealed())
    assert result_bytes(evaluation) == expected
    assert {c.distribution for c in evaluation.replayed} == {"工作区 packs/foreign"}


def test_judgement_and_words_of_a_rule_are_kept_too(site: Site) -> None:
    from workbench.runs.docket import RunDocket

    docket = RunDocket(opened(site.sealed(), tables_only=True))
    assert docket.judged("A")
    assert docket.rule_text("A").startswith("折半:按0.5计")


# -- what was never asked is not answered -------------------------------------------------------------------------


def test_changed_evidence_is_refused_without_the_code(site: Site) -> None:
    sealed = site.sealed()
    site.remove()
    Site.write(sealed, "31")
    with pytest.raises(NotRecorded, match=r"计算程序“one-more”\(wb-foreign 1.0.0\)没有安装或与封存时不同"):
        opened(sealed).result()


def test_changed_parameters_of_a_rule_are_refused_without_the_code(site: Site) -> None:
    sealed = site.sealed()
    pack = sealed / "sealed" / "pack.yaml"
    changed = yaml.safe_load(pack.read_text("utf-8"))
    changed["pack"]["indicators"][0]["rule"]["params"] = {"share": "0.6"}
    pack.write_text(yaml.safe_dump(changed, allow_unicode=True), "utf-8")
    with pytest.raises(NotRecorded, match="计分规则“halved”"):
        opened(sealed, tables_only=True).result()
    assert total(opened(sealed)) == "18.60"  # 31 × 0.6


def test_a_table_may_not_speak_for_rules_of_the_program(site: Site) -> None:
    sealed = site.sealed()
    file = sealed / "sealed" / "code.json"
    file.write_text(file.read_text("utf-8").replace('"halved"', '"proportional"'), "utf-8")
    with pytest.raises(CheckFailed, match="proportional"):
        opened(sealed)


DAMAGES = [
    ("[[[" * 100_000, CheckFailed),
    ("{}", CheckFailed),
    ('{"code": 1, "kinds": {}, "calls": {}}', CheckFailed),
    (None, NotRecorded),
    ({"points": {"units": [1], "branch": [7], "scored": [True], "low": None, "high": None}}, NotRecorded),
    ({"points": {"units": ["1"], "branch": [0], "scored": [True]}}, NotRecorded),
    ({"decimal": "one"}, NotRecorded),
    ({"date": "2023-02-30"}, NotRecorded),
    ({"map": {"b": 3}}, NotRecorded),
]


@pytest.mark.parametrize(("damage", "error"), DAMAGES)
def test_a_damaged_table_is_refused_in_words(site: Site, damage: Any, error: type[Exception]) -> None:
    sealed = site.sealed()
    file = sealed / "sealed" / "code.json"
    if isinstance(damage, str):
        file.write_text(damage, "utf-8")
    else:
        table = json.loads(file.read_bytes())
        file.write_text(json.dumps(table | {"calls": dict.fromkeys(table["calls"], damage)}), "utf-8")
    with pytest.raises(error, match="不符合格式"):
        opened(sealed, tables_only=True).result()


def test_points_of_another_length_are_refused(site: Site) -> None:
    from workbench.base.errors import ExpressionError

    sealed = site.sealed()
    file = sealed / "sealed" / "code.json"
    text = file.read_text("utf-8")
    assert '"units":[1550]' in text
    file.write_text(text.replace('"units":[1550]', '"units":[1550,1550]'), "utf-8")
    with pytest.raises(ExpressionError, match="形状"):
        opened(sealed, tables_only=True).result()


# -- digests and answers ------------------------------------------------------------------------------------------


def test_a_code_digest_knows_content_and_paths_but_not_line_ends(site: Site) -> None:
    def now() -> str:
        return code_digest(load_plugins().infos, "wb-foreign")

    first = now()
    site.module.write_bytes(site.module.read_bytes().replace(b"\n", b"\r\n"))
    assert now() == first
    helper = site.module.parent / "inner" / "helper.py"
    helper.parent.mkdir()
    helper.write_text("", "utf-8")
    second = now()
    helper.rename(helper.with_name("other.py"))
    assert len({first, second, now()}) == 3
    (site.module.parent / "notes.txt").write_text("no code", "utf-8")
    (site.site / "neighbour.py").write_text("", "utf-8")
    assert now() != first
    (helper.with_name("other.py")).unlink()
    assert now() == first


@pytest.mark.parametrize(
    ("entry", "file"), [("lone", "lone.py"), ("pack.sub", "pack/sub.py"), ("pack.sub", "pack/sub/__init__.py")]
)
def test_a_code_digest_covers_the_whole_top_package(site: Site, entry: str, file: str) -> None:
    (site.site / "wb_foreign-1.2.3.dist-info" / "entry_points.txt").write_text(f"[workbench]\nforeign = {entry}\n")
    module = site.site / file
    module.parent.mkdir(parents=True, exist_ok=True)
    module.write_text("API_VERSION = 1\n", "utf-8")

    def now() -> str:
        return code_digest(load_plugins(code=False).infos, "wb-foreign")

    first = now()
    (site.site / "unrelated.py").write_text("", "utf-8")
    assert now() == first
    if "." in entry:
        (site.site / "pack" / "beside.py").write_text("", "utf-8")
        assert now() != first
    else:
        module.write_text("API_VERSION = 1 \n", "utf-8")
        assert now() != first


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.text(max_size=5)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
    | st.dates()
    | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_an_answer_keeps_value_and_type(value: Any) -> None:
    back = unpacked(json.loads(json.dumps(packed(value))))
    assert repr(back) == repr(value)


def test_numbers_of_numpy_are_kept_as_plain_ones() -> None:
    given_values = [np.int64(3), np.float64(0.1), np.bool_(True), np.str_("a"), np.datetime64("2023-03-31")]
    assert unpacked(packed(given_values)) == [3, 0.1, True, "a", date(2023, 3, 31)]


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=5), st.data())
def test_inputs_have_one_digest_exactly_when_they_are_equal(units: list[int], data: st.DataObject) -> None:
    def inputs(numbers: list[int], kind: Any) -> Inputs:
        column = Exact(np.array(numbers, dtype=kind), 2, np.array([n != 0 for n in numbers]))
        return Inputs(1000, 2, "gte", np.zeros(len(numbers), dtype=bool), value=column, extra={"more": column})

    marks = Fingerprints()
    key = marks.key("q", (inputs(units, np.int64), Decimal("0.5")))
    assert marks.key("q", (inputs(units, object), Decimal("0.5"))) == key
    place = data.draw(st.integers(0, len(units) - 1))
    other = [u + (n == place) for n, u in enumerate(units)]
    assert marks.key("q", (inputs(other, np.int64), Decimal("0.5"))) != key
    assert marks.key("q", (inputs(units, np.int64), Decimal("0.6"))) != key


def test_bulk_scoring_records_nothing(site: Site) -> None:
    scores = score(
        "foreign", {"subject": ["S1"]}, tables={"data": {"subject": ["S1"], "a": [30.0]}}, workspace=site.root
    )
    assert not isinstance(scores.card.indicators[0].kind.score, Recorded)
    assert load_sources(site.root, recording=False).calls is None
