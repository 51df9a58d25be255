"""The cards on the student's and the mentor's home, and the entry in the navigation."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import Membership
from mentoring import access, clock
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.accounts.visibility import sees_meeting_facts
from mentoring.ports import Card, NavItem, Tab
from programs.models import Cohort, Enrollment
from sessions import agreements, fit, news, queries
from sessions.circle import side_of
from sessions.diary import owed, rows, sight
from sessions.models import BookingPreferences, ChangeRequest, Concern, ContactCheck, Meeting
from sessions.presenters import (
    MeetingRow,
    SlotDay,
    meeting_rows,
    slot_days,
    slot_zone,
    with_people,
)
from sessions.services import availability

SIDES: tuple[Literal["student", "mentor"], ...] = ("student", "mentor")
_NEXT = 5
_SLOTS = 6
_DIARY = 3


def cards(user: User) -> Iterable[Card]:
    """For each part this person plays in a live mentorship."""
    places = list(queries.live_memberships(user))
    for_staff = list(_staff_cards(user))
    if not places:
        return for_staff
    mine = with_people(queries.meetings_of(user))
    waiting = meeting_rows(
        mine.filter(pk__in=queries.waiting_for(user)).order_by("starts_at")[:_NEXT], user
    )
    ahead = meeting_rows(
        mine.filter(state=Meeting.State.BOOKED, starts_at__gt=clock.now()).order_by("starts_at")[
            : _NEXT * 2
        ],
        user,
    )
    unread = queries.unread(user)
    students = [place for place in places if not place.is_mentor]
    mentors = [place for place in places if place.is_mentor]
    found = [*for_staff, *(_student_card(user, place, ahead, unread) for place in students)]
    if mentors:
        found += _mentor_cards(user, mentors, ahead, unread)
        found += _diary_card(user)
    changed = news.changes(user)
    for side, held in (("student", students), ("mentor", mentors)):
        if held:
            found += _notices(
                side,  # type: ignore[arg-type]
                [row for row in waiting if row.side == side],
                news.letters(user, held, unread),
                [change for change in changed if change.side == side],
            )
    return [*found, *fit.cards(user, places), *_agreement_cards(user)]


def _agreement_cards(user: User) -> Iterable[Card]:
    """Agreements that wait for this person's signature, on the home of her part in each."""
    waiting = agreements.waiting_for(user)
    for side in SIDES:
        rows = [row for row in waiting if side_of(row.my_role) == side]
        if rows:
            yield Card(
                "agreement",
                side,
                order=12,
                template="sessions/home/agreement.html",
                context={"rows": rows, "side": side},
            )


def _notices(
    side: Literal["student", "mentor"],
    rows: list[MeetingRow],
    letters: list[news.Letters],
    changed: list[news.Change],
) -> Iterable[Card]:
    """What happened without the reader, and what waits for her."""
    if changed:
        context: dict[str, Any] = {"changes": changed[:_NEXT]}
        yield Card("changed", side, 8, "sessions/home/changed.html", context)
    if rows or letters:
        context = {"rows": rows, "letters": letters, "next": "home"}
        yield Card("waiting", side, 10, "sessions/home/waiting.html", context)


def _staff_cards(user: User) -> Iterable[Card]:
    """Wishes that wait for a coordinator's answer, and concerns nobody has taken up yet."""
    coordinated = Enrollment.objects.filter(
        person=user, role=Role.COORDINATOR, state__in=Enrollment.PRESENT
    ).values("cohort")
    wishes = (
        ChangeRequest.objects.filter(
            state=ChangeRequest.State.OPEN, mentorship__cohort__in=coordinated
        )
        .exclude(mentorship__memberships__person=user)
        .select_related("person", "mentorship__cohort")
        .order_by("created_at", "pk")[:_NEXT]
    )
    concerns = Concern.objects.filter(recipient=user, state=Concern.State.RAISED)
    raised = concerns.select_related("raised_by", "cohort").order_by("-urgent", "created_at", "pk")
    context = {"wishes": list(wishes), "concerns": list(raised[:_NEXT])}
    if any(context.values()):
        yield Card("troubles", "coordinator", 15, "sessions/home/troubles.html", context)


def nav(user: User) -> Iterable[NavItem]:
    """Meetings for everyone who has or could have any; concerns for those they are sent to."""
    found = []
    if queries.live_memberships(user).exists() or queries.meetings_of(user).exists():
        waiting = queries.waiting_for(user).count() + sum(queries.unread(user).values())
        address = reverse("sessions:meetings")
        found.append(
            NavItem("meetings", _("Meetings"), address, "calendar2-week", order=10, badge=waiting)
        )
    found += _diary_nav(user)
    sent = list(Concern.objects.filter(recipient=user).values_list("state", flat=True))
    if sent:
        unread = sent.count(Concern.State.RAISED)
        address = reverse("sessions:concerns")
        found.append(
            NavItem(
                "concerns", _("Concerns"), address, "exclamation-circle", order=20, badge=unread
            )
        )
    return found


