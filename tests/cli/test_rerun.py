"""``workbench rerun``: options, what is said, and the exit code. A forked kernel for each that runs to its end."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("warm_notebooks")
STORED = Path(__file__).resolve().parents[1] / "dossier" / "stored"


@pytest.fixture
def dossier(workspace) -> Path:
    return Path(shutil.copy(STORED / "v1-plugin.dossier.zip", workspace / "档案.dossier.zip"))


def test_with_something_changed(cli, dossier):
    """The plugin that was sealed with it is nowhere installed: its recorded answers fit another policy."""
    said = cli("rerun", dossier.name, "--policy", "kizilsu-2023", code=0).output
    assert "已改用另一地区办法重新评价" in said
    assert "“five-more”(工作区 packs/small 1.0.0)没有安装或版本不同,用的是封存的结果" in said
    assert f"下一步:workbench compare {dossier.name}" in said
    [folder] = (dossier.parent / "reruns").iterdir()
    assert folder.name.startswith("档案-policy-") and not list(folder.rglob("plugin.py"))
    [run] = (folder / "runs" / "small").iterdir()
    assert f"workbench review small --workspace reruns/{folder.name}\n" in cli("show", str(run), code=0).output


def test_what_the_recorded_answers_do_not_fit(cli, dossier, tmp_path):
    data = tmp_path / "data"
    cli("rerun", dossier.name, "--scheme", "none.yaml", code=2)
    assert not (dossier.parent / "reruns").exists()
    shutil.copytree(_evidence(dossier, tmp_path), data)
    table = data / "基础数据.csv"
    table.write_text(table.read_text("utf-8").replace("80,75", "81,75"), "utf-8")
    said = cli("rerun", dossier.name, "--evidence", str(data), code=2).output
    assert "没有安装或与封存时不同,封存的结果只适用于原来的佐证资料和方案" in said
    assert "请安装封存时所用的同一版插件" in said
    assert list((dossier.parent / "reruns").iterdir()) == []


def test_a_change_that_changes_nothing(cli, dossier, tmp_path, monkeypatch):
    """The same evidence under another name; no expert was asked. What is printed works from the folder one stands in."""
    same = shutil.copytree(_evidence(dossier, tmp_path), tmp_path / "更正")
    monkeypatch.chdir(dossier.parent / "params")
    said = cli("rerun", f"../{dossier.name}", "--evidence", str(same), code=0).output
    assert "改用的与档案中的内容相同,没有改变什么" in said and "workbench compare" not in said
    assert "已改用" not in said  # one sentence, and not its opposite before it
    assert "· 还原工作区 ../reruns/档案-evidence-" in said and "工作区:../reruns/档案-evidence-" in said
    monkeypatch.chdir(dossier.parent)
    said = cli("rerun", dossier.name, "--without-experts", code=0).output
    assert "该档案没有专家评审,--without-experts 没有改变什么" in said
    assert "台账没有带过来" not in said and "workbench compare" not in said


def test_without_the_experts(cli, workspace):
    """S1 of the review, see test_stored.py: 83.50. Without the experts D is 16.00 as computed, P stays corrected: 85.50."""
    shutil.copy(STORED / "v1.dossier.zip", workspace / "档案.zip")
    said = cli("rerun", "档案.zip", "--without-experts", code=0).output
    assert "第一小学  85.50" in said
    assert "只是专家得分没有计入;评审台账仍在,其中的数据更正1项照常采用。" in said
    [folder] = (workspace / "reruns").iterdir()
    [run] = (folder / "runs" / "small").iterdir()
    said = cli("compare", "档案.zip", str(run), code=0).output
    assert "专家评审    S1 立项规范性(D) 专家评审得分:14.00→计算得分" in said
    assert "相同        佐证数据、目标与分值、计分规则、地区办法" in said
    assert "原档案的归档资料(合同、底稿、扫描件等)不在这份新档案里" in cli("seal", str(run), code=0).output.replace(
        "\n", ""
    )
    assert "不计专家评审" in cli("review", "small", "--workspace", str(folder), "--no-browser", code=4).output


def _evidence(dossier: Path, folder: Path) -> Path:
    """The sealed evidence, unfolded."""
    from workbench.dossier.container import open_container
    from workbench.dossier.unpacking import parts_of_dossier
    from workbench.runs.sealed import restore

    return restore(parts_of_dossier(open_container(dossier)), folder / "unfolded") / "params" / "data"


def test_a_damaged_dossier_and_wrong_options(cli, dossier):
    data = bytearray(dossier.read_bytes())
    data[5000] ^= 1
    dossier.write_bytes(data)
    assert "评价档案有误" in cli("rerun", dossier.name, code=4).output
    assert cli("rerun", dossier.name, "--panel", "old", code=2).output
    assert "none.zip:找不到档案文件" in cli("rerun", "none.zip", code=2).output
