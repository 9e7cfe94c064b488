"""``workbench sample`` and ``workbench truth``: from an empty register to the veto."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest

from workbench.analysis.projects import PROJECTS
from workbench.reports.sampling import empty_register

DEPARTMENTS = ("教育局", "水利局", "民政局")


@pytest.fixture(scope="module")
def filled() -> bytes:
    """The empty register of the command, filled in with a spreadsheet program's means."""
    book = openpyxl.load_workbook(io.BytesIO(empty_register()))
    sheet, claims = book[PROJECTS.title], book["自评指标"]
    for i in range(12):
        values = [f"P{i:02}", f"项目{i}", DEPARTMENTS[i % 3], 10 + i, "优"]
        for column, value in enumerate(values, 1):
            sheet.cell(i + 2, column).value = value
        for column, value in enumerate([f"P{i:02}", "受益人数", "≥", "1000", "人", "1054"], 1):
            claims.cell(i + 2, column).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def register(filled, workspace) -> Path:
    file = workspace / "清单.xlsx"
    file.write_bytes(filled)
    return file


def test_the_empty_register_is_written_once_and_waits_for_projects(cli, workspace):
    cli("sample", "清单.xlsx", "--new", code=0)
    assert (workspace / "清单.xlsx").read_bytes() == empty_register()
    assert "清单里没有项目" in cli("sample", "清单.xlsx", "--size", "1", code=2).stderr
    (workspace / "清单.xlsx").write_bytes(b"filled in")
    assert "已有同名而内容不同的文件" in cli("sample", "清单.xlsx", "--new", code=2).stderr
    assert "以 .xlsx 结尾" in cli("sample", "清单.csv", "--new", code=2).stderr


DRAW = ("sample", "清单.xlsx", "--policy", "kizilsu-2023", "--quota", "DEPARTMENT_EVALUATION", "--seed", "2023")


def test_from_the_register_to_the_veto(cli, register):
    drawn = cli(*DRAW, code=0).stdout
    assert "名额:不低于各主管部门项目预算总额的20%(办法:" in drawn
    folder = register.parent / "清单-抽样"
    assert {p.name for p in folder.iterdir()} == {"抽样名单.xlsx", "抽样证书.json", "各层覆盖.png"}
    replayed = cli("sample", "清单.xlsx", "--replay", str(folder / "抽样证书.json"), code=0).stdout
    assert "workbench truth 清单-抽样/抽样名单.xlsx" in drawn
    assert "还没有填写" in cli("truth", str(folder / "抽样名单.xlsx"), code=2).stderr
    assert not (folder / "核查结果.xlsx").exists()
    assert "一致:" in replayed
    assert "DEPARTMENT_EVALUATION,名额与该办法的规定相符" in replayed
    assert "本次没有对应的名额:KEY_EVALUATION(财政重点绩效评价项目数,不少于10个项目)" in replayed
    assert "种子:证书写的是“用户给定”。这只是证书自己写的" in replayed
    book = openpyxl.load_workbook(folder / "抽样名单.xlsx")
    assert book.sheetnames == ["抽样名单", "分层表", "各层覆盖", "名额达到情况", "真实性核查表", "自评指标", "抽样说明"]
    sheet = book["真实性核查表"]
    at = {str(c.value).rstrip("*"): c.column for c in sheet[1]}
    given = {"核查值": "300", "佐证情况": "有佐证", "财政确认": "虚报", "确认人": "李某"}
    given |= {
        "陈述申辩": "放弃",
        "陈述申辩日期": "2023-06-15",
        "确认日期": "2023-06-20",
        "确认文件": "克财绩〔2023〕8号",
    }
    for title, value in given.items():
        sheet.cell(2, at[title]).value = value
    book.save(folder / "抽样名单.xlsx")
    said = cli("truth", str(folder / "抽样名单.xlsx"), "--policy", "kizilsu-2023", code=0).stdout
    assert "触发“自评结果真实性存在问题”" in said
    assert "后果:收回资金" in said
    assert "三(五)二是" in said
    before = (folder / "核查结果.xlsx").read_bytes()
    found = cli.json("truth", str(folder / "核查结果.xlsx"), "--policy", "kizilsu-2023")
    assert Path(found["file"]).name == "核查结果(确认后).xlsx"
    assert (folder / "核查结果.xlsx").read_bytes() == before
    assert [p["state"] for p in found["projects"]].count("触发") == 1
    assert found["lines"][0]["ground"] == "有佐证证明核查值差于自评值71.54%"


def test_the_same_seed_writes_the_same_bytes(cli, register):
    names = ("抽样名单.xlsx", "抽样证书.json", "各层覆盖.png")
    for out in ("a", "b"):
        cli(*DRAW, "--out", out, code=0)
    root = register.parent
    assert [(root / "a" / n).read_bytes() for n in names] == [(root / "b" / n).read_bytes() for n in names]


