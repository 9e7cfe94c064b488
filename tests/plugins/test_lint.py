"""Lint: each thing that can be wrong with a pack is found, with its place and a way out."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from workbench.cli.packs_new import write_pack
from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library
from workbench.scoring.derivations import Derivation
from workbench.scoring.lint import lint_pack, passes

EXEC, TRAINED, SATISFIED = 0, 1, 2


class Bench:
    """A good pack to spoil."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_pack(folder, "roads", "农村公路")
        self.file = folder / "pack.yaml"
        self.pack = yaml.safe_load(self.file.read_text(encoding="utf-8"))["pack"]
        plugins = load_plugins()
        library = Library.of(plugins.folders)
        self.kinds = plugins.kinds
        self.rulesets = {name: library.ruleset(name) for name in library.rulesets}
        self.derivations = {"roads-trend": Derivation("roads-trend", "1.0.0", lambda *_: {}, "roads")}

    def lint(self):
        self.file.write_text(yaml.safe_dump({"pack": self.pack}, allow_unicode=True), encoding="utf-8")
        return lint_pack(self.file, self.kinds, self.derivations, self.rulesets)

    def one(self, code: str, *said: str, severity: str = "error"):
        problems = self.lint()
        assert [p.code for p in problems] == [code], problems
        assert problems[0].severity == severity
        assert problems[0].place.file
        for text in said:
            assert text in str(problems[0])
        assert passes(problems) is (severity != "error")


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path / "roads")


def test_a_good_pack_has_no_problem(bench):
    assert bench.lint() == []


def test_an_invalid_model_is_all_that_is_said(bench):
    bench.pack["wieght"] = 1
    bench.pack["version"] = "one"
    assert {p.code for p in bench.lint()} == {"unknown_key", "string_pattern_mismatch"}


def test_another_api_version(bench):
    bench.pack["api_version"] = 2
    bench.one("api_version", "请升级 workbench")


def test_weights_that_do_not_add_to_100(bench):
    bench.pack["indicators"][SATISFIED]["weight"] = "29.99"
    bench.one("weight_sum", "99.99", "满意度指标29.99")


def test_a_code_used_twice(bench):
    bench.pack["indicators"][SATISFIED]["code"] = "TRAINED"
    bench.one("duplicate_code", "TRAINED")


VARIANT = {"title": "短树", "level1": {"预算执行率": 10, "产出指标": 60, "满意度指标": 30}}


def test_variants_must_add_to_100(bench):
    bench.pack["variants"] = {"short": VARIANT | {"level1": {"预算执行率": 10, "产出指标": 60, "满意度指标": 31}}}
    assert [p.code for p in bench.lint()] == ["variant_sum", "variant_level1"]


def test_a_level_1_outside_a_variant(bench):
    bench.pack["variants"] = {"short": VARIANT | {"level1": {"预算执行率": 10, "产出指标": 60, "满意度": 30}}}
    bench.one("variant_level1", "是否想写“满意度”?")


def test_each_tree_is_added_up_with_its_own_weights(bench):
    # Hand: 10 + 30 + 30 + 20 + 10 = 100; in the second tree EXEC 20 + TRAINED 80, the others left out.
    whole = VARIANT | {"title": "全树"}
    output = {"title": "产出树", "level1": {"预算执行率": 20, "产出指标": 80}}
    output["weights"] = {"EXEC": 20, "TRAINED": 80, "SATISFIED": 0, "COST": 0, "TREND": 0}
    bench.pack["variants"] = {"whole": whole, "output": output}
    assert bench.lint() == []
    output["weights"]["TRAINED"] = 79
    assert [p.code for p in bench.lint()] == ["weight_sum", "variant_level1"]
    assert "指标树“产出树”的指标分值合计不等于100;实际为“99”" in str(bench.lint()[0])
    output["weights"] |= {"EXEC": 80, "TRAINED": 20}
    assert [p.code for p in bench.lint()] == ["variant_level1"] * 2
    output["weights"] |= {"EXEC": 20, "TRAINED": 80, "SATISFID": 0}
    (problem,) = bench.lint()
    assert problem.code == "variant_weight" and "是否想写“SATISFIED”?" in str(problem)
    assert problem.place.key == "pack.variants.output.weights"


def test_points_of_a_pack_whose_trees_all_give_weights_need_not_add_up(bench):
    bench.pack["indicators"][EXEC]["weight"] = 99
    bench.pack["variants"] = {"whole": VARIANT | {"weights": {"EXEC": 10}}}
    assert bench.lint() == []


def test_trees_outside_the_range_of_their_source(bench):
    clause = {"document": "基金评价办法", "number": "闽财规〔2025〕14号"}
    bench.pack["weight_ranges"] = [{"level1": "产出指标", "low": 30, "high": 60, "clause": clause}]
    assert bench.lint() == []
    bench.pack["weight_ranges"][0]["high"] = "59.5"
    bench.one("weight_range", "一级指标“产出指标”分值60,不在闽财规〔2025〕14号规定的30—59.5之内")
    bench.pack["variants"] = {"whole": VARIANT}
    assert bench.lint()[0].place.key == "pack.variants.whole"


