"""Write the documentation pages that are made from code: rules, result, pack and panel fields, policies, findings, commands.

Chinese meanings of parameters and fields stand in ``docs/texts.yaml``; one that lacks there, or stands there for nothing,
stops the generator. ``tests/docs/test_generated.py`` fails when a committed page is not what this script makes.

    python scripts/make_docs.py [--out FOLDER]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from docpages.commands import commands_page
from docpages.expressions import expressions_page
from docpages.fields import pack_page, panel_page, result_page
from docpages.findings import findings_page
from docpages.policies import policies_page
from docpages.recheck import recheck_page
from docpages.rules import rules_page
from docpages.writing import ROOT

from workbench.plugins.manager import load_plugins
from workbench.scheme.library import Library


def pages() -> dict[str, str]:
    """Every generated page: path below docs/ → text."""
    plugins = load_plugins(None)
    library = Library.of(plugins.folders)
    own = {name: kind for name, kind in plugins.kinds.items() if kind.distribution == "workbench"}
    made = {
        "rules.md": rules_page(own),
        "reference/result-fields.md": result_page(),
        "reference/pack-fields.md": pack_page(),
        "reference/panel-fields.md": panel_page(),
        "reference/expressions.md": expressions_page(),
        "reference/findings.md": findings_page(library),
        "reference/recheck-rules.md": recheck_page(),
        "reference/policy-tables.md": policies_page(library),
        "howto/commands.md": commands_page(),
    }
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in made.items()}


def main() -> None:
    """Write the pages in place, or under ``--out``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="write below this folder instead of docs/")
    out = parser.parse_args().out
    for name, text in pages().items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        print(target)


if __name__ == "__main__":
    main()
