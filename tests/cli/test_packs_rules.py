"""What ``packs show`` says of each rule, also where something it needs is not installed."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.cli.packs_rules import PackRules
from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library
from workbench.scheme.pack import Pack
from workbench.scoring.rules.builtin import BUILTIN_KINDS

KINDS = {kind.name: kind for kind in BUILTIN_KINDS}
RATE = {"code": "A", "name": "完成率", "level1": "产出", "weight": "10", "unit": "%", "value": "t.a", "target": "90"}
YES = {"kind": "yes_no", "example": True}


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.of([f for f in load_plugins(code=False).folders if f.distribution == "workbench"])


def rules(library: Library, *indicators: dict[str, Any], **more: Any) -> PackRules:
    head = {"id": "demo", "version": "1.0.0", "api_version": 1, "title": "示例", "object": "示例", "basis": []}
    content = head | {"ruleset": "caiyu-2020-10", "indicators": list(indicators)} | more
    return PackRules(Pack.model_validate(content), KINDS, library)


def test_a_rule_of_the_pack_and_one_the_ruleset_decides(library: Library) -> None:
    bonus = {"items": [{"code": "X", "name": "获奖", "limit": "2", "rule": YES}]}
    made = rules(library, RATE | {"judged": "quantitative"}, bonus=bonus)
    assert [made.title(i) for i in (made.pack.indicators[0], made.pack.bonus.items[0])] == [
        "比例计分(按规则集)",
        "是否判断",
    ]
    first, second = made.lines()
    assert first.startswith("A 完成率:比例计分:完成值达到目标值90%得满分10分;未达到的得10×(完成值÷目标值);")
    assert first.endswith("(财预〔2020〕10号 第十六条)")
    assert second == "X 获奖:是否判断:符合要求得满分2分,不符合的不得分(示例,可改)"


def test_trees_that_weigh_or_judge_differently_have_a_line_each(library: Library) -> None:
    variants = {
        "short": {"title": "短树", "level1": {"产出": "10"}},
        "heavy": {"title": "重树", "level1": {"产出": "20"}, "weights": {"A": "20"}},
        "none": {"title": "无", "level1": {"产出": "0"}, "weights": {"A": "0"}},
        "other": {"title": "另一办法", "level1": {"产出": "10"}, "ruleset": "caiyu-2021-101"},
        "again": {"title": "又一棵", "level1": {"产出": "10"}},
    }
    made = rules(library, RATE | {"judged": "satisfaction"}, variants=variants)
    assert [line.partition("得满分")[0] for line in made.lines()] == [
        "A 完成率(short、again):比例计分:完成值达到目标值90%",
        "A 完成率(heavy):比例计分:完成值达到目标值90%",
        "A 完成率(other):分档计分:完成值≥90%",
    ]


@pytest.mark.parametrize(
    ("judged", "more", "title", "line"),
    [
        ({"judged": "quantitative"}, {"ruleset": "gone"}, "按规则集:quantitative", "由计分规则集“gone”决定"),
        ({"rule": {"kind": "tides"}}, {}, "“tides”(没有安装)", "没有安装名为“tides”的计分规则"),
        ({"rule": {"kind": "banded"}}, {}, "分档计分", "缺少必填项"),
        ({"rule": YES | {"kind": "poll"}}, {}, "表决", "计分规则“poll”(demo-plugin 1.0.0)计算出错"),
    ],
)
def test_what_cannot_be_told_is_said_and_the_rest_is_shown(
    library: Library, judged: Any, more: Any, title: str, line: str
) -> None:
    made = rules(library, RATE | judged, **more)
    poll = {**KINDS["yes_no"].__dict__, "name": "poll", "title": "表决", "distribution": "demo-plugin"}
    made.kinds = KINDS | {"poll": type(KINDS["yes_no"])(**(poll | {"describe": lambda *_: 1 / 0}))}
    assert made.title(made.pack.indicators[0]) == title
    assert list(made.lines()) == [f"A 完成率:{line}"]
