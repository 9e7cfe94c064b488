"""Evidence that workers fetch: a shared folder, and an object store that speaks S3."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.base.errors import FileError
from workbench.runs.batch.cluster.failures import ClusterError
from workbench.runs.batch.cluster.fetching import Inputs, inputs_url

FILES = {
    "evidence/p1/资金.csv": b"funds",
    "evidence/p1/subjects.csv": b"subjects",
    "evidence/p1/附件/决算.txt": b"report",
    "params/基础数据.xlsx": b"workbook",
}


def shared(folder: Path) -> Inputs:
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return Inputs(inputs_url(str(folder)))


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Inputs]:
    """moto's S3 on the loopback, with a bucket that has the files; credentials come from the environment, as on a worker."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings = {
        "ENDPOINT_URL": f"http://{host}:{port}",
        "ACCESS_KEY_ID": "a",
        "SECRET_ACCESS_KEY": "b",
        "REGION": "us-east-1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    try:
        yield filled(settings)
    finally:
        server.stop()


def filled(settings: dict[str, str]) -> Inputs:
    from urllib.request import Request, urlopen

    from obstore.store import S3Store

    urlopen(Request(f"{settings['ENDPOINT_URL']}/province", method="PUT")).close()
    bucket = S3Store("province", client_options={"allow_http": True})
    for name, data in FILES.items():
        bucket.put(f"2024/{name}", data)
    return Inputs(inputs_url("s3://province/2024/"))


def check(inputs: Inputs, workspace: Path) -> None:
    assert inputs.fetch_evidence("evidence/p1", workspace) == ["evidence/p1/subjects.csv", "evidence/p1/资金.csv"]
    assert inputs.fetch_evidence("params/基础数据.xlsx", workspace) == ["params/基础数据.xlsx"]
    assert inputs.fetch("evidence/p1/附件/决算.txt", workspace)
    assert not inputs.fetch("evidence/p1/附件/没有.txt", workspace)
    got = {p.relative_to(workspace).as_posix(): p.read_bytes() for p in workspace.rglob("*") if p.is_file()}
    assert got == FILES
    for name in ("evidence/p2", "params/没有.xlsx", "evidence/p1/附件"):
        with pytest.raises(FileError, match="集群取不到佐证资料") as caught:
            inputs.fetch_evidence(name, workspace)
        assert caught.value.problems[0].found == inputs.url


def test_a_shared_folder(tmp_path: Path) -> None:
    check(shared(tmp_path / "shared"), tmp_path / "workspace")


def test_an_object_store(store: Inputs, tmp_path: Path) -> None:
    check(store, tmp_path / "workspace")


def test_a_store_that_does_not_answer_is_told_in_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    with pytest.raises(FileError, match="佐证资料取不下来") as caught:
        Inputs("s3://nowhere/x").fetch_evidence("evidence/p1", tmp_path)
    assert caught.value.problems[0].code == "input_unreadable"


@pytest.mark.parametrize("url", ["ftpx://host/x", "nonsense://x"])
def test_an_unknown_protocol_is_told_before_anything_is_run(url: str) -> None:
    with pytest.raises(ClusterError, match="不认识"):
        inputs_url(url)
