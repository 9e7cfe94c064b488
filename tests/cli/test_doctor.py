"""``workbench doctor``: the machine is looked at, and what is missing is named."""

from __future__ import annotations

import importlib.metadata

import pytest

from workbench.base.errors import FileError, Problem
from workbench.cli import doctor


def states(answer) -> dict[str, str]:
    return {check["name"]: check["state"] for check in answer["checks"]}


def test_a_sound_machine_passes(cli, workspace):
    text = cli("doctor", code=0).stdout
    assert "环境可用。" in text
    answer = cli.json("doctor")
    found = states(answer)
    assert answer["passed"] is True
    for name in ("Python", "workbench", "duckdb", "jupyterlab", "中文字体", "笔记本内核", "工作区可写", "内置规则"):
        assert found[name] == "正常"


def test_a_bytecode_switch_and_a_narrow_console_are_hints(cli, workspace, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert states(cli.json("doctor"))["编译缓存"] == "提示"
    monkeypatch.setattr(doctor.sys, "stdout", type("Stream", (), {"encoding": "cp936"})())
    assert next(doctor._console()).state == "提示"


def missing_font():
    raise FileError(Problem("font_missing", "找不到中文字体"))


def test_a_missing_font_fails_with_4(cli, workspace, monkeypatch):
    monkeypatch.setattr("workbench.reports.style.font_path", missing_font)
    assert "缺少必需项" in cli("doctor", code=4).stdout
    assert states(cli.json("doctor", code=4))["中文字体"] == "缺失"


def test_a_missing_package_is_named(monkeypatch):
    def version(name):
        if name == "duckdb":
            raise importlib.metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert [c.name for c in doctor._versions() if c.state == "缺失"] == ["duckdb"]


def test_a_missing_kernel_and_a_stale_one_are_named(monkeypatch, tmp_path):
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    def none(self, name):
        raise NoSuchKernel(name)

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", none)
    assert next(doctor._kernel()).state == "缺失"
    spec = type("Spec", (), {"argv": [str(tmp_path / "python")], "resource_dir": "x"})()
    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", lambda self, name: spec)
    assert "不存在" in next(doctor._kernel()).text


def test_a_check_that_fails_is_a_finding(monkeypatch):
    def damaged():
        raise ImportError("half a package")

    found = doctor._safely(damaged)
    assert found[0].state == "缺失"
    assert "half a package" in found[0].text


def test_a_folder_that_is_not_there_is_not_writable(tmp_path):
    assert doctor._writable("工作区", tmp_path / "none").state == "缺失"


def test_a_broken_plugin_is_a_hint(cli, roads):
    (roads / "plugin.py").write_text("1 / 0\n", encoding="utf-8")
    answer = cli.json("doctor")
    assert states(answer)["插件 roads"] == "提示"


@pytest.mark.parametrize("missing", ["all", "policy"])
def test_a_damaged_installation_fails(workspace, monkeypatch, missing):
    from workbench.plugins.manager import Plugins, load_plugins
    from workbench.scheme.library import Library

    plugins = Plugins() if missing == "all" else load_plugins()
    monkeypatch.setattr(doctor, "installed", lambda folder: (plugins, Library()))
    assert next(doctor._plugins(workspace)).state == "缺失"