def tabs(user: User, cohort: Cohort) -> Iterable[Tab]:
    """Wishes for a change, for the coordinators of a cohort that has mentorships."""
    if not access.can(user, Permission.DECIDE_CHANGE_REQUEST, cohort):
        return []
    wishes = ChangeRequest.objects.filter(mentorship__cohort=cohort).exclude(
        mentorship__memberships__person=user
    )
    states = list(wishes.values_list("state", flat=True))
    if not states:
        return []
    address = reverse("sessions:changes", args=[cohort.key])
    return [
        Tab(
            "changes",
            _("Wishes"),
            address,
            order=60,
            badge=states.count(ChangeRequest.State.OPEN),
        )
    ]


def _student_card(
    user: User, place: Membership, ahead: list[MeetingRow], unread: dict[int, int]
) -> Card:
    mentorship = place.mentorship
    mentors = [
        member.person
        for member in mentorship.memberships.all()
        if member.is_mentor and member.ended_at is None
    ]
    coming = [row for row in ahead if row.meeting.mentorship_id == mentorship.pk]
    days = [] if coming or not mentors else _open_days(mentors[0], user, mentorship.key)
    return Card(
        f"next-{mentorship.key}",
        "student",
        order=9 if coming and coming[0].is_today else 20,
        template="sessions/home/student.html",
        context={
            **asks_for_contact(place),
            "mentorship": mentorship,
            "mentors": mentors,
            "coming": coming[:1],
            "days": days,
            "unread": unread.get(mentorship.pk, 0),
        },
    )


def asks_for_contact(place: Membership) -> dict[str, Any]:
    """Whether “Has your mentor been in touch?” is still open for this student, and her answer."""
    mentorship = place.mentorship
    if place.is_mentor or not mentorship.is_live:
        return {}
    if mentorship.meetings.exists() or mentorship.contacts.exists():
        return {}
    return {
        "asks_contact": True,
        "check": ContactCheck.objects.filter(mentorship=mentorship, person=place.person_id).first(),
        "staff_reads": sees_meeting_facts(mentorship.cohort.level),
    }


def _open_days(mentor: User, student: User, key: str) -> list[SlotDay]:
    slots = availability.open_slots(mentor=mentor, student=student)
    zone = slot_zone(BookingPreferences.objects.filter(person=mentor).first(), student)
    url = reverse("sessions:slots", args=[key])
    return slot_days(islice(slots, _SLOTS), zone=zone, url=url)


def _mentor_cards(
    user: User, places: list[Membership], ahead: list[MeetingRow], unread: dict[int, int]
) -> list[Card]:
    coming = [row for row in ahead if row.side == "mentor"][:_NEXT]
    students = [
        {
            "mentorship": place.mentorship,
            "people": [
                member.person
                for member in place.mentorship.memberships.all()
                if not member.is_mentor and member.ended_at is None
            ],
            "unread": unread.get(place.mentorship_id, 0),
        }
        for place in places
    ]
    # One absence holds for all her students of a cohort.
    enrollments = list({place.enrollment_id: place.enrollment for place in places}.values())
    found = [
        Card(
            "students",
            "mentor",
            order=30,
            template="sessions/home/mentor_students.html",
            context={"students": students, "enrollments": enrollments},
        ),
        Card(
            "coming",
            "mentor",
            order=20,
            template="sessions/home/mentor_coming.html",
            context={"rows": coming},
        ),
    ]
    if not availability.has_hours(user):
        found.append(Card("hours", "mentor", order=5, template="sessions/home/mentor_hours.html"))
    return found


def _diary_card(user: User) -> list[Card]:
    """Diary entries that the program asks for and that are not written, each one tap away."""
    waiting = owed.waiting_for(user, pressing=True)
    if not waiting:
        return []
    shown = {
        "due": rows.due_rows(waiting[:_DIARY], user),
        "more_due": max(0, len(waiting) - _DIARY),
    }
    return [Card("diary", "mentor", order=15, template="sessions/home/diary.html", context=shown)]


def _diary_nav(user: User) -> list[NavItem]:
    """For those who keep a diary or owe one; for supervisors what was shared with them."""
    writes, supervises, mentors = sight.part_of(user)
    address, title = reverse("sessions:diary"), _("Diary")
    if not writes and not (mentors and owed.is_asked(user)):
        if not supervises:
            return []
        address, title = reverse("sessions:shared_diaries"), _("Shared diaries")
    return [NavItem("diary", title, address, "journal-text", order=15)]
