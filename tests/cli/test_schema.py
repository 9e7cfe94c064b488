"""``workbench schema``: valid JSON Schema that the files of this product satisfy."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest

import workbench
from workbench.base.yamlio import read_yaml
from workbench.cli.schema import schema_of

BUILTIN = Path(workbench.__file__).parent / "builtin"
NAMES = ["result", "plan", "pack", "policy", "ruleset", "mapping", "corrections"]


def as_json(path: Path):
    return json.loads(json.dumps(read_yaml(path).data, default=lambda d: float(d) if isinstance(d, Decimal) else d))


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_valid_and_printed_with_sorted_keys(cli, name):
    text = cli("schema", name, code=0).stdout
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert list(schema) == sorted(schema)
    assert text == cli("schema", name, code=0).stdout


@pytest.mark.parametrize("path", sorted(BUILTIN.glob("*/*.yaml")), ids=lambda p: p.stem)
def test_built_in_files_satisfy_their_schema(path):
    schema = schema_of({"policies": "policy", "rulesets": "ruleset"}[path.parent.name])
    jsonschema.validate(as_json(path), schema, cls=jsonschema.Draft202012Validator)


def test_a_new_pack_and_its_plan_satisfy_their_schema(roads):
    for name, path in (("pack", roads / "pack.yaml"), ("plan", roads / "example" / "plan.yaml")):
        jsonschema.validate(as_json(path), schema_of(name), cls=jsonschema.Draft202012Validator)


def test_an_unknown_key_is_not_in_the_schema(roads):
    data = as_json(roads / "pack.yaml")
    data["pack"]["wieght"] = 1
    with pytest.raises(jsonschema.ValidationError, match="wieght"):
        jsonschema.validate(data, schema_of("pack"), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("mapping", 'mapping: [{shape: a, columns: {得分(2): 得分, 标准: null}, money_unit: {全部: 万元}}]', ("columns", "colums")),
        ("corrections", "corrections: [{form: a#1, indicator: 0, name: 预算执行率, actual: 9.5, reason: 理由, reviewer: 张三}]\n"
         "accepted: [{form: a#1, reviewer: 张三}]", ("indicator", "indicatr")),
    ],
)  # fmt: skip
def test_files_of_a_recheck_satisfy_their_schema(tmp_path, name, text, wrong):
    path = tmp_path / f"{name}.yaml"
    path.write_text(text, "utf-8")
    jsonschema.validate(as_json(path), schema_of(name), cls=jsonschema.Draft202012Validator)
    path.write_text(text.replace(*wrong), "utf-8")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(as_json(path), schema_of(name), cls=jsonschema.Draft202012Validator)


def test_points_of_a_result_are_text(cli):
    schema = schema_of("result")
    points = schema["$defs"]["IndicatorResult"]["properties"]["weight"]
    assert points["type"] == "string"
