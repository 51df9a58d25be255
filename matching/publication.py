"""What publishing a run would set going: said before it is done."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching import queries
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
    early = clock.today(cohort.zone) < cohort.planned.starts
    parts = [_what(run, pairs), _begins(run, pairs, early=early), night_note(reader)]
    if cohort.state in BEFORE:
        parts.append(_("The cohort becomes “Running”."))
    if early:
        parts.append(
            _("The first day is %(day)s: reminders and flags count from then.")
            % {"day": date_format(cohort.planned.starts)}
        )
    open_ = [str(item.title) for item in blocking(cohort)]
    if open_:
        parts.append(_("Not done yet: %(items)s.") % {"items": "; ".join(open_)})
    return " ".join(filter(None, parts))


def _what(run: MatchRun, pairs: int) -> str:
    groups = set()
    if run.groups:
        groups = set(queries.to_publish(run).exclude(group=None).values_list("group", flat=True))
    if not groups:
        return ngettext("Publish %(n)d pair?", "Publish %(n)d pairs?", pairs) % {"n": pairs}
    words = ngettext(
        "Publish %(groups)d group with %(n)d students?",
        "Publish %(groups)d groups with %(n)d students?",
        len(groups),
    )
    return words % {"groups": len(groups), "n": pairs}


def _begins(run: MatchRun, pairs: int, *, early: bool) -> str:
    if early:
        words = ngettext(
            "They can meet before the first day, too, and %(people)d people get a mail.",
            "All of them can meet before the first day, too, and %(people)d people get a mail.",
            pairs,
        )
    else:
        words = ngettext(
            "The mentorship begins now, and %(people)d people get a mail.",
            "The mentorships begin now, and %(people)d people get a mail.",
            pairs,
        )
    return words % {"people": _people(run)}


def _people(run: MatchRun) -> int:
    """Everyone whom the publication writes to: all who lead a group, too."""
    rows = queries.to_publish(run)
    people = set(rows.values_list("student__person", flat=True))
    people |= set(rows.values_list("mentor__person", flat=True))
    if run.groups:
        leaders = queries.group_leaders(run, rows.values_list("group", flat=True))
        people |= {one.pk for members in leaders.values() for one in members}
    return len(people)
