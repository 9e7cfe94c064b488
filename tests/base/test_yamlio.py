"""YAML without its traps, by the C parser and by the pure one alike."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from workbench.base import yamlio
from workbench.base.errors import FileError, Problem, YamlError
from workbench.base.yamlio import parse_yaml, read_yaml

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]


@pytest.fixture(autouse=True, params=LOADERS, ids=lambda loader: loader.__name__)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Both parsers in turn: a machine without libyaml must read the same."""
    monkeypatch.setattr(yamlio, "LOADER", request.param)
    return request.param


def data(text: str) -> Any:
    return parse_yaml(text, "plan.yaml").data


def refused(text: str) -> Problem:
    with pytest.raises(YamlError) as caught:
        parse_yaml(text, "plan.yaml")
    [problem] = caught.value.problems
    assert problem.place.file == "plan.yaml"
    return problem


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.1", Decimal("0.1")),
        ("-0.50", Decimal("-0.50")),
        ("99.99", Decimal("99.99")),
        ("12", 12),
        ("+5", 5),
        ("-0", 0),
        ("12345678901234567890", 12345678901234567890),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        # What YAML 1.1 would turn into something else stays text.
        ("yes", "yes"),
        ("off", "off"),
        ("True", "True"),
        ("2024-01-05", "2024-01-05"),
        ("2024-01-05T10:00:00Z", "2024-01-05T10:00:00Z"),
        ("12:30:45", "12:30:45"),
        ("012", "012"),
        ("0x10", "0x10"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("5.", "5."),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("１２", "１２"),
        ("'0.1'", "0.1"),
        ('"12"', "12"),
        ("'true'", "true"),
        ("''", ""),
        ("|\n  12", "12"),
    ],
)
def test_scalars(written: str, value: object) -> None:
    found = data(f"x: {written}")["x"]
    assert found == value
    assert type(found) is type(value)
    assert str(found) == str(value)  # 0.50 keeps its zero


def test_numbers_are_exact() -> None:
    assert sum(data("x: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]")["x"]) == 1


def test_empty_text_is_nothing() -> None:
    assert data("") is None
    assert data("# 只有注释\n") is None


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in ["ab", "bc", "cd", "de", "ef", "fg", "gh", "hi"]
)


@pytest.mark.parametrize(
    "text", [BOMB, "a: &x 1\nb: 2", "a: &x 1\nb: *x", "a: &x {b: 1}\nc:\n  <<: *x", "- &a [*a]", "&x a: 1"]
)
def test_anchors_and_aliases_are_refused(text: str) -> None:
    problem = refused(text)
    assert problem.code == "yaml_alias"
    assert problem.place.line == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: !!python/object/apply:os.system ['true']", 2),
        ("a: !!str 1", 1),
        ("a: !!float 0.1", 1),
        ("a: !custom {x: 1}", 1),
        ("\n\n- !!set {a, b}", 3),
        ("!!map {a: 1}", 1),
    ],
)
def test_tags_are_refused(text: str, line: int) -> None:
    problem = refused(text)
    assert problem.code == "yaml_tag"
    assert problem.place.line == line


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("a: 1\nb: 2\na: 3", 3, "a"),
        ("x:\n  y: 1\n  y: 1", 3, "y"),
        ("{a: 1, 'a': 2}", 1, "a"),
        ("1: x\n'1': y", 2, "1"),
    ],
)
def test_duplicate_keys_are_refused(text: str, line: int, key: str) -> None:
    problem = refused(text)
    assert (problem.code, problem.place.line, problem.found) == ("yaml_duplicate", line, key)


def test_a_merge_key_is_an_ordinary_unknown_key() -> None:
    assert data("<<: {a: 1}") == {"<<": {"a": 1}}


