"""What matching keeps of a person, for herself."""

from typing import Any

from django.db.models import Q

from matching import private
from matching.models import (
    InterviewNote,
    Membership,
    MentorRequest,
    MentorWish,
    StandIn,
    StudentRank,
    TrialRecord,
)
from mentoring.accounts.models import User


def export(user: User) -> dict[str, Any]:
    """Her places with whom and when, what she asked for, ranked and answered, notes about her."""
    return {**_asked(user), **_ranked(user), **_placed(user)}


def _asked(user: User) -> dict[str, Any]:
    return {
        "mentor requests": list(
            MentorRequest.objects.filter(Q(student__person=user) | Q(mentor__person=user))
            .order_by("pk")
            .values(
                "round__cohort__name",
                "student__person__family_name",
                "mentor__person__family_name",
                "created_at",
                "asked_at",
                "ended_at",
                "state",
            )
        ),
        "notes from talks about me": [
            {"cohort": note.enrollment.cohort.name, "written": note.written_at, "text": text}
            for note, text in _notes_about(user)
        ],
        "words to mentors": [
            {"cohort": row.round.cohort.name, "written": row.created_at, "text": private.word(row)}
            for row in MentorRequest.objects.filter(
                student__person=user, body__isnull=False
            ).select_related("round__cohort")
        ],
    }


def _ranked(user: User) -> dict[str, Any]:
    """How a mentor ranked her students is in her own data, not in theirs: she was promised so."""
    return {
        "trials of matching": list(
            TrialRecord.objects.filter(student__person=user)
            .order_by("pk")
            .values(
                "trial__title",
                "consent",
                "answered_at",
                "excluded",
                "arm",
                "allocated_at",
                "withdrawn_at",
                "satisfaction",
            )
        ),
        "my list": list(
            MentorWish.objects.filter(student__person=user)
            .order_by("pk")
            .values("round__cohort__name", "mentor__person__family_name", "rank", "made_at")
        ),
        "my ranking": list(
            StudentRank.objects.filter(mentor__person=user)
            .order_by("pk")
            .values("round__cohort__name", "student__person__family_name", "rank")
        ),
    }


def _placed(user: User) -> dict[str, Any]:
    seats = Membership.objects.filter(person=user).select_related("mentorship__cohort")
    seats = seats.prefetch_related("mentorship__memberships__person")
    stood = StandIn.objects.filter(enrollment__person=user).order_by("pk")
    return {
        "stand-ins": list(stood.values("mentorship__cohort__name", "starts", "ends", "state")),
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
        ],
    }


def _notes_about(user: User) -> list[tuple[InterviewNote, str]]:
    rows = list(
        InterviewNote.objects.filter(enrollment__person=user).select_related(
            "body", "enrollment__cohort"
        )
    )
    texts = private.notes(rows)
    return [(row, texts.get(row.pk, "")) for row in rows]
