"""What matching answers to the ports of lower floors."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching import queries
from matching.models import MatchRun, Membership, Mentorship
from mentoring import access, ports
from mentoring.access import Permission
from mentoring.accounts.models import User
from programs.models import Cohort

CARDS = 3


def tabs(user: User, cohort: Cohort) -> Iterable[ports.Tab]:
    """The matching page and the list of mentorships, for coordinators."""
    if not access.can(user, Permission.RUN_MATCHING, cohort):
        return []
    return [
        ports.Tab(
            "matching", _("Matching"), reverse("matching:overview", args=[cohort.key]), order=40
        ),
        ports.Tab(
            "mentorships",
            _("Mentorships"),
            reverse("matching:mentorships", args=[cohort.key]),
            order=50,
        ),
    ]


def cards(user: User) -> Iterable[ports.Card]:
    """Runs that wait for a coordinator's review; and that somebody has no partner yet."""
    for place in queries.awaiting_partner(user):
        audience: Any = "student" if place.is_student else "mentor"
        yield ports.Card(
            f"no-partner-{place.key}", audience, 15, "matching/home/no_partner.html",
            {"place": place, "cohort": place.cohort},
        )  # fmt: skip
    waiting = list(queries.awaiting_review(user)[:CARDS])
    if waiting:
        yield ports.Card(
            "matching-review", "coordinator", 20, "matching/home/review.html", {"runs": waiting}
        )


def export(user: User) -> dict[str, Any]:
    """A person's places in mentorships: with whom, when."""
    seats = Membership.objects.filter(person=user).select_related("mentorship__cohort")
    seats = seats.prefetch_related("mentorship__memberships__person")
    return {
        "mentorships": [
            {
                "cohort": seat.mentorship.cohort.name,
                "role": seat.role,
                "from": seat.started_at,
                "until": seat.ended_at,
                "with": [
                    other.person.full_name
                    for other in seat.mentorship.memberships.all()
                    if other.person_id != user.pk
                ],
            }
            for seat in seats
        ]
    }


def erase(user: User) -> None:
    """Takes a person's facts out of stored inputs and reasons; pairs and dates stay."""
    cohorts = user.enrollments.values_list("cohort_id", flat=True)
    for run in MatchRun.objects.filter(cohort__in=list(cohorts)):
        for people in (run.inputs.get("students", []), run.inputs.get("mentors", [])):
            for facts in people:
                if facts["person"] == user.pk:
                    facts.update(
                        interests=[], languages=[], campus="", track="", gender="", free_time="0x0"
                    )
                    for answer in ("choices", "expectation"):
                        facts.pop(answer, None)
        run.save(update_fields=["inputs"])
        mine = run.pairs.filter(student__person=user) | run.pairs.filter(mentor__person=user)
        mine.update(reasons=[])


def figures(cohort: Cohort) -> dict[str, Any]:
    """Mentorships, who is matched, and how many students each mentor has."""
    students = Membership.objects.filter(
        mentorship__cohort=cohort, role="student", ended_at=None
    ).count()
    return {
        "mentorships": Mentorship.objects.filter(cohort=cohort).count(),
        "students_matched": students,
        "students_unmatched": queries.unplaced_count(cohort),
        "mentor_loads": {str(load): count for load, count in queries.load_counts(cohort).items()},
    }
