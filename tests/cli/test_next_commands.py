"""What is printed to be typed next works from the folder one stands in."""

from __future__ import annotations

import pytest

from workbench.cli.library import at_workspace


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A workspace one stands in, and one that was restored below it."""
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)
    inner = tmp_path / "reruns" / "某 项目"
    for folder in (tmp_path, inner):
        for mark in ("params", "notebooks"):
            (folder / mark).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path, inner


def test_the_workspace_is_named_where_it_is_another_one(places, monkeypatch):
    here, inner = places
    assert at_workspace(here) == ""
    assert at_workspace(inner) == ' --workspace "reruns/某 项目"'
    monkeypatch.chdir(here / "params")
    assert at_workspace(here) == ""
    assert at_workspace(inner) == ' --workspace "../reruns/某 项目"'
    monkeypatch.chdir(inner)
    assert at_workspace(inner) == "" and at_workspace(here) == f" --workspace {here.as_posix()}"
