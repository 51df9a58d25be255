"""The figures of a run as pictures, with a table behind each."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.models import MatchRun
from mentoring.ui import charts


def loads(run: MatchRun) -> str:
    """How many mentors get how many students from this run."""
    data = [
        (ngettext("%(n)d student", "%(n)d students", int(n)) % {"n": int(n)}, mentors)
        for n, mentors in sorted(run.result.get("loads", {}).items(), key=lambda x: int(x[0]))
    ]
    return charts.bars(_("Mentors by number of students from this run"), data) if data else ""


def sizes(run: MatchRun) -> str:
    """How many groups are how large."""
    data = [
        (ngettext("%(n)d student", "%(n)d students", int(n)) % {"n": int(n)}, groups)
        for n, groups in sorted(run.result.get("sizes", {}).items(), key=lambda x: int(x[0]))
    ]
    return charts.bars(_("Groups by number of students"), data) if data else ""