def test_without_a_seed_one_is_drawn_and_another_each_time(cli, register):
    seeds = [cli.json("sample", "清单.xlsx", "--size", "3", "--out", o)["certificate"]["rules"]["seed"] for o in "ab"]
    assert len(set(seeds)) == 2
    assert all(len(s) == 32 for s in seeds)


def test_a_changed_certificate_ends_with_4(cli, register):
    cli(*DRAW, code=0)
    file = register.parent / "清单-抽样" / "抽样证书.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    content["rules"]["asks"][0]["minimum"] = "10"
    file.write_text(json.dumps(content), encoding="utf-8")
    said = cli("sample", "清单.xlsx", "--replay", str(file), code=4).stderr
    assert "名额与所引办法的规定不符" in said
    assert cli.json("sample", "清单.xlsx", "--replay", str(file), code=4)["identical"] is False


def forged(folder: Path, change) -> str:
    """The certificate of a folder with a change."""
    content = json.loads((folder / "抽样证书.json").read_text(encoding="utf-8"))
    change(content)
    file = folder / "改过的证书.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return str(file)


def test_a_certificate_claims_no_notice_it_was_not_drawn_by(cli, register):
    cli("sample", "清单.xlsx", "--size", "3", "--seed", "s", "--out", "自定", code=0)
    folder = register.parent / "自定"
    own = cli("sample", "清单.xlsx", "--replay", str(folder / "抽样证书.json"), code=0).stdout
    assert "没有引用办法,名额都是用户设定的" in own
    named = {"id": "kizilsu-2023", "version": "1.1.0", "title": "x"}
    said = cli("sample", "清单.xlsx", "--replay", forged(folder, lambda c: c.update(policy=named)), code=4)
    assert "没有一项名额取自该办法" in said.stderr
    assert "相符" not in said.stdout + said.stderr
    elsewhere = forged(folder, lambda c: c.update(policy=named | {"id": "elsewhere-2020"}))
    told = cli("sample", "清单.xlsx", "--replay", elsewhere, code=0).stdout
    assert "证书写的是“x”(elsewhere-2020 1.1.0);本机没有安装该办法,名额依据没有核对" in told
    claim = {"origin": "办法", "code": "KEY_EVALUATION"}
    said = cli("sample", "清单.xlsx", "--replay", forged(folder, lambda c: c["rules"]["asks"][0].update(claim)), code=4)
    assert "证书却没有写明是哪个办法" in said.stderr


def test_the_title_of_a_notice_is_its_own(cli, register):
    cli(*DRAW, code=0)
    folder = register.parent / "清单-抽样"
    said = cli(
        "sample", "清单.xlsx", "--replay", forged(folder, lambda c: c["policy"].update(title="别的办法")), code=4
    )
    assert "证书写的办法名称与该办法不符" in said.stderr
    older = forged(folder, lambda c: c["policy"].update(title="别的办法", version="0.9.0"))
    told = cli("sample", "清单.xlsx", "--replay", older, code=0).stdout
    assert "别的办法" not in told
    assert "证书写的是0.9.0版,按本机安装的核对" in told


def test_a_share_of_no_money_draws_nobody_and_is_refused(cli, register):
    book = openpyxl.load_workbook(register)
    for row in range(2, 14):
        book[PROJECTS.title].cell(row, 4).value = 0
    book.save(register)
    assert "预算数全部为0" in cli("sample", "清单.xlsx", "--money-share", "50", code=2).stderr
    assert not (register.parent / "清单-抽样").exists()


def test_what_is_short_is_written_out_and_ends_with_4(cli, register):
    said = cli("sample", "清单.xlsx", "--size", "20", code=4).stderr
    assert "仍差8个" in said
    assert (register.parent / "清单-抽样" / "抽样证书.json").exists()


def test_a_list_somebody_has_filled_in_is_not_overwritten(cli, register):
    cli(*DRAW, code=0)
    (register.parent / "清单-抽样" / "抽样名单.xlsx").write_bytes(b"filled in")
    assert "已有同名而内容不同的文件" in cli(*DRAW, code=2).stderr
    cli(*DRAW, "--force", code=0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "没有写明抽取多少"),
        (("--policy", "kizilsu-2023"), "请用 --quota 写明按哪一项"),
        (("--policy", "kizilsu-2023", "--quota", "TRUTH_CHECK"), "办法没有写数字"),
        (("--policy", "kizilsu-2023", "--quota", "KEY_EVALUATION", "--size", "9"), "低于办法规定"),
        (("--quota", "KEY_EVALUATION"), "--quota 须与 --policy 同用"),
        (("--rate", "120"), "--rate 的数不对"),
        (("--rate", "0.3"), "是否想写30(%)?确实是0.3%的,请带百分号写“0.3%”"),
        (("--money-share", "0.2"), "是否想写20(%)?"),
        (("--rate", "一成"), "--rate 后面不是数"),
        (("--size", "3", "--by", "金额"), "请用 --money-bands"),
        (("--size", "3", "--by", "部门,主管部门"), "同一分层依据写了两次"),
        (("--size", "3", "--money-bands", "500,100"), "从小到大"),
        (("--size", "3", "--must", "P99"), "必查项目不在清单里"),
        (("--size", "3", "--seed", "x" * 201), "种子太长"),
        (("--size", "3", "--replay", "x.json"), "--replay 不能与抽取选项同用"),
    ],
)
def test_what_cannot_be_drawn_is_refused(cli, register, options, said):
    assert said in cli("sample", "清单.xlsx", *options, code=2).stderr
    assert not (register.parent / "清单-抽样").exists()