@pytest.mark.parametrize("key", ["[a]: 1", "? {a: 1}\n: 2"])
def test_keys_are_plain_text(key: str) -> None:
    assert refused(key).code == "yaml_key"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 42 + "]" * 42,
        "[" * 60 + "]" * 60,
        "{a: " * 60 + "1" + "}" * 60,
        "\n".join("  " * i + "a:" for i in range(60)),
        # Found on the way: composing this recursively overflows the C stack and takes the process down.
        "[" * 200_000,
        "- " * 100_000 + "x",
        "{a: " * 100_000,
    ],
    ids=["42", "60", "maps", "blocks", "200,000 open", "100,000 dashes", "100,000 maps"],
)
def test_deep_nesting_is_refused(text: str) -> None:
    assert refused(text).code == "yaml_depth"


def test_reasonable_nesting_is_read() -> None:
    assert str(data("[" * 30 + "1" + "]" * 30)).count("[") == 30


@pytest.mark.parametrize("text", ["x: " + "1" * 5000, "x: 0." + "1" * 5000, "x: -" + "9" * 100_000])
def test_a_number_of_thousands_of_digits_is_refused_without_a_traceback(text: str) -> None:
    problem = refused(text)
    assert problem.code == "yaml_number"
    assert problem.place.line == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: {b: [1, 2", None),
        ("a: 1\n\tb: 2", 2),
        ("a: 1\n b: 2", 2),
        ("a: 'open", None),
        ("a: 1\n---\nb: 2", 2),
        ("a: @x", 1),
        ("a: b: c", 1),
    ],
)
def test_syntax_errors_name_the_line(text: str, line: int | None) -> None:
    problem = refused(text)
    assert problem.code == "yaml_syntax"
    assert problem.place.line if line is None else problem.place.line == line


@pytest.mark.parametrize("text", ["a: \x00", "a: \x07", "a: \x1b"])
def test_control_characters_are_refused(text: str) -> None:
    assert refused(text).code == "yaml_syntax"


def test_every_key_path_has_its_line() -> None:
    document = parse_yaml(
        "plan:\n  title: x\n  changes:\n    - kind: weight\n      reason: 'a'\n\n    - kind: drop\n", "plan.yaml"
    )
    lines = {k: document.line(k) for k in ("plan", "plan.title", "plan.changes[0].reason", "plan.changes[1].kind")}
    assert lines == {"plan": 1, "plan.title": 2, "plan.changes[0].reason": 5, "plan.changes[1].kind": 7}
    # A key that is missing is shown at its nearest ancestor.
    assert document.line("plan.changes[1].reason") == 7
    assert document.line("plan.nothing") == 1
    assert document.line("nowhere") is None


def test_gbk_is_named_and_mended(tmp_path: Path) -> None:
    path = tmp_path / "计划.yaml"
    path.write_bytes("plan:\n  title: 绩效评价\n".encode("gbk"))
    with pytest.raises(FileError, match=r"计划\.yaml.*不是 UTF-8 编码.*另存为 UTF-8"):
        read_yaml(path)


def test_files(tmp_path: Path) -> None:
    good = tmp_path / "a.yaml"
    good.write_bytes(b"\xef\xbb\xbfa: 0.1\r\nb: x\r\n")  # as Windows' editor saves it
    assert read_yaml(good).data == {"a": Decimal("0.1"), "b": "x"}
    good.write_bytes(b"a: 0.2\n")
    assert read_yaml(good).data == {"a": Decimal("0.2")}
    with pytest.raises(FileError, match="找不到文件"):
        read_yaml(tmp_path / "no.yaml")
    with pytest.raises(FileError, match="这是文件夹"):
        read_yaml(tmp_path)
    with pytest.raises(FileError, match=r"是否想写“a\.yaml”"):
        read_yaml(tmp_path / "a.yml")
    big = tmp_path / "big.yaml"
    big.write_bytes(b"a: " + b"x" * (4 * 1024 * 1024))
    with pytest.raises(FileError, match="4 MB"):
        read_yaml(big)
