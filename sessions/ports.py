"""What this floor answers to the ports (``mentoring.ports``)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Min
from django.utils.translation import ngettext

from matching.models import Membership
from mentoring.accounts.models import User
from mentoring.ports import Appointment, Card, NavItem, Periodic, Tab
from programs.models import Cohort, Enrollment
from sessions import home, private
from sessions.agreement_ports import agreement_erased, agreement_export
from sessions.appointments import between
from sessions.models import (
    BookingPreferences,
    ChangeRequest,
    Concern,
    Contact,
    DiaryEntry,
    FitAnswer,
    Meeting,
    MeetingState,
    Message,
    Participant,
    Waiting,
    Waiver,
)
from sessions.services import booking, change_requests, diaries, feeds
from sessions.services.concerns import RECIPIENTS


def home_cards(user: User) -> Iterable[Card]:
    """The student's next step and the mentor's today."""
    return home.cards(user)


def periodic() -> Iterable[Periodic]:
    """Reminders of meetings and of answers that wait, looked for every minute."""
    return [Periodic("remind of meetings", "sessions.remind", 60)]


def nav(user: User) -> Iterable[NavItem]:
    """The person's meetings, and concerns sent to her."""
    return home.nav(user)


def cohort_tabs(user: User, cohort: Cohort) -> Iterable[Tab]:
    """Wishes for another mentor."""
    return home.tabs(user, cohort)


def appointments(enrollment: Enrollment, first: date, last: date) -> Iterable[Appointment]:
    """Meetings and proposals of these days, for who is going to be away."""
    return between(enrollment, first, last)


def membership_ended(membership: Membership, by: User | None) -> None:
    """Meetings to come no longer count on this person, and a wish of hers is over."""
    booking.release(membership=membership, by=by)
    change_requests.overtaken(mentorship=membership.mentorship, person=membership.person, by=by)


def membership_started(membership: Membership, by: User | None) -> None:
    """Who joins a group is asked to the meetings that are booked already."""
    booking.ask_along(membership=membership, by=by)


def first_meetings(mentorships: Collection[int]) -> dict[int, datetime]:
    """The first meeting that took place in each of these; one query."""
    rows = Meeting.objects.filter(mentorship__in=mentorships, state=MeetingState.HELD)
    return dict(
        rows.order_by()
        .values("mentorship")
        .annotate(at=Min("starts_at"))
        .values_list("mentorship", "at")
    )


def person_export(user: User) -> dict[str, Any]:
    """Hours, meetings, contacts, and the texts this person wrote."""
    messages = list(Message.objects.filter(author=user).select_related("body"))
    concerns = list(Concern.objects.filter(raised_by=user).select_related("body"))
    wishes = list(ChangeRequest.objects.filter(person=user).select_related("body"))
    diary = list(DiaryEntry.objects.filter(author=user).select_related("body"))
    texts = {model: private.texts(rows) for model, rows in
             ((Message, messages), (Concern, concerns), (ChangeRequest, wishes),
              (DiaryEntry, diary))}  # fmt: skip
    return {
        "availability": _availability(user),
        "meetings": _meetings(user),
        "contacts": list(Contact.objects.filter(noted_by=user).values("at", "channel")),
        "messages": [
            {"sent": row.sent_at, "text": texts[Message].get(row.pk, "")} for row in messages
        ],
        "after the first meeting": list(
            FitAnswer.objects.filter(person=user).order_by("pk").values("answered_at", "answer")
        ),
        **agreement_export(user),
        "concerns": [
            {"raised": row.created_at, "state": row.state, "text": texts[Concern].get(row.pk, "")}
            for row in concerns
        ],
        "wishes": [
            {
                "made": row.created_at,
                "state": row.state,
                "text": texts[ChangeRequest].get(row.pk, ""),
            }
            for row in wishes
        ],
        "diary": _diary(diary, texts[DiaryEntry]),
    }


def _availability(user: User) -> dict[str, Any]:
    preferences = BookingPreferences.objects.filter(person=user)
    return {
        "preferences": list(
            preferences.values("time_zone", "slot_minutes", "mode", "place", "video_link")
        ),
        "hours": list(user.weekly_hours.values("weekday", "starts", "ends")),
        "exceptions": list(user.hours_exceptions.values("kind", "day", "starts", "ends")),
    }


def _meetings(user: User) -> list[dict[str, Any]]:
    seats = Participant.objects.filter(person=user).select_related("meeting")
    return [
        {
            "starts": seat.starts_at,
            "ends": seat.ends_at,
            "state": seat.meeting.state,
            "mode": seat.meeting.mode,
            "place": seat.meeting.place,
            "answer": seat.answer,
            "attendance": seat.attendance,
        }
        for seat in seats.order_by("starts_at")
    ]


def _diary(entries: list[DiaryEntry], texts: dict[int, str]) -> list[dict[str, Any]]:
    return [
        {
            "day": row.day,
            "written": row.written_at,
            "changed": row.updated_at,
            "deleted": row.deleted_at,
            "shared_with_members": row.members_at,
            "shared_with_supervisors": row.supervisor_at,
            "text": texts.get(row.pk, ""),
        }
        for row in entries
    ]


def person_erased(user: User) -> None:
    """Remove what this person wrote and published; that meetings took place stays with partners."""
    feeds.revoke(by=user)
    user.weekly_hours.all().delete()
    user.hours_exceptions.all().delete()
    BookingPreferences.objects.filter(person=user).delete()
    private.erase(Message.objects.filter(author=user))
    private.erase(ChangeRequest.objects.filter(person=user))
    diaries.erase(user)
    agreement_erased(user)
    Waiting.objects.filter(person=user).delete()
    # Why she was active without a training was written about her.
    Waiver.objects.filter(enrollment__person=user).delete()
    # An open concern is a call for help somebody is answering: it goes when it is closed.
    private.erase(Concern.objects.filter(raised_by=user, state=Concern.State.CLOSED))


def leaving_obstacles(user: User, enrollment: Enrollment | None) -> Iterable[str]:
    """Concerns sent to this person, which nobody else reads: she closes them before she leaves."""
    waiting = Concern.objects.filter(recipient=user).exclude(state=Concern.State.CLOSED)
    if enrollment is not None:
        others = enrollment.cohort.enrollments.filter(
            person=user, role__in=RECIPIENTS, state__in=Enrollment.PRESENT
        ).exclude(pk=enrollment.pk)
        if enrollment.role not in RECIPIENTS or others.exists():
            return []
        waiting = waiting.filter(cohort=enrollment.cohort)
    count = waiting.count()
    if not count:
        return []
    return [
        ngettext(
            "%(count)d concern sent to %(name)s is still open, and nobody else can read it. "
            "%(name)s answers and closes it first, or asks its author to turn to somebody else.",
            "%(count)d concerns sent to %(name)s are still open, and nobody else can read them. "
            "%(name)s answers and closes them first, or asks their authors to turn to somebody "
            "else.",
            count,
        )
        % {"count": count, "name": user.full_name}
    ]
