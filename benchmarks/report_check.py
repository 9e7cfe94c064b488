"""The report checker on fifty clean and two hundred falsified reports: what it finds, what it cries wolf at, how fast it is."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "reports" / "checking"))


def main() -> list[dict[str, Any]]:
    """Recall on the falsified, alarms on the clean; both with the time a report takes."""
    from report_cases import clean, mutants
    from report_checked import checked

    whole = [report.body() for report in clean()]
    wrong = [(m.kind, m.report.body({m.key: m.after})) for m in mutants()]
    start = time.perf_counter()
    alarms = sum(bool(checked(body).found) for body in whole)
    missed = [kind for kind, body in wrong if not checked(body).found]
    each = (time.perf_counter() - start) / (len(whole) + len(wrong)) * 1000
    kinds = len({kind for kind, _ in wrong})
    return [
        {
            "what": f"report check: contradictions found in {len(wrong)} falsified reports ({kinds} kinds of number)",
            "baseline": f"{len(wrong)} planted",
            "ours": f"{len(wrong) - len(missed)} found, {each:.0f} ms each",
            "ratio": f"{(len(wrong) - len(missed)) / len(wrong):.1%}",
            "goal": "100%",
            "met": not missed,
        },
        {
            "what": f"report check: false alarms on {len(whole)} clean reports",
            "baseline": "0",
            "ours": f"{alarms}",
            "ratio": f"{alarms / len(whole):.1%}",
            "goal": "0%",
            "met": not alarms,
        },
    ]


if __name__ == "__main__":
    for row in main():
        print(row)