def test_strata_by_everything(cli, register):
    options = ("--rate", "30", "--by", "主管部门、等级", "--money-bands", "12,18", "--one-each")
    found = cli.json("sample", "清单.xlsx", *options)["certificate"]
    assert found["rules"]["by"] == ["主管部门", "等级", "金额"]
    assert all(s["drawn"] for s in found["strata"])
    assert "教育局/优/12至不足18万元" in [s["name"] for s in found["strata"]]


def test_truth_refuses_what_it_cannot_know(cli, register):
    assert "缺少工作表“真实性核查表”" in cli("truth", "清单.xlsx", code=2).stderr
    assert "--cap 须与 --policy 同用" in cli("truth", "清单.xlsx", "--cap", "X", code=2).stderr


def test_a_share_below_one_percent_is_written_with_its_sign(cli, register):
    found = cli.json("sample", "清单.xlsx", "--rate", "0.3%")["certificate"]
    assert found["rules"]["asks"][0]["minimum"] == "0.3"


def confirm_untruth(file: Path, verified: str) -> None:
    """In the first line of a check sheet: what was found on site, and that finance confirms 虚报 after a hearing."""
    book = openpyxl.load_workbook(file)
    sheet = book["真实性核查表"]
    given = {"核查值": verified, "佐证情况": "有佐证", "财政确认": "虚报", "确认人": "李某"}
    given |= {"陈述申辩": "放弃", "陈述申辩日期": "2023-06-15", "确认日期": "2023-06-20"}
    for cell in sheet[1]:
        sheet.cell(2, cell.column).value = given.get(str(cell.value).rstrip("*"), sheet.cell(2, cell.column).value)
    book.save(file)


def test_a_confirmation_against_the_verified_value_is_told_loudly(cli, register):
    cli(*DRAW, "--out", "现场 核查", code=0)
    file = register.parent / "现场 核查" / "抽样名单.xlsx"
    confirm_untruth(file, verified="3000")
    said = cli("truth", str(file), "--policy", "kizilsu-2023", code=0)
    assert "注意:财政确认与核查数不符,请复核(1项)" in said.stderr
    assert "不触发一票否决" in said.stderr
    assert "触发“" not in said.stdout
    assert '现场 核查/核查结果.xlsx" --policy kizilsu-2023' in said.stdout
    result = str(file.with_name("核查结果.xlsx"))
    for more in ((), ("--force",)):  # the step printed for a second round of confirming can be taken
        again = cli("truth", result, "--policy", "kizilsu-2023", *more, code=0).stdout
        assert '核查结果.xlsx" --policy kizilsu-2023 --force' in again


def test_a_project_taken_out_of_the_sheet_is_missed(cli, register):
    cli(*DRAW, code=0)
    file = register.parent / "清单-抽样" / "抽样名单.xlsx"
    book = openpyxl.load_workbook(file)
    sheet = book["真实性核查表"]
    at = {str(c.value).rstrip("*"): c.column for c in sheet[1]}
    gone = sheet.cell(2, at["项目编号"]).value
    sheet.delete_rows(2)
    sheet.cell(2, at["核查值"]).value, sheet.cell(2, at["佐证情况"]).value = "1054", "有佐证"
    book.save(file)
    said = cli("truth", str(file), code=2).stderr
    assert f"抽中的项目在“真实性核查表”里一行也没有;实际为“{gone}”" in said
    assert f"印好的指标在“真实性核查表”里没有了;实际为“{gone} 受益人数”" in said
    book = openpyxl.load_workbook(file)
    for title in ("抽样名单", "自评指标"):
        del book[title]
    book.save(file)
    assert "没有核对这些项目是否都是抽中的" in cli("truth", str(file), code=0).stderr


def test_a_confirmation_without_its_document_is_told_loudly(cli, register):
    cli(*DRAW, code=0)
    file = register.parent / "清单-抽样" / "抽样名单.xlsx"
    confirm_untruth(file, verified="300")
    said = cli("truth", str(file), "--policy", "kizilsu-2023", code=0)
    assert "财政确认为虚报,依据不全(1项),不触发一票否决" in said.stderr
    assert "须补确认文件" in said.stderr
    assert "触发“" not in said.stdout


def test_a_blank_seed_is_none(cli, register):
    found = cli.json("sample", "清单.xlsx", "--size", "1", "--seed", " ")["certificate"]
    assert found["seed_given"] is False
    assert len(found["rules"]["seed"]) == 32