@pytest.mark.parametrize(
    ("change", "said"), [({"level1": "产出"}, "是否想写“产出指标”?"), ({"low": 70}, "分值范围的下限大于上限")]
)
def test_ranges_that_make_no_sense(bench, change, said):
    limits = {"level1": "产出指标", "low": 30, "high": 60, "clause": {"document": "x"}}
    bench.pack["weight_ranges"] = [limits | change]
    assert any(p.code == "weight_range" and said in str(p) for p in bench.lint())


def test_a_table_under_a_name_that_is_written_out_is_refused(bench):
    bench.pack["tables"].append({"name": "survey", "title": "问卷", "fields": []})
    bench.one("name_taken", "pack.survey", "由 survey: 自动生成")


def test_blanks_that_a_scored_sum_would_skip_are_a_warning(bench):
    attended = bench.pack["tables"][1]["fields"][3]
    attended["required"] = False
    bench.one("blank_skipped", "“培训班次”表“实到人数”", "count(attended) = count(*)", severity="warning")
    derived = bench.pack["derived"][0]
    for guarded in (
        "CASE WHEN count(attended) = count(*) THEN sum(attended) END",
        "sum(coalesce(attended, 0))",
        "sum(CASE WHEN attended > 0 THEN attended END)",
        "max(attended)",
    ):
        sums = f"SELECT subject, sum(planned) AS planned, {guarded} AS attended FROM training GROUP BY subject"
        derived["sql"] = sums
        assert bench.lint() == [], guarded


def test_a_sum_nothing_is_scored_by_may_skip_blanks(bench):
    bench.pack["tables"][1]["fields"].append({"name": "late", "title": "迟到人数", "type": "integer"})
    bench.pack["derived"][0]["columns"].append({"name": "late", "title": "迟到人数合计"})
    sums = "SELECT subject, sum(planned) AS planned, sum(attended) AS attended, sum(late) AS late FROM training GROUP BY subject"
    bench.pack["derived"][0]["sql"] = sums
    assert bench.lint() == []
    bench.pack["indicators"][TRAINED]["value"] = "trained.attended - trained.late"
    bench.one("blank_skipped", "“迟到人数”", severity="warning")


def test_a_shared_table_has_no_subject_to_be_named_by(bench):
    fields = [{"name": "index", "title": "指数", "type": "number"}]
    shared = {"name": "prices", "title": "价格指数", "per": "shared", "key": ["subject"], "fields": fields}
    bench.pack["tables"].append(shared)
    bench.pack["indicators"][TRAINED]["target"] = "prices.index"
    problems = {p.code: str(p) for p in bench.lint()}
    assert set(problems) == {"table_key", "unknown_column"}
    assert "该表各对象共用,没有对象列" in problems["unknown_column"]


def test_with_an_indicator_sheet_fixed_indicators_only_have_to_fit(bench):
    bench.pack["indicator_sheet"] = {}
    bench.pack["indicators"] = bench.pack["indicators"][:1]
    bench.pack["checks"][0]["indicator"] = "I01"
    bench.pack["checks"].append({"code": "sheet_check", "when": "sheet.whatever > 1", "message": "x"})
    bench.pack["variants"] = {"short": VARIANT}
    bench.pack["notes"] = ["没有示例"]
    assert bench.lint() == []
    bench.pack["indicators"][EXEC]["weight"] = 11
    bench.one("variant_level1", "实际为“11”", severity="warning")


@pytest.mark.parametrize(
    ("table", "change", "code"),
    [
        (0, {"name": "register"}, "table_name"),
        (0, {"name": "training"}, "table_name"),
        (0, {"title": "佐证清单"}, "table_title"),
        (0, {"title": "说明"}, "table_title"),
        (0, {"title": "资金/支出"}, "table_title"),
        (0, {"title": "长" * 32}, "table_title"),
        (0, {"key": ["budgett"]}, "table_key"),
    ],
)
def test_tables_that_cannot_be_sheets(bench, table, change, code):
    bench.pack["tables"][table] |= change
    assert code in [p.code for p in bench.lint()]


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ({"name": "budget", "title": "又一个", "type": "text"}, "field_twice"),
        ({"name": "other", "title": "全年预算数", "type": "text"}, "field_twice"),
        ({"name": "kind", "title": "类别", "type": "code"}, "field_codes"),
        ({"name": "more", "title": "其他资金", "type": "money"}, "field_unit"),
    ],
)
def test_fields_that_cannot_be_columns(bench, field, code):
    bench.pack["tables"][0]["fields"].append(field)
    assert code in [p.code for p in bench.lint()]


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"rule": {"kind": "proportional", "example": True}}, "two_homes", "请只保留一处"),
        ({"judged": None}, "no_rule", "请填写 rule 或 judged"),
        ({"judged": "quantitativ"}, "class", "是否想写“quantitative”?"),
        ({"judged": None, "rule": {"kind": "proportionl", "example": True}}, "kind", "是否想写“proportional”?"),
        (
            {"judged": None, "rule": {"kind": "proportional", "params": {"pas_at": 1}, "example": True}},
            "unknown_key",
            "pass_at",
        ),
        ({"judged": None, "rule": {"kind": "proportional"}, "example": False}, "no_clause", "没有依据"),
        ({"proof": []}, "no_proof", "取证要求"),
        ({"value": "trained.attendd"}, "unknown_column", "是否想写“trained.attended”?"),
        ({"value": "training.attended"}, "unknown_column", "请先用 derived 汇总"),
        ({"value": "now()"}, "sql_not_allowed", "不允许的函数"),
        ({"value": "name"}, "not_a_number", "公式结果不是数字"),
        ({"value": "1 +"}, "sql_syntax", "公式语法错误"),
        ({"inputs": {"more": {"expr": "nothing", "title": "x"}}}, "unknown_column", "inputs.more"),
        ({"applies": "nothing > 1"}, "unknown_column", "applies"),
    ],
)
def test_indicators(bench, change, code, said):
    bench.pack["indicators"][TRAINED] |= change
    problems = [p for p in bench.lint() if p.code == code]
    assert problems, bench.lint()
    assert said in str(problems[0])
    assert "TRAINED" in str(problems[0])


