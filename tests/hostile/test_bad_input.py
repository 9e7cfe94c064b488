"""Every bad input of the issue's list, end to end: exit code, a Chinese message that names the place, nothing left."""

from __future__ import annotations

import io
import os
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from conftest import Bench, Sheets, put, sheets, write_xlsx

Edit = Callable[[Sheets], object]


def rename(old: str, new: str) -> Edit:
    return lambda book: book.__setitem__(new, book.pop(old))


def head(sheet: str, old: str, new: str) -> Edit:
    def edit(book: Sheets) -> None:
        book[sheet][0][book[sheet][0].index(old)] = new

    return edit


def add(sheet: str, *row: Any) -> Edit:
    return lambda book: book[sheet].append(list(row))


def rows(sheet: str, *lines: list[Any]) -> Edit:
    return lambda book: book.__setitem__(sheet, [list(x) for x in lines])


WORKBOOKS: dict[str, tuple[list[Edit], list[str]]] = {
    "missing sheet": ([lambda b: b.pop("项目资金")], ["[项目资金]", "缺少工作表", "workbench template"]),
    "sheet renamed": ([rename("项目资金", "项目资金表")], ["[项目资金]", "实际为“项目资金表”", "请改名为“项目资金”"]),
    "header typo": ([head("绩效指标", "分值", "分植")], ["[绩效指标] 第1行 “分值”", "实际为“分植”", "应为“分值"]),
    "duplicated subject": (
        [add("评价对象", "P01", "项目乙")],
        ["[评价对象] 第3行 “对象编号”", "对象编号重复", "实际为“P01”", "与第2行相同"],
    ),
    "weights of 99.99": (
        [put("绩效指标", 2, "分值", 49.99)],
        ["params/e.xlsx [绩效指标]", "指标分值合计不等于100", "实际为“99.99”", "应为100", "少0.01分"],
    ),
    "negative weight": ([put("绩效指标", 2, "分值", -10)], ["第2行 “分值”", "实际为“-10”", "应为≥0"]),
    "no subjects": ([lambda b: b["评价对象"].__delitem__(1)], ["共1处", "[评价对象]", "没有评价对象"]),
    "nothing but peers": (
        [put("评价对象", 2, "类型", "参照")],
        ["[评价对象]", "没有评价对象,只有参照", "请把要评价的对象的类型改为“评价对象”"],
    ),
    "attachment outside": (
        [rows("佐证清单", ["指标编码", "资料名称", "附件文件"], ["Q", "x", "../../x"], ["B", "y", "/etc/passwd"])],
        ["共2处", "[佐证清单] 第2行 “附件文件”", "附件路径指向文件夹之外", "实际为“/etc/passwd”"],
    ),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbook(bench: Bench, name: str) -> None:
    edits, said = WORKBOOKS[name]
    bench.book(*edits)
    bench.refused("params/e.xlsx", *said)


def test_as_a_user_starts_it(bench: Bench) -> None:
    """The others, which are many, call the command in this process."""
    edits, said = WORKBOOKS["missing sheet"]
    bench.book(*edits)
    refused = bench.refused("params/e.xlsx", *said, process=True)
    assert refused == bench.refused(*said)
    bench.write_plan(stage="自評")
    assert bench.refused("plan.stage", process=True) == bench.refused("plan.stage")


NUMBERS: list[tuple[object, list[str]]] = [
    ("约一百", ["数字栏里是文字", "实际为“约一百”", "应为数字(单位:万元)", "没有数据请留空"]),
    (-5, ["金额不能为负", "实际为“-5”", "应为≥0万元", "正负号"]),
    ("NaN", ["不是有限的数", "实际为“NaN”", "应为数字", "没有数据请留空"]),
    ("Inf", ["不是有限的数", "实际为“Inf”"]),
    (10**14, ["数值太大", "整数部分12位以内", "核对单位"]),  # ended as a failed notebook
    (1e300, ["数值太大", "(共301字)"]),
    ("5公顷", ["无法换算", "实际为“5公顷”"]),
]
"""What stands in a cell for money, and what is said about it."""


def test_numbers_that_are_none_all_at_once(bench: Bench) -> None:
    def edit(book: Sheets) -> None:
        ids = [f"P{i:02d}" for i in range(1, len(NUMBERS) + 1)]
        book["评价对象"][1:] = [[i, f"项目{i}"] for i in ids]
        book["项目资金"][1:] = [[i, "年度资金总额", v, 1] for i, (v, _) in zip(ids, NUMBERS, strict=True)]
        tree = book["绩效指标"][1:]
        book["绩效指标"][0].insert(0, "对象编号")
        book["绩效指标"][1:] = [[i, *line] for i in ids for line in tree]

    bench.book(edit)
    done = bench.refused(f"共{len(NUMBERS)}处")
    for row, (_, said) in enumerate(NUMBERS, 2):
        (line,) = [x for x in done.err.splitlines() if f"params/e.xlsx [项目资金] 第{row}行 “全年预算数”:" in x]
        assert all(text in line for text in said), line


LINES: list[tuple[dict[str, object], list[str]]] = [
    ({"实际完成值": 0.93}, ["“实际完成值”:百分数疑似以小数填写", "实际为“0.93”", "若为93%,请填 93%", "若确为0.93%"]),
    ({"年度指标值": "95%以上", "计量单位": None, "实际完成值": 0.93}, ["百分数疑似以小数填写"]),  # scored 0.93 of 95
    ({"年度指标值": "95%左右", "计量单位": None, "实际完成值": 0.93}, ["“年度指标值”:单位与计量单位不同"]),
    ({"实际完成值": "≥95%"}, ["“实际完成值”:实际完成值应为实际数,不能带比较符号", "实际为“≥95%”", "请填实际达到的数"]),
    ({"实际完成值": "95%以上"}, ["不能带比较符号"]),
    ({"实际完成值": "九十五"}, ["定量指标应填数字", "实际为“九十五”"]),
    ({"实际完成值": "∞"}, ["不是有限的数"]),
    ({"指标性质": "时限", "年度指标值": "2022-02-30", "实际完成值": None}, ["时限指标应填日期", "实际为“2022-02-30”"]),
    (
        {"指标性质": "时限", "年度指标值": None, "实际完成值": "10000-01-01"},
        ["时限指标应填日期", "实际为“10000-01-01”"],
    ),
]
"""What a line of 绩效指标 says differently, and what is said about it."""


def test_lines_of_indicators_all_at_once(bench: Bench) -> None:
    def edit(book: Sheets) -> None:
        titles, model = book["绩效指标"][0], book["绩效指标"][3]
        lines = [dict(zip(titles, model, strict=True)) | {"指标编码": f"X{i}"} | d for i, (d, _) in enumerate(LINES)]
        book["绩效指标"][1:] = [[line[t] for t in titles] for line in lines]

    bench.book(edit)
    done = bench.refused()
    for row, (_, said) in enumerate(LINES, 2):
        found = [x for x in done.err.splitlines() if f"params/e.xlsx [绩效指标] 第{row}行 " in x]
        assert found and all(text in "".join(found) for text in said), found


def test_subject_ids_that_are_no_file_names(bench: Bench) -> None:
    """Figures are named after subjects: “../../x” wrote them outside the run folder."""
    odd = ["../../../../evil", "a/b", "a\\b", "x" * 61, "甲\n乙", "\u202e乙", ".x", "a:b", "a|b"]
    bench.book(lambda book: book["评价对象"].extend([subject, "名称"] for subject in odd))
    places = [f"[评价对象] 第{row}行 “对象编号”:对象编号不能用作文件名" for row in range(3, 3 + len(odd))]
    bench.refused("实际为“../../../../evil”", "如 P01", *places)


# ---------------------------------------------------------------------------------------------------------------------
# files
# ---------------------------------------------------------------------------------------------------------------------


def good(tmp: Path) -> bytes:
    write_xlsx(tmp / "good.xlsx", sheets())
    return (tmp / "good.xlsx").read_bytes()


def swollen(data: bytes) -> bytes:
    """The workbook with a cell of 10 MB that no compression gives away."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == "xl/sharedStrings.xml":
                part = part.replace("完成数量".encode(), os.urandom(5 * 1024 * 1024).hex().encode())
            new.writestr(entry, part)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FILES: dict[str, tuple[Callable[[bytes], bytes], list[str]]] = {
    "password": (
        lambda _: OLE + bytes(504) + "EncryptionInfo".encode("utf-16-le") + "EncryptedPackage".encode("utf-16-le"),
        ["文件已加密", "取消打开密码"],
    ),
    "truncated": (lambda data: data[: len(data) // 2], ["文件不完整或已损坏", "重新"]),
    "last bytes lost": (lambda data: data[:-3], ["文件不完整或已损坏"]),
    "flipped byte": (
        lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 255]) + data[len(data) // 2 + 1 :],
        ["params/e.xlsx"],
    ),
    "empty": (lambda _: b"", ["文件是空的"]),
    "binary": (lambda _: bytes(range(256)) * 4, ["不是 Excel 工作簿"]),
    "10 MB cell": (swollen, ["[绩效指标] 第2行", "C2 单元格有10485760个字", "上限", "放到附件"]),
}


@pytest.mark.parametrize("name", FILES)
def test_file(bench: Bench, tmp_path: Path, name: str) -> None:
    spoil, said = FILES[name]
    (bench.root / "params" / "e.xlsx").write_bytes(spoil(good(tmp_path)))
    started = time.monotonic()
    bench.refused("params/e.xlsx", *said, process=name == "10 MB cell")
    assert time.monotonic() - started < 20  # the large cell took half a minute


PLANS: dict[str, tuple[bytes, list[str]]] = {
    "not YAML": (b"plan: [1, 2\n  x: : :\n", ["p.yaml 第2行", "YAML 语法错误", "方括号没有配对"]),
    "tab": (b"plan:\n\ttitle: x\n", ["p.yaml 第2行", "YAML 语法错误", "制表符"]),
    "empty": (b"", ["p.yaml", "这不是评价计划文件", "plan:"]),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ["p.yaml", "不是文本文件"]),
    "GBK": ("plan:\n  title: 绩效\n".encode("gbk"), ["p.yaml", "文件不是 UTF-8 编码", "另存为 UTF-8"]),
    "control character": (b"plan:\n  title: \x07\n", ["p.yaml", "YAML 含有不可用字符"]),
    "YAML bomb": (b"plan:\n  a: &a [x, x]\n  b: &b [*a, *a]\n  c: [*b, *b]\n", ["p.yaml 第2行", "锚点与别名"]),
    "nested a hundred thousand deep": (b"plan: " + b"[" * 100_000, ["p.yaml 第1行", "嵌套超过40层"]),
}


@pytest.mark.parametrize("name", PLANS)
def test_plan_file(bench: Bench, name: str) -> None:
    content, said = PLANS[name]
    (bench.root / "params" / "p.yaml").write_bytes(content)
    bench.refused(*said)


REASON = {"reason": "理由理由"}
SETTINGS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "all that is wrong with the plan at once": (
        {
            "evaluation": "../../x",
            "stage": "自評",
            "as_of": "2023-02-30",
            "parties": {"led": "x"},
            "evidense": "x",
            "changes": [{"kind": "weight", "indicator": "EXEC", "value": "-1"} | REASON],
        },
        [
            *("共6处", "p.yaml 第2行 plan.evaluation", "实际为“../../x”", "应为小写字母"),
            *("p.yaml 第9行 plan.stage", "应为自评、部门评价", "p.yaml 第10行 plan.as_of", "历法中没有这一天"),
            *("plan.parties.led:不认识的键", "是否想写“lead”", "plan.evidense:不认识的键", "是否想写“evidence”"),
            *("plan.changes[0].value", "实际为“-1”", "应为≥0"),
        ],
    ),
    "changes that cannot be made": (
        {
            "changes": [
                {"kind": "weight", "indicator": "EXEQ", "value": "10"} | REASON,
                {"kind": "weight", "indicator": "Q", "value": "10"} | REASON,
                {"kind": "weight", "indicator": "EXEC", "value": "10"} | REASON,
                {"kind": "weight", "indicator": "EXEC", "value": "20"} | REASON,
            ]
        },
        [
            *("共3处", "p.yaml 第13行 plan.changes[0]", "没有这个指标编码", "实际为“EXEQ”", "是否想写“EXEC”"),
            *("plan.changes[1]", "已在“绩效指标”表中", "实际为“Q”", "plan.changes[3]", "同一设置写了两次"),
        ],
    ),
    "bands in the plan": ({"bands": []}, ["p.yaml 第13行 plan.bands", "属于地区办法(policy)", "只有一处归属"]),
    "unknown tree": ({"variant": "caiyu11"}, ["p.yaml 第5行 plan.variant", "是否想写“caiyu10”"]),
    "unknown pack": ({"pack": "self-evalution"}, ["p.yaml 第4行 plan.pack", "是否想写“self-evaluation”"]),
    "unknown policy": ({"policy": "chiping"}, ["p.yaml 第7行 plan.policy", "是否想写“chiping-2020”"]),
    "no such notebook": ({"notebook": "tini.ipynb"}, ["notebooks/tini.ipynb", "找不到笔记本", "是否想写“tiny.ipynb”"]),
    "notebook outside": ({"notebook": "../../x.ipynb"}, ["笔记本只能写文件名", "实际为“../../x.ipynb”"]),
    "no evidence": ({"evidence": ""}, ["p.yaml 第11行 plan.evidence", "没有写明佐证资料的路径"]),
    "evidence missing": ({"evidence": "params/f.xlsx"}, ["params/f.xlsx", "找不到佐证资料", "是否想写“e.xlsx”"]),
    "evidence outside": ({"evidence": "../x.xlsx"}, ["p.yaml 第11行 plan.evidence", "超出工作区", "实际为“../x.xlsx”"]),
    "evidence by an absolute path": ({"evidence": "/etc/passwd"}, ["不能用绝对路径", "实际为“/etc/passwd”"]),
    "evidence with an endless name": ({"evidence": "x" * 5000}, ["路径无法使用", "(共5000字)"]),
    "evidence that is a folder": ({"evidence": "notebooks"}, ["notebooks", "文件夹里没有 .csv 或 .parquet 文件"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_plan_setting(bench: Bench, name: str) -> None:
    settings, said = SETTINGS[name]
    bench.write_plan(**settings)
    bench.refused(*said)


def test_set_with_nonsense(bench: Bench) -> None:
    def given(*texts: str) -> list[str]:
        return ["run", "params/p.yaml", *(part for text in texts for part in ("--set", text))]

    bench.refused("--set 须写成 键=值", "实际为“nonsense”", "例如 --set ruleset=", args=given("nonsense"))
    said = [
        "plan.seed:类型不对",
        "应为整数",
        "是否想写“ruleset”",
        "plan.changes:类型不对",
        "应为列表",
        "实际为“../x”",
        "“lead”",
    ]
    args = given("seed=abc", "rulset=x", "changes=1", "evaluation=../x", "parties.led=x")
    done = bench.refused("共5处", *said, args=args)
    assert done.err.count(". --set plan.") == 5  # not a line of the file
    bench.refused("--set plan.ruleset", "“caiyu-2021-101”", args=given("ruleset=caiyu-2021-10"))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("params", "这是文件夹,不是文件"),
        ("params/q.yaml", "是否想写“p.yaml”"),
        ("", "这是文件夹"),
        ("x/y/z.yaml", "找不到文件"),
    ],
)
def test_plan_path(bench: Bench, path: str, said: str) -> None:
    bench.refused(said, args=["run", path])


@pytest.mark.parametrize("kind", ["file", "folder above", "circle", "csv in a folder"])
def test_links_out_of_the_workspace(bench: Bench, tmp_path: Path, kind: str) -> None:
    params, outside = bench.root / "params", tmp_path / "outside"
    write_xlsx(outside / "e.xlsx", sheets())
    (outside / "项目资金.csv").write_text("对象编号,资金类别\nP01,年度资金总额\n", encoding="utf-8")
    if kind == "file":
        (params / "l.xlsx").symlink_to(outside / "e.xlsx")
    elif kind == "folder above":
        (params / "l").symlink_to(outside)
    elif kind == "circle":
        (params / "l.xlsx").symlink_to(params / "l.xlsx")
    else:
        (params / "data").mkdir()
        (params / "data" / "项目资金.csv").symlink_to(outside / "项目资金.csv")
    where, said = {
        "file": ("params/l.xlsx", "超出工作区"),
        "folder above": ("params/l/e.xlsx", "超出工作区"),
        "circle": ("params/l.xlsx", "路径无法使用"),
        "csv in a folder": ("params/data", "是指向文件夹之外的链接"),
    }[kind]
    bench.write_plan(evidence=where)
    bench.refused(where, said)
