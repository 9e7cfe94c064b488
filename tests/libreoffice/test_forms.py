"""Forms in LibreOffice: whatever stands in it the brief is one page, and the self-evaluation form keeps to the sheet."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.base.yamlio import read_yaml
from workbench.reports.document.content import content
from workbench.reports.document.source import ReportSource
from workbench.reports.document.texts import ReportedProblem, Texts
from workbench.reports.forms.brief import brief
from workbench.reports.gallery import drawn, gallery
from workbench.scheme.plan import Plan
from workbench.scoring.result import RunResult

ROOT = Path(__file__).resolve().parents[2]
NAME = "huangshi_sponge_2022"
LONG = "采购程序启动晚、论证不足、合同签订滞后,Notwithstanding WWWWWWWWWW 2024-06-30(第12号);" * 60


def said(*command: str | Path) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=60).stdout


def longest() -> tuple[ReportSource, list[ReportedProblem]]:
    """A run in which everything a brief tells is as long as it can be: names, twelve levels, losses, consequences, what is open."""
    result = RunResult.model_validate_json((ROOT / "tests" / "golden" / f"{NAME}.json").read_bytes())
    plan = Plan.model_validate(read_yaml(ROOT / "params" / f"{NAME}.yaml").data["plan"])
    (subject,) = result.subjects
    items = [
        i.model_copy(
            update={
                "name": LONG[n : n + 300],
                "final": "0.00",
                "status": "provisional",
                "evidence_status": "已提供未核实",
            }
        )
        for n, i in enumerate(subject.indicators)
    ]
    levels = [subject.levels[0].model_copy(update={"name": f"{n}{LONG[:80]}"}) for n in range(12)]
    further = [subject.consequence[0].model_copy(update={"text": LONG[:400]})] if subject.consequence else []
    changed = {"name": LONG[:200], "indicators": items, "levels": levels, "consequence": further, "provisional": True}
    whole = result.model_copy(update={"subjects": [subject.model_copy(update=changed)]})
    pictures = {c.name: drawn(c).png for c in gallery(result) if c.name.endswith("level_bars")}
    problems = [ReportedProblem(indicators=[i.code], cause=LONG, suggestion=LONG, responsible=LONG) for i in items]
    return ReportSource(whole, "0123456789abcdef" * 4, plan, pictures=pictures), problems


@pytest.fixture(scope="module")
def pages(
    convert: Callable[[list[Path], str], Path],
    keep: Callable[[Path, str], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    folder = tmp_path_factory.mktemp("forms")
    source, problems = longest()
    (folder / "long.docx").write_bytes(brief(source, content(source, Texts()), problems))
    result = RunResult.model_validate_json((ROOT / "tests" / "golden" / f"{NAME}.json").read_bytes())
    usual = ReportSource(result, source.run, source.plan, pictures=source.pictures)
    (folder / "usual.docx").write_bytes(brief(usual, content(usual, Texts()), []))
    made = convert([folder / "long.docx", folder / "usual.docx"], "pdf")
    for name in ("long", "usual"):
        keep(made / f"{name}.pdf", f"brief-{name}")
    return made


@pytest.mark.parametrize("name", ["long", "usual"])
def test_a_brief_is_exactly_one_page(pages, name):
    assert re.search(r"^Pages:\s+1$", said("pdfinfo", pages / f"{name}.pdf"), re.MULTILINE)
    text = re.sub(r"\s", "", said("pdftotext", "-layout", pages / f"{name}.pdf", "-"))
    for heading in ("一、评价结论。", "二、主要失分。1.", "三、结果应用。", "四、待定事项。", "本页数字取自运行"):
        assert heading in text
    assert text.count("……") >= 5 if name == "long" else "99.55分" in text
    assert len(said("pdfimages", "-list", pages / f"{name}.pdf").splitlines()) > 2 or name == "long"
