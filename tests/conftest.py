"""What holds for every test: compiled kernels, and no skip in CI."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Some environments set this. Every notebook kernel a test starts would then compile all its imports anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Examples are not timed: a busy machine would fail them. In CI they are the same ones every time.
settings.register_profile("workbench", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("workbench")

IN_CI = os.environ.get("CI", "").strip().lower() not in {"", "0", "false", "no"}


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    longrepr: Any = report.longrepr
    reason = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return reason.removeprefix("Skipped: ")


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    # An expected failure is reported as skipped too, but it has run: that is what the attribute tells.
    if report.skipped and not hasattr(report, "wasxfail"):
        report.longrepr = f"skipped in CI, where every test must run: {_why(report)}"
        report.outcome = "failed"


class NoSkips:
    """Turns each skip, of a test or of a whole module, into a failure that keeps the reason."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Any:
        report = yield
        _fail_if_skipped(report)
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Any:
        report = yield
        _fail_if_skipped(report)
        return report


class Untraced:
    """Tests of whole runs, of whole documents and sets of cases, and of properties are not traced for coverage, nor is what
    they set up: tracing doubles their time, and what they reach, the small tests have to reach too.
    """

    whole = (
        *("plugins/", "tests/browser/", "tests/cases/", "tests/docs/", "tests/hostile/", "tests/libreoffice/"),
        *("tests/cluster/test_cluster.py", "tests/quality/"),
        *("tests/cli/test_help.py", "tests/reports/document/test_selfcheck.py", "tests/reports/document/test_word.py"),
        *("tests/reports/papers/test_hostile.py", "tests/reports/test_page.py"),
        *("tests/dossier/sealing/test_crate.py", "tests/dossier/test_notebook.py", "tests/dossier/test_stored.py"),
        *("tests/recheck/test_cases_in_layouts.py", "tests/recheck/test_planted.py"),
        *("tests/reports/checking/test_own.py", "tests/reports/checking/test_own_falsified.py"),
        *("tests/reports/checking/test_planted.py", "tests/review/ledger/test_crash.py"),
        *("tests/runs/test_determinism.py", "tests/runs/test_notebooks.py"),
        *("tests/scoring/test_vectorised.py", "tests/test_golden.py"),
    )

    def __init__(self, root: Path) -> None:
        moved = [name for name in self.whole if not (root / name).exists()]
        assert not moved, f"tests that are not to be traced are not there: {moved}"

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        tracing, tracing_in_threads = sys.gettrace(), threading.gettrace()
        by_coverage = type(tracing).__module__.startswith("coverage")  # and not by a debugger
        if not by_coverage or not self._is_untraced(item):
            return (yield)
        # Not by pytest-cov's no_cover: in a worker of xdist it stops one of two measurements, and the other goes on.
        sys.settrace(None)
        threading.settrace(None)
        try:
            return (yield)
        finally:
            threading.settrace(tracing_in_threads)
            sys.settrace(tracing)

    def _is_untraced(self, item: pytest.Item) -> bool:
        of_properties = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        return of_properties or item.nodeid.startswith(self.whole)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Untraced(config.rootpath), "workbench-untraced")
    # A plugin of its own, because hooks of this file would be asked only for the tests beside it, not for plugins/.
    if IN_CI:
        config.pluginmanager.register(NoSkips(), "workbench-no-skips")


def pytest_collection_finish() -> None:
    # Modules and tests stay until the end: the garbage collector need not walk through them again and again.
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def warm_notebooks() -> Iterator[None]:
    """For modules whose point is not the engine: papermill's own gives way to the warm one, which writes the same bytes
    (tests/warm/test_runs.py) without starting a kernel each time.
    """
    from papermill.engines import papermill_engines

    from workbench.warm.engine import WarmEngine

    own = papermill_engines.get_engine(None)
    papermill_engines.register(None, WarmEngine)
    yield
    papermill_engines.register(None, own)


@pytest.fixture(scope="session")
def chinese_fonts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment for programs that draw text by fontconfig: the system's fonts, and the Chinese one charts use."""
    from workbench.reports.style import font_path

    folder = tmp_path_factory.mktemp("fontconfig")
    parts = [
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>',
        f"<dir>{font_path().parent}</dir>",
        f"<cachedir>{folder / 'cache'}</cachedir>",
    ]
    config = folder / "fonts.conf"
    config.write_text(f"<fontconfig>{''.join(parts)}</fontconfig>", encoding="utf-8")
    return {"FONTCONFIG_FILE": str(config)}


@pytest.fixture(scope="session")
def convert(
    chinese_fonts: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[list[Path], str], Path]:
    """Converts files to a format with LibreOffice, in a profile of its own, and says where they are."""
    for program in ("soffice", "lowriter", "pdffonts"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not on this machine; scripts/install-system-packages.sh installs it")
    profile = tmp_path_factory.mktemp("profile")

    def run(paths: list[Path], kind: str) -> Path:
        out = tmp_path_factory.mktemp(kind)
        command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind]
        done = subprocess.run(
            [*command, "--outdir", str(out), *map(str, paths)],
            env=dict(os.environ) | chinese_fonts,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=True,
            timeout=300,
        )
        assert len(list(out.iterdir())) == len(paths), done.stdout.decode()
        return out

    return run
