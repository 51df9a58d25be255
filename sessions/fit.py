"""Of whom it is still asked whether two go together, and what was said, counted."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from matching.models import Membership
from matching.names import with_whom
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.accounts.visibility import sees_meeting_counts
from mentoring.ports import Card, FitLine
from programs.models import Cohort
from sessions.models import Fit, FitAnswer, Meeting, MeetingState

SAID = {
    "good": _("Good to hear. Thank you."),
    "unsure": _("Thank you. A few meetings often tell; you are asked again in some weeks."),
    "not": _(
        "Thank you for saying so. The coordinators know that you would like a change; the other "
        "side does not. Until they answer everything stays as it is."
    ),
}
LEAST = 5
AGAIN = timedelta(weeks=4)
"""Whoever was not sure is asked again after that time."""


def asked_in(user: User, places: Iterable[Membership]) -> set[int]:
    """The mentorships, of these places, in which this person is asked now; one query.

    After the first meeting; in a group, students alone.
    """
    wanted = [place.mentorship_id for place in places if _is_asked(place)]
    if not wanted:
        return set()
    said = FitAnswer.objects.filter(person=user, mentorship=OuterRef("mentorship"))
    settled = said.exclude(Q(answer=Fit.UNSURE, answered_at__lt=clock.now() - AGAIN))
    met = Meeting.objects.filter(mentorship__in=wanted, state=MeetingState.HELD)
    return set(met.filter(~Exists(settled)).order_by().values_list("mentorship", flat=True))


def _is_asked(place: Membership) -> bool:
    if not place.is_mentor:
        return True
    students = [
        member
        for member in place.mentorship.memberships.all()
        if not member.is_mentor and member.ended_at is None
    ]
    return len(students) == 1 and place.ends_at is None


def cards(user: User, places: Iterable[Membership]) -> Iterable[Card]:
    """“Do you go together?”, for each mentorship in which it is asked."""
    listed = list(places)
    wanted = asked_in(user, listed)
    for place in listed:
        if place.mentorship_id in wanted:
            others = [
                member.person
                for member in place.mentorship.memberships.all()
                if member.ended_at is None and member.is_mentor != place.is_mentor
            ]
            yield Card(
                f"fit-{place.mentorship.key}",
                "mentor" if place.is_mentor else "student",
                order=14,
                template="sessions/home/fit.html",
                context={
                    "mentorship": place.mentorship,
                    "names": with_whom(others),
                    "answers": Fit,
                },
            )


def lines(cohort: Cohort, mentorships: Collection[int]) -> list[FitLine]:
    """How many students and mentors of these said what; nothing where the level forbids it.

    Of each side the first five, ten, … who answered: one more answer would tell what it was.
    """
    if not sees_meeting_counts(cohort.level):
        return []
    said: dict[str, list[str]] = {"student": [], "mentor": []}
    rows = FitAnswer.objects.filter(mentorship__in=mentorships).order_by("answered_at", "pk")
    for role, answer in rows.values_list("role", "answer"):
        said["student" if role == Role.STUDENT else "mentor"].append(answer)
    told = {
        side: Counter(answers[: len(answers) // LEAST * LEAST])
        for side, answers in said.items()
        if len(answers) >= LEAST
    }
    if not told:
        return []
    return [
        FitLine(
            Fit(answer).label,
            told["student"][answer] if "student" in told else None,
            told["mentor"][answer] if "mentor" in told else None,
        )
        for answer in Fit.values
    ]
