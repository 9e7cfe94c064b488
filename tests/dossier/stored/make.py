"""Makes the dossiers of a version; see tests/dossier/test_stored.py. ``python tests/dossier/stored/make.py v2 FOLDER``."""

from __future__ import annotations

import runpy
import sys
import tempfile
from pathlib import Path

import yaml

from workbench.dossier.sealing.seal import seal
from workbench.dossier.trust.keys import new_key
from workbench.dossier.trust.signing import sign

SAMPLES = runpy.run_path(str(Path(__file__).parents[1] / "verifying" / "conftest.py"))
PLUGIN = """
from workbench.plugins.specs import hookimpl
from workbench.scoring.derivations import Derivation

API_VERSION = 1


def five_more(tables, subjects, params):
    rows = dict(zip(tables["data"].texts("subject"), range(len(subjects))))
    return {"b": [tables["data"].value(rows[s], "d") + 5 for s in subjects]}


@hookimpl
def workbench_derivations():
    return [Derivation("five-more", "1.0.0", five_more, "")]
"""
DOCUMENTS = "documents:\n  items:\n    contract: {files: [合同.txt]}\n"


def reviewed(root: Path, out: Path, public: Path) -> None:
    """Two subjects, a bonus, a review with a correction and its attachment, one paper; signed, the key is thrown away."""
    case = SAMPLES["Case"](root)
    case.review()
    case.sign_off()
    (root / "合同.txt").write_text("委托评价合同", "utf-8")
    (root / "documents.yaml").write_text(DOCUMENTS, "utf-8")
    key = new_key("张三", "主评人", "示例事务所")
    seal(case.saved(), root, out, documents=root / "documents.yaml", sign=lambda data: [sign(data, key)])
    public.write_text(key.public.model_dump_json(indent=2) + "\n", "utf-8")


def plugin(root: Path, out: Path) -> None:
    """A plugin of the workspace adds 5 to the percent of D: 85 % of 20 = 17.00. What it answered is sealed as a table."""
    case = SAMPLES["Case"](root)
    content = yaml.safe_load(SAMPLES["pack"]())
    column = {"name": "b", "title": "加五", "type": "number", "unit": "%"}
    content["pack"]["derived"] = [{"name": "more", "title": "加五", "python": "five-more", "columns": [column]}]
    content["pack"]["indicators"][0]["value"] = "more.b"
    folder = root / "packs" / "small"
    (folder / "pack.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    (folder / "plugin.py").write_text(PLUGIN, "utf-8")
    seal(case.saved(), root, out)


def main(version: str, folder: Path) -> None:
    """Both dossiers and the signer's public key, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        reviewed(Path(scratch) / "a", folder / f"{version}.dossier.zip", folder / f"{version}.pub")
        plugin(Path(scratch) / "b", folder / f"{version}-plugin.dossier.zip")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
