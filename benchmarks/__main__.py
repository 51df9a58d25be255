"""``python -m benchmarks [name]``: measure all, or one; results are kept as JSON lines."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.jsonl"
BENCHES = {
    "catalog": "benchmarks.catalog",
    "degenerate": "benchmarks.degenerate",
    "first-month": "benchmarks.first_month",
    "groups": "benchmarks.groups",
    "job": "benchmarks.job",
    "lists": "benchmarks.lists",
    "match-optimal": "benchmarks.match_optimal",
    "match-peers": "benchmarks.match_peers",
    "outbox": "benchmarks.outbox",
    "scan": "benchmarks.scan",
    "simulate": "benchmarks.simulate",
}


def main() -> int:
    wanted = sys.argv[1:] or sorted(BENCHES)
    unknown = sorted(set(wanted) - set(BENCHES))
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are {', '.join(sorted(BENCHES))}")
        return 2
    for name in wanted:
        rows = []
        print(f"\n{name}", flush=True)
        for row in import_module(BENCHES[name]).measure():
            rows.append({"bench": name, **row})
            _print_row(rows[-1], first=len(rows) == 1)
            with RESULTS.open("a", encoding="utf-8") as results:
                results.write(json.dumps(rows[-1]) + "\n")
    return 0


def _print_row(row: dict[str, Any], *, first: bool) -> None:
    fields = [name for name in row if name != "bench"]
    if first:
        print("  ".join(f"{name:>12}" for name in fields))
    print("  ".join(f"{_shown(row[name]):>12}" for name in fields), flush=True)


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main())
