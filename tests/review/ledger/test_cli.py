"""``workbench ledger`` as people use it."""

from __future__ import annotations

import json
import sqlite3
from typing import get_args

from ledger_drafts import anything, fill, opinion

from workbench.base.errors import Problem
from workbench.review.events import Body
from workbench.review.ledger.places import VARIABLE
from workbench.review.ledger.store import open_ledger
from workbench.review.ledger.words import action_word


def run_folder(workspace, name, content):
    folder = workspace / "runs" / "demo" / name
    folder.mkdir(parents=True)
    (folder / "result.json").write_text(content, encoding="utf-8")


def test_verify_says_what_is_proven(cli, in_file, tmp_path):
    fill(in_file, 2)
    assert "没有可对照的评审运行结果" in cli("verify", "demo")
    run_folder(tmp_path, "a1", json.dumps({"ledger_head": in_file.head().hash}))
    run_folder(tmp_path, "broken", "{")
    text = cli("verify", "demo")
    assert "已与1次运行结果对照:至第2条为止未被删去或重写。" in text
    assert "提示:runs/demo/broken 的 result.json 读不出来" in text


def test_verify_for_programs(cli, in_file):
    fill(in_file, 2)
    answer = cli.json("verify", "demo")
    assert answer.pop("verdict")
    assert answer == {
        "ledger": "demo",
        "passed": True,
        "events": 2,
        "head": in_file.head().hash,
        "runs": 0,
        "covered": 0,
        "attachments": 0,
        "withheld": 0,
        "problems": [],
    }


def test_verify_ends_with_4_when_the_answer_is_no(cli, in_file, tmp_path):
    fill(in_file, 2)
    run_folder(tmp_path, "a1", json.dumps({"ledger_head": "f" * 64}))
    text = cli("verify", "demo", code=4)
    assert "核对未通过,共1处问题" in text
    assert "runs/demo/a1:最近一次运行所记的台账末尾不在台账中" in text
    assert [p["code"] for p in cli.json("verify", "demo", code=4)["problems"]] == ["head_missing"]


def test_verify_an_exported_file(cli, in_file, tmp_path):
    fill(in_file, 2)
    file = tmp_path / "台账.jsonl"
    assert f"已导出2条事件:{file}" in cli("export", "demo", str(file))
    run_folder(tmp_path, "a1", json.dumps({"ledger_head": in_file.head().hash}))
    text = cli("verify", str(file))
    assert "附件没有核对:导出文件不含附件。" in text
    assert "已与1次运行结果对照" in text
    file.write_bytes(file.read_bytes().replace("只提供了".encode(), "没有提供".encode(), 1))
    assert "台账.jsonl 第1条事件:事件内容与其哈希不符" in cli("verify", str(file), code=4)


def test_export_and_import(cli, in_file, tmp_path):
    fill(in_file, 2)
    answer = cli.json("export", "demo", str(tmp_path / "demo.jsonl"))
    assert (answer["events"], answer["head"]) == (2, in_file.head().hash)
    cli.workspace = tmp_path / "other"
    assert "已导入2条事件:reviews/demo/ledger.sqlite" in cli("import", "demo", str(tmp_path / "demo.jsonl"))
    assert cli.json("verify", "demo")["head"] == in_file.head().hash
    assert "台账中已有事件" in cli("import", "demo", str(tmp_path / "demo.jsonl"), code=4)


def test_a_damaged_file_makes_no_ledger(cli, in_file, tmp_path):
    fill(in_file, 2)
    file = tmp_path / "demo.jsonl"
    cli("export", "demo", str(file))
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    cli.workspace = tmp_path / "other"
    assert "首行所记的条数和末尾哈希与内容不符" in cli("import", "demo", str(file), code=4)
    assert not cli.workspace.exists()


def test_log(cli, in_file):
    assert cli("log", "demo") == "没有被拒绝的操作。\n"
    in_file.refused("zhang", "opinion", [Problem("closed", "专家组已签字"), Problem("late", "已过时")], "10.0.0.7")
    text = cli("log", "demo")
    assert "拒绝原因" in text
    assert "提出意见" in text
    assert "专家组已签字;已过时" in text
    (line,) = cli.json("log", "demo")
    assert (line["actor"], line["action"], line["address"]) == ("zhang", "opinion", "10.0.0.7")


def test_every_kind_of_event_has_a_word():
    kinds = {get_args(model.model_fields["kind"].annotation)[0] for model in get_args(get_args(Body)[0])}
    assert [kind for kind in kinds if action_word(kind) == kind] == []


def test_an_evaluation_without_a_ledger(cli, in_file):
    text = cli("verify", "dema", code=2)
    assert "该评价还没有评审台账;实际为“dema”" in text
    assert "是否想写“demo”" in text


def test_a_file_that_is_no_ledger(cli, tmp_path):
    file = tmp_path / "reviews" / "demo" / "ledger.sqlite"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x" * 5000)
    assert "这不是评审台账文件" in cli("verify", "demo", code=4)


def test_a_damaged_ledger_is_not_exported(cli, in_file, tmp_path):
    fill(in_file, 2)
    connection = sqlite3.connect(tmp_path / "reviews" / "demo" / "ledger.sqlite")
    with connection:
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute("UPDATE events SET actor = 'li' WHERE seq = 1")
    connection.close()
    assert "数据库各列与事件内容不符" in cli("export", "demo", str(tmp_path / "x.jsonl"), code=4)
    assert not (tmp_path / "x.jsonl").exists()


def test_on_a_server(cli, tmp_path, database, monkeypatch):
    ledger = open_ledger(tmp_path, "demo", database, create=True)
    ledger.append(opinion(1), 0, anything)
    ledger.close()
    monkeypatch.setenv(VARIABLE, database)
    assert cli.json("verify", "demo")["events"] == 1
    assert not (tmp_path / "reviews").exists()
