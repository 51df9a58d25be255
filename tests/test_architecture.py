"""How the house is built: floors, one clock, one way out for mail, the table of ports."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from mentoring import ports

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ["mentoring", "programs", "matching", "sessions", "evaluation"]
ROOF = {"settings", "urls", "celery", "wsgi", "asgi", "simulation", "ops"}
MODULE_LINES, FUNCTION_LINES = 400, 60

CLOCK_CALLS = re.compile(
    r"\b(datetime\.(now|utcnow|today)|date\.today|timezone\.(now|localdate|localtime\(\))"
    r"|time\.(time|monotonic|perf_counter))\b\s*\(?"
)
MAIL_NAMES = {"send_mail", "send_mass_mail", "mail_admins", "mail_managers", "get_connection"}
MAIL_CLASSES = {"EmailMessage", "EmailMultiAlternatives"}


def sources(*folders: str) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    )


OURS = sources(*FLOORS)


def floor_of(path: Path) -> int:
    """0 for the ground floor, up to 5 for the roof."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[0] == "mentoring" and len(parts) > 1 and parts[1] in ROOF:
        return len(FLOORS)
    return FLOORS.index(parts[0])


def imported(path: Path) -> Iterator[str]:
    """The dotted names a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_a_lower_floor_never_imports_a_higher_one():
    breaches = []
    for path in OURS:
        for name in imported(path):
            parts = name.split(".")
            if parts[0] not in FLOORS:
                continue
            roof = parts[0] == "mentoring" and len(parts) > 1 and parts[1] in ROOF
            target = len(FLOORS) if roof else FLOORS.index(parts[0])
            if target > floor_of(path) and name != "mentoring.celery.app":
                breaches.append(f"{path.relative_to(ROOT)} imports {name}")
    assert breaches == []


def test_engines_know_no_django():
    engines = sources("matching/engine", "matching/trials", "sessions/slots", "sessions/ics")
    breaches = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in engines
        for name in imported(path)
        if name.split(".")[0] in {"django", "celery"}
    ]
    assert engines
    assert breaches == []


def test_only_the_clock_reads_the_clock():
    calls = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in OURS
        if path != ROOT / "mentoring" / "clock.py"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if CLOCK_CALLS.search(line.split("#")[0])
    ]
    assert calls == []


def test_mail_leaves_by_the_outbox_only():
    breaches = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in OURS
        if ROOT / "mentoring" / "outbox" not in path.parents
        # The doctor opens a connection to see whether it can be had, and sends nothing.
        if path != ROOT / "mentoring" / "ops" / "doctor.py"
        for name in imported(path)
        if name.startswith("django.core.mail") and name.split(".")[-1] in MAIL_NAMES | MAIL_CLASSES
    ]
    assert breaches == []


def test_no_signals():
    breaches = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in OURS
        for name in imported(path)
        if name.startswith("django.db.models.signals") or name == "django.dispatch.receiver"
    ]
    assert breaches == []


def test_no_file_names_a_package_index():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    forbidden = re.compile(
        rb"(--(extra-)?index-url|--find-links|index-url\s*=|pypi\.org/simple|files\.pythonhosted)"
    )
    naming = [
        name
        for name in listed.stdout.split("\0")
        if name and name != "tests/test_architecture.py" and (ROOT / name).is_file()
        if forbidden.search((ROOT / name).read_bytes())
    ]
    assert naming == []


def test_migrations_never_import_an_apps_code():
    breaches = [
        f"{path.relative_to(ROOT)} imports {name}"
        for floor in FLOORS
        for path in (ROOT / floor).rglob("migrations/0*.py")
        for name in imported(path)
        if re.search(r"\.(services|queries|views|forms)\b", name)
    ]
    assert breaches == []


# Who answers which port, in order: read it before you add somebody.
PORTS: dict[str, list[str]] = {
    "absence ended": ["matching.services.stand_ins.absence_ended"],
    "activation gates": [
        "programs.policy_ports.activation_gates",
        "sessions.training_ports.activation_gates",
    ],
    "appointments": ["sessions.ports.appointments"],
    "held back": ["sessions.before.held_back"],
    "cohort tabs": [
        "programs.ports.tabs",
        "evaluation.ports.report_tabs",
        "evaluation.ports.tabs",
        "evaluation.surveys.ports.tabs",
        "matching.ports.tabs",
        "sessions.certificate_ports.cohort_tabs",
        "sessions.ports.cohort_tabs",
        "sessions.training_ports.cohort_tabs",
    ],
    "enrollment completed": [
        "sessions.training_ports.enrollments_completed",
        "matching.services.finishing.enrollments_completed",
    ],
    "enrollment reopened": ["matching.services.finishing.enrollments_reopened"],
    "enrollment left": [
        "sessions.training_ports.enrollment_left",
        "matching.services.mentorships.enrollment_left",
    ],
    "confidentiality": ["programs.ports.levels"],
    "history": [
        "evaluation.ports.history",
        "matching.history.about",
        "sessions.history.about",
    ],
    "home cards": [
        "programs.home.cards",
        "evaluation.ports.home_cards",
        "evaluation.ports.report_cards",
        "evaluation.surveys.ports.home_cards",
        "matching.ports.cards",
        "sessions.ports.home_cards",
        "sessions.training_ports.home_cards",
    ],
    "fit": ["sessions.fit.lines"],
    "first meetings": ["sessions.ports.first_meetings"],
    "facts settled": ["evaluation.ports.facts_settled"],
    "leaving obstacles": ["sessions.ports.leaving_obstacles"],
    "membership ended": [
        "sessions.ports.membership_ended",
        "evaluation.ports.membership_ended",
    ],
    "membership started": ["sessions.ports.membership_started"],
    "nav": ["programs.home.nav", "sessions.ports.nav", "sessions.training_ports.nav"],
    "periodic": [
        "evaluation.ports.periodic",
        "matching.ports.periodic",
        "mentoring.jobs.ports.periodic",
        "mentoring.outbox.ports.periodic",
        "programs.ports.periodic",
        "sessions.ports.periodic",
    ],
    "person erased": [
        "programs.ports.erase",
        "evaluation.ports.erase",
        "matching.erasing.erase",
        "mentoring.outbox.ports.erase",
        "sessions.certificate_ports.person_erased",
        "sessions.ports.person_erased",
    ],
    "person pages": ["sessions.certificate_ports.person_pages"],
    "person cards": ["sessions.before.person_cards"],
    "place facts": [
        "matching.ports.place_facts",
        "sessions.training_ports.place_facts",
        "sessions.certificate_ports.place_facts",
    ],
    "roles": ["programs.ports.roles"],
    "person export": [
        "evaluation.ports.export",
        "evaluation.surveys.ports.export",
        "matching.exporting.export",
        "mentoring.outbox.ports.export",
        "programs.ports.export",
        "sessions.certificate_ports.person_export",
        "sessions.ports.person_export",
        "sessions.training_ports.person_export",
    ],
    "readiness": [
        "programs.readiness.items",
        "sessions.training_readiness.readiness",
        "evaluation.surveys.ports.readiness",
    ],
    "year: lines": ["matching.services.years.lines"],
    "year: obstacles": [
        "matching.services.years.obstacles",
        "sessions.services.years.obstacles",
    ],
    "year: rolled": ["sessions.services.years.rolled", "matching.services.years.rolled"],
    "year: times up": ["matching.services.years.times_up_in"],
    "year: undone": ["matching.services.years.undone", "sessions.services.years.undone"],
    "simulated figures": ["evaluation.surveys.ports.figures", "matching.ports.figures"],
}


def test_the_table_of_ports():
    assert {port.name: port.who for port in ports.all_ports()} == PORTS


def lengths() -> tuple[dict[str, int], dict[str, int]]:
    """Lines of every module and of every function."""
    modules, functions = {}, {}
    for path in OURS:
        text = path.read_text()
        name = str(path.relative_to(ROOT))
        modules[name] = text.count("\n")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                functions[f"{name}:{node.lineno} {node.name}"] = (
                    (node.end_lineno or node.lineno) - node.lineno + 1
                )
    return modules, functions


def report() -> str:
    """Median and maximum of module and function lengths, for people."""
    lines = []
    for what, measured in zip(("modules", "functions"), lengths(), strict=True):
        worst = max(measured, key=lambda name: measured[name])
        lines.append(
            f"{len(measured)} {what}: median {median(measured.values()):.0f} lines, "
            f"longest {measured[worst]} ({worst})"
        )
    return "\n".join(lines)


def test_modules_and_functions_stay_short():
    modules, functions = lengths()
    sys.stdout.write(report() + "\n")
    too_long = {name: size for name, size in modules.items() if size > MODULE_LINES}
    too_long |= {name: size for name, size in functions.items() if size > FUNCTION_LINES}
    assert too_long == {}


if __name__ == "__main__":
    sys.stdout.write(report() + "\n")
