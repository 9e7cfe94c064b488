"""The files for Docker Compose and Kubernetes: they parse, and every command in them is one that Dask takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from distributed.cli import dask_scheduler, dask_worker

DEPLOY = Path(__file__).parents[2] / "deploy"
PROGRAMS = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def kubernetes() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8")))


def commands() -> Iterator[list[str]]:
    yield from (service["command"] for service in compose()["services"].values() if "command" in service)
    for item in kubernetes():
        if item["kind"] == "Deployment":
            yield from (container["command"] for container in item["spec"]["template"]["spec"]["containers"])


@pytest.mark.parametrize("command", list(commands()), ids=lambda command: "-".join(command[:2]))
def test_dask_takes_the_command(command: list[str]) -> None:
    program, which, *arguments = command
    assert program == "dask"
    context = PROGRAMS[which].make_context(which, [str(a) for a in arguments])
    assert context.params.get("nthreads") in (None, 1)
    scheduler = context.params.get("scheduler")
    if which == "worker":
        names = {item["metadata"]["name"] for item in kubernetes() if item["kind"] == "Service"} | {
            *compose()["services"]
        }
        assert scheduler.removeprefix("tcp://").removesuffix(":8786") in names


def test_all_services_are_of_one_image() -> None:
    images = {service["image"] for service in compose()["services"].values()}
    images |= {
        c["image"]
        for d in kubernetes()
        if d["kind"] == "Deployment"
        for c in d["spec"]["template"]["spec"]["containers"]
    }
    assert images == {"workbench-cluster"}
    dockerfile = compose()["services"]["worker"]["build"]["dockerfile"]
    assert (DEPLOY.parent / dockerfile).is_file()


def test_selectors_choose_the_pods_they_stand_for() -> None:
    pods = [d["spec"]["template"]["metadata"]["labels"] for d in kubernetes() if d["kind"] == "Deployment"]
    for item in kubernetes():
        spec = item["spec"]
        selector = spec.get("selector") or spec.get("podSelector")
        wanted = selector.get("matchLabels", selector)
        chosen = [labels for labels in pods if wanted.items() <= labels.items()]
        assert len(chosen) == (len(pods) if item["kind"] == "NetworkPolicy" else 1)


def test_nobody_else_reaches_the_scheduler() -> None:
    assert "ports" not in compose()["services"]["scheduler"]
    (policy,) = [item for item in kubernetes() if item["kind"] == "NetworkPolicy"]
    assert policy["spec"]["ingress"] == [{"from": [{"podSelector": {"matchLabels": {"app": "workbench"}}}]}]
