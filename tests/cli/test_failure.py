"""Every way a command can end: the exit code, a Chinese sentence, and never a traceback."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from workbench.base.errors import CheckFailed, NotebookError, PlanError, Problem
from workbench.cli.failure import guarded, refuse_no_text


def workbench(*args: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    code = "from workbench.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *args], capture_output=True, env=os.environ | env, check=False)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("pakcs",), "没有“pakcs”这个命令。是否想写“packs”?"),
        (("packs", "lst"), "没有“lst”这个命令。是否想写“list”?"),
        (("packs", "--jsn"), "没有“--jsn”这个选项。是否想写“--json”?"),
        (("schema",), "缺少参数“result|plan|pack|policy|ruleset|mapping|corrections”"),
        (("schema", "plann"), "“plann”不在允许范围内"),
        (("schema", "plan", "more", "words"), "多余的参数:more words"),
        (("template", "x"), "缺少选项“--output”"),
        (("template", "x", "-o"), "选项“-o”后面缺少取值"),
        (("packs", "--json=yes"), "选项“--json”不带取值"),
    ],
)
def test_usage_errors_are_chinese_with_exit_code_2(cli, args, said):
    stderr = cli(*args, code=2).stderr
    assert said in stderr
    assert "--help" in stderr
    assert not re.search(r"\b(No such|Missing|Got|Error|Invalid)\b", stderr)


def test_a_usage_error_as_json(cli):
    answer = cli.json("packs", "lst", code=2)
    assert answer["exit_code"] == 2
    assert answer["problems"][0]["message"] == "没有“lst”这个命令"


@pytest.mark.parametrize("error", [PlanError, CheckFailed, NotebookError])
def test_errors_of_the_product_print_their_problems_and_their_code(error, capsys):
    def action():
        raise error(Problem("x", "有问题", fix="请改"))

    assert guarded(action) == error.exit_code
    assert f"{error.heading}(共1处):\n  1. 有问题。请改" in capsys.readouterr().err
    assert guarded(action, as_json=True) == error.exit_code
    answer = json.loads(capsys.readouterr().out)
    assert answer == {
        "error": error.heading,
        "exit_code": error.exit_code,
        "problems": [{"code": "x", "severity": "error", "message": "有问题", "fix": "请改", "place": {}}],
    }


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Input should be a valid integer, unable to parse string as an integer", "须为数字"),
        ("Input should be greater than or equal to 1", "须不小于 1"),
        ("Input should be less than or equal to 9", "须不大于 9"),
        ("File 'a.xlsx' does not exist.", "找不到“a.xlsx”"),
        ("Option '--size' requires 2 arguments.", "选项“--size”后面须有 2 个取值"),
        ("Missing command.", "没有写明命令"),
        ("something the parser says one day", "something the parser says one day"),
    ],
)
def test_messages_of_the_parser_are_translated(message, said, capsys):
    def action():
        raise typer.BadParameter(message)

    assert guarded(action) == 2
    assert said in capsys.readouterr().err


def test_a_bad_value_names_its_option(capsys):
    app = typer.Typer(add_completion=False)

    @app.command()
    def lay(bricks: int = typer.Option(1, "--bricks", "-b", min=1)):
        """Lay bricks."""

    command = typer.main.get_command(app)
    for value, said in (("0", "--bricks:须不小于 1"), ("many", "--bricks:须为数字")):
        assert guarded(lambda value=value: command.main(["-b", value], standalone_mode=False)) == 2
        assert said in capsys.readouterr().err


def test_a_value_nobody_has_translated_still_names_its_option(capsys):
    def action():
        option = typer.main.get_command(_one_option()).params[0]
        raise typer.BadParameter("odd", param=option)

    assert guarded(action) == 2
    assert "--bricks 的取值不对:odd" in capsys.readouterr().err


def _one_option() -> typer.Typer:
    app = typer.Typer(add_completion=False)

    @app.command()
    def lay(bricks: int = typer.Option(1, "--bricks", "-b")):
        """Lay bricks."""

    return app


@pytest.mark.parametrize("error", [KeyboardInterrupt, typer.Abort])
def test_an_interrupt_ends_with_130(error, capsys):
    def action():
        raise error

    assert guarded(action) == 130
    assert capsys.readouterr().err == "已中断。\n"


def test_exit_codes_of_commands_pass_through():
    assert guarded(lambda: None) == 0
    assert guarded(lambda: 4) == 4


@pytest.mark.parametrize("name", ["x" * 300 + ".zip", "长" * 100 + ".zip"])
@pytest.mark.parametrize("command", ["verify", "seal", "run", "show", "rerun", "compare"])
def test_a_name_too_long_for_the_system_is_no_internal_error(cli, workspace, command, name):
    said = cli(command, name, *([name] if command == "compare" else []), code=2).output
    assert name[:20] in said and "程序内部出错" not in said


def test_what_the_system_or_an_encoder_says_of_a_name(capsys):
    def too_long():
        raise OSError(errno.ENAMETOOLONG, "File name too long", "长" * 100)

    assert guarded(too_long) == 2
    said = capsys.readouterr().err
    assert "名称太长,系统不接受;实际为“长长" in said and "约85个汉字" in said
    assert guarded(lambda: "附件/\udcff.txt".encode()) == 2
    assert "名称不是有效的 UTF-8 文字;实际为“附件/?.txt”" in capsys.readouterr().err
    assert guarded(lambda: "汉".encode("ascii")) == 1  # that is no name


def test_arguments_that_are_no_text_are_refused_before_anything_is_done(capsys):
    assert guarded(lambda: refuse_no_text(["verify", "\udcff.zip"]), as_json=True) == 2
    [problem] = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["code"], problem["found"]) == ("name_no_text", "?.zip")
    assert guarded(lambda: refuse_no_text(["verify", "档案.zip"])) == 0


def boom():
    raise ZeroDivisionError("secret detail")


def test_an_internal_error_names_its_log_and_shows_no_traceback(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKBENCH_DEBUG", raising=False)
    (tmp_path / "runs").mkdir()
    assert guarded(boom) == 1
    said = capsys.readouterr().err
    assert "程序内部出错(ZeroDivisionError)" in said
    assert "Traceback" not in said
    assert "secret detail" not in said
    log = Path(re.search(r"已写入 (\S+?\.log)", said)[1])
    assert log.parent == tmp_path / "runs" / "log"
    assert "secret detail" in log.read_text(encoding="utf-8")


def test_without_runs_the_log_goes_to_the_temporary_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    assert guarded(boom, as_json=True) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["exit_code"] == 1
    assert len(list((tmp_path / "temp" / "workbench-log").glob("*.log"))) == 1


def test_when_no_log_can_be_written_the_way_to_see_more_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    assert guarded(boom) == 1
    assert "WORKBENCH_DEBUG=1" in capsys.readouterr().err


def test_debugging_shows_the_traceback(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBENCH_DEBUG", "1")
    assert guarded(boom) == 1
    assert "secret detail" in capsys.readouterr().err


def test_the_installed_command_ends_with_the_exit_code():
    done = workbench("packs", "lst")
    assert done.returncode == 2
    assert done.stdout == b""
    assert "没有“lst”这个命令" in done.stderr.decode("utf-8")


def test_a_console_that_cannot_show_a_character_shows_a_question_mark():
    done = workbench("packs", "lst", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 2
    assert b"?lst?" in done.stderr
    done = workbench("--help", PYTHONIOENCODING="gbk", PYTHONUTF8="0")
    assert done.returncode == 0
    assert "绩效评价工作台" in done.stdout.decode("gbk")


def test_json_in_a_pipe_is_utf8_whatever_the_code_page():
    done = workbench("packs", "--json", PYTHONIOENCODING="gbk", PYTHONUTF8="0")
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8"))["policies"]


def test_an_error_inside_the_installed_command_has_no_traceback(tmp_path):
    code = (
        "import sys, workbench.cli.packs_list as m\n"
        "m.contents = lambda *a: 1 / 0\n"
        "from workbench.cli import main\nsys.argv = ['workbench', 'packs']\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=tmp_path, check=False)
    assert done.returncode == 1
    assert "程序内部出错" in done.stderr.decode("utf-8")
    assert b"Traceback" not in done.stderr


def test_ctrl_c_inside_a_command_ends_with_130(cli, workspace, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("workbench.cli.packs_list.contents", interrupted)
    assert "已中断。" in cli("packs", code=130).stderr
