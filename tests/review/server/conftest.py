"""A finished run with a panel of three, and the real ``workbench review`` on it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import workbench as wb
from workbench.review.access import Access
from workbench.review.ledger.store import SqlLedger, open_ledger

sys.path.insert(0, str(Path(__file__).parent))  # for server_browsing and server_channels

from server_browsing import EVALUATION, Browser, Server, free_port

ROOT = Path(__file__).resolve().parents[3]
NAME = "yongde_mingliang_school_2022"
PANEL = """
  panel:
    members:
      - {id: zhang, name: 张主任, roles: [lead]}
      - {id: li, name: 李专家, roles: [expert], login: hub-li}
      - {id: wang, name: 王专家, roles: [expert]}
"""


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a finished run."""
    folder = tmp_path_factory.mktemp("review") / "workspace"
    for name in ("params/evidence", "notebooks"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "params" / "evidence" / f"{NAME}.xlsx", folder / "params" / "evidence")
    plan = (ROOT / "params" / f"{NAME}.yaml").read_text(encoding="utf-8")
    (folder / "params" / f"{NAME}.yaml").write_text(plan.rstrip("\n") + PANEL, encoding="utf-8")
    wb.open(folder / "params" / f"{NAME}.yaml", workspace=folder).save()
    return folder


@pytest.fixture(scope="session")
def server(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server; ended in every case."""
    made = Server(workspace, free_port(), tmp_path_factory.mktemp("server") / "said.txt")
    try:
        yield made.start()
    finally:
        process = getattr(made, "process", None)
        if process is not None and process.poll() is None:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="session")
def ledger(server: Server) -> Iterator[SqlLedger]:
    opened = open_ledger(server.workspace, EVALUATION)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def access(ledger: SqlLedger) -> Access:
    return Access(ledger)


@pytest.fixture(scope="session")
def token(access: Access) -> Callable[..., str]:
    """A fresh token for a member."""
    return lambda member="li", days=14: access.issue(member, "zhang", days)


@pytest.fixture(scope="session")
def everyone(server: Server, token: Callable[..., str]) -> dict[str, Browser]:
    """李 and 王 with the review open in a browser each."""
    return {member: server.browser().enter(token(member)).open() for member in ("li", "wang")}
