"""``workbench verify``: what is said, and the exit code."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from workbench.base.lines import width
from workbench.cli.verify import show
from workbench.dossier.model import Check, Verification

STORED = Path(__file__).resolve().parents[1] / "dossier" / "stored"


@pytest.fixture
def dossier(workspace) -> Path:
    return Path(shutil.copy(STORED / "v1.dossier.zip", workspace / "档案.dossier.zip"))


def test_a_sound_dossier(cli, dossier):
    said = cli("verify", dossier.name, code=0).output
    for words in ("已证明:", "没有证明:", "得分重算", "签名有效,签名人未知", "没有给出可信公钥(--trust)"):
        assert words in said
    said = cli("verify", dossier.name, "--trust", str(STORED / "v1.pub"), code=0).output
    assert "张三(主评人,示例事务所)的签名有效" in said
    assert "没有可信的签名" not in said


def test_as_json(cli, dossier):
    found = cli.json("verify", dossier.name)
    assert found["holds"] and {c["verdict"] for c in found["checks"]} == {"成立", "未核对"}
    assert found["manifest"]["evaluation"] == "small"
    dossier.write_bytes(dossier.read_bytes()[:-1])
    found = cli.json("verify", dossier.name, code=4)
    assert not found["holds"] and found["manifest"] is None
    assert found["checks"][0]["problems"]


def test_what_does_not_hold_is_named_and_the_code_is_4(cli, dossier):
    data = bytearray(dossier.read_bytes())
    data[data.index(b"87", data.index(b"scorecard.csv")) % len(data)] ^= 1
    dossier.write_bytes(data)
    result = cli("verify", dossier.name, code=4)
    assert "评价档案有误" in result.output and "前面的核对没有通过,这一项没有核对" in result.output
    unsigned = shutil.copy(STORED / "v1-plugin.dossier.zip", dossier.parent)
    said = cli("verify", str(unsigned), "--trust", str(STORED / "v1.pub"), code=4).output
    assert "没有可信签名人的签名" in said


@pytest.mark.parametrize("make", [lambda p: p.mkdir(), lambda p: p.write_bytes(b""), lambda p: p.write_text("x")])
def test_what_is_no_dossier(cli, workspace, make):
    make(workspace / "x.zip")
    assert "x.zip" in cli("verify", "x.zip", code=4).output


def test_a_name_mistyped_is_no_damaged_dossier(cli, workspace):
    result = cli("verify", "没有.zip", code=2)
    assert "没有.zip:找不到档案文件" in result.output and "文件完整" not in result.output


def test_several_at_once(cli, dossier):
    shutil.copy(dossier, dossier.with_name("另一份.dossier.zip"))
    assert "请写明一个" in cli("verify", dossier.name, "另一份.dossier.zip", code=2).output


def test_the_catalogue(cli, dossier):
    said = cli("verify", dossier.name, "--list", code=0).output
    assert "档案目录:" in said and "签章的评价报告扫描件" in said
    assert "档案目录:" not in cli("verify", dossier.name, code=0).output


def test_nothing_is_left_behind(cli, dossier):
    before = sorted(dossier.parent.rglob("*"))
    cli("verify", dossier.name, code=0)
    assert sorted(dossier.parent.rglob("*")) == before


def test_long_sentences_go_on_under_themselves(capsys):
    """One signature to a line; nothing is wider than 100 columns."""
    text = ";\n".join(f"张三{n}的签名有效(密钥 {'0' * 16},自述北京时间 2026-11-22 22:10)" for n in range(2))
    checks = [Check(code="signatures", title="签名", verdict="成立", text=text, problems=[])]
    show(Verification(holds=True, manifest=None, checks=checks, proven=["长" * 80], unproven=["无"]))
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].startswith("签名  成立  张三0") and lines[3].startswith(" " * 12 + "张三1")
    assert max(map(width, lines)) <= 100 and f"    {'长' * 32}" in lines