def test_an_indicator_that_can_never_be_scored_is_a_warning(bench):
    del bench.pack["indicators"][TRAINED]["target"]
    bench.one("rule_inputs", "target", severity="warning")


def test_a_ruleset_nobody_has(bench):
    bench.pack["ruleset"] = "caiyu-2020-11"
    bench.one("ruleset", "是否想写“caiyu-2020-10”?")


def test_extras_and_blocks_need_a_source(bench):
    item = {"code": "B1", "name": "获奖", "limit": 2, "rule": {"kind": "yes_no"}, "value": "nothing"}
    bench.pack["bonus"] = {"cap": 5, "items": [item]}
    bench.pack["deductions"] = {"floor": 0}
    codes = [p.code for p in bench.lint()]
    assert codes.count("no_clause") == 4
    assert "unknown_column" in codes


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"python": "rate-of-return"}, "derived", "只写一个"),
        ({"sql": None}, "derived", "只写一个"),
        ({"sql": None, "python": "rate-of-return"}, "derivation_missing", "没有安装"),
        ({"sql": "SELECT subject FROM training"}, "derived_columns", "没有声明的列:planned、attended"),
        ({"sql": "SELECT nothing FROM training"}, "sql_failed", "nothing"),
        ({"sql": "SELECT * FROM read_csv('/etc/passwd')"}, "sql_not_allowed", "不允许"),
        ({"sql": "CREATE TABLE t AS SELECT 1"}, "sql_syntax", "只允许查询"),
    ],
)
def test_derived_tables(bench, change, code, said):
    bench.pack["derived"][0] |= change
    problems = bench.lint()
    assert [p.code for p in problems] == [code], "formulas over a broken table are not blamed too"
    assert said in str(problems[0])
    assert "trained" in str(problems[0])


def test_a_python_derivation_is_not_run_by_lint(bench):
    bench.derivations["sums"] = Derivation("sums", "1.0.0", lambda *_: 1 / 0, "x")
    bench.pack["derived"][0] |= {"sql": None, "python": "sums"}
    assert bench.lint() == []


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"indicator": "TRAIND"}, "unknown_indicator", "是否想写“TRAINED”?"),
        ({"message": "{attendd}"}, "check_message", "attended、planned"),
        ({"message": "{"}, "check_message", "花括号"),
        ({"when": "nothing"}, "unknown_column", "when"),
    ],
)
def test_checks(bench, change, code, said):
    bench.pack["checks"][0] |= change
    bench.one(code, said)


def test_what_is_an_example_must_be_called_one(bench):
    bench.pack["notes"] = []
    bench.one("example_label", "示例", severity="warning")


def test_a_pack_without_worked_example(bench):
    del bench.pack["example"]
    bench.one("no_example", "没有算例")


def test_files_of_the_example_that_are_not_there(bench):
    for name in ("plan.yaml", "expected.yaml", "worked-example.md"):
        (bench.folder / "example" / name).unlink()
    assert [p.code for p in bench.lint()] == ["example_file"] * 3


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("plan.yaml", "pack: roads", "pack: lanes", "example_pack"),
        ("plan.yaml", "plan:", "plans:", "top_level"),
        ("plan.yaml", "title:", "tilte:", "unknown_key"),
        ("expected.yaml", "subjects:", "subject:", "example_expected"),
        ("expected.yaml", "subjects:", "subjects: [", "yaml_syntax"),
        ("expected.yaml", "total:", "sum:", "example_expected"),
    ],
)
def test_examples_that_do_not_fit(bench, name, old, new, code):
    path = bench.folder / "example" / name
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert code in [p.code for p in bench.lint()]


def test_errors_come_before_warnings(bench):
    bench.pack["notes"] = []
    bench.pack["indicators"][TRAINED]["proof"] = []
    assert [p.severity for p in bench.lint()] == ["error", "warning"]
