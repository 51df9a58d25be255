"""What a trial asks of a student: whether she takes part, and, at the end, how content she is."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from matching.models import EndReason, Membership, TrialRecord
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.ports import Card
from programs.models import Enrollment

ASKED_FOR = timedelta(weeks=4)
"""So long after her last day somebody can still say how content she is."""


def due(record: TrialRecord) -> datetime | None:
    """When the time in which her first meeting counts is over; ``None`` before she is drawn."""
    if record.allocated_at is None:
        return None
    return record.allocated_at + timedelta(weeks=record.trial.due_weeks)


def is_due(record: TrialRecord) -> bool:
    """Whether she can say how content she is: her time is over, and she has or had a mentor."""
    return _in_time(record) and _seats().filter(enrollment=record.student_id).exists()


def _in_time(record: TrialRecord) -> bool:
    ends = due(record)
    return ends is not None and ends <= clock.now() <= ends + ASKED_FOR


def is_asked(record: TrialRecord) -> bool:
    """Whether she can say it, and has not."""
    return record.satisfaction is None and record.withdrawn_at is None and is_due(record)


def _seats() -> QuerySet[Membership]:
    return Membership.objects.filter(role=Role.STUDENT).exclude(
        mentorship__end_reason=EndReason.UNDONE
    )


def cards(user: User) -> Iterable[Card]:
    """The question she has not answered, if there is one; one query."""
    rows = (
        TrialRecord.objects.filter(
            student__person=user,
            student__state__in=Enrollment.PRESENT,
            satisfaction=None,
            withdrawn_at=None,
            excluded="",
        )
        .annotate(has_mentor=Exists(_seats().filter(enrollment=OuterRef("student"))))
        .select_related("trial__cohort", "student")
    )
    for row in rows:
        joins = row.trial.is_open and row.consent is None and not row.arm
        if joins or (row.has_mentor and _in_time(row)):
            context = {"record": row, "trial": row.trial, "cohort": row.trial.cohort}
            yield Card(
                f"trial-{row.pk}", "student", 16, "matching/home/trial.html",
                {**context, "joins": joins},
            )  # fmt: skip
