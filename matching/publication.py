"""What publishing a run would set going: said before it is done."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.models import MatchRun
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.outbox.hours import night_note
from programs.models import Cohort
from programs.readiness import blocking

BEFORE = (Cohort.State.PLANNING, Cohort.State.RECRUITING, Cohort.State.MATCHING)


def question(run: MatchRun, pairs: int, reader: User) -> str:
    """Who gets a mail, what begins, from when rules count, and what still stands open."""
    cohort = run.cohort
    people = _people(run)
    parts = [
        ngettext("Publish %(n)d pair?", "Publish %(n)d pairs?", pairs) % {"n": pairs},
        ngettext(
            "The mentorship begins now, and %(people)d people get a mail.",
            "The mentorships begin now, and %(people)d people get a mail.",
            pairs,
        )
        % {"people": people},
        night_note(reader),
    ]
    if cohort.state in BEFORE:
        parts.append(_("The cohort becomes “Running”."))
    if clock.today(cohort.zone) < cohort.planned.starts:
        parts.append(
            _("Its first day is %(day)s: reminders and flags count from then.")
            % {"day": date_format(cohort.planned.starts)}
        )
    open_ = [str(item.title) for item in blocking(cohort)]
    if open_:
        parts.append(_("Not done yet: %(items)s.") % {"items": "; ".join(open_)})
    return " ".join(filter(None, parts))


def _people(run: MatchRun) -> int:
    rows = run.pairs.exclude(mentor=None)
    students = rows.values_list("student__person", flat=True)
    mentors = rows.values_list("mentor__person", flat=True)
    return len(set(students) | set(mentors))
