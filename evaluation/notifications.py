"""The mails of this floor. Each is written when it is sent, from the facts of that moment."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from evaluation import presenters, queries
from evaluation.models import Broadcast, Flag
from evaluation.monitoring import diary_overdue as diary
from evaluation.monitoring import unresponsive
from evaluation.monitoring.standing import standing
from matching.models import Mentorship
from matching.names import with_whom
from mentoring import clock, links, outbox
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES, PARTICIPANT_ROLES, Role
from mentoring.outbox import Mail, Notification, Suppress
from mentoring.rows import sole
from programs.models import Cohort, Enrollment
from sessions import agreements, exchanges, standings
from sessions.circle import circle
from sessions.models import Contact, Meeting, MeetingState, Message, SupervisorGroup

CHECK_DAYS = 30
DIGEST_LENGTH = 12


def page(name: str, *args: object) -> str:
    """The absolute address of a page."""
    return settings.SITE_URL + reverse(name, args=args)


def _mentorship(note: Notification) -> Mentorship | None:
    """The mentorship, as long as it goes on and the reader is in it."""
    rows = Mentorship.objects.filter(
        pk=note.context["mentorship"],
        state=Mentorship.State.ACTIVE,
        memberships__person=note.recipient,
        memberships__ended_at=None,
    )
    return sole(rows)


def _others(mentorship: Mentorship, reader: User, student: int | None) -> str:
    """The names of those on the other side; for a mentor, of the student it is about."""
    live = list(mentorship.memberships.filter(ended_at=None).select_related("person"))
    mentor = any(member.is_mentor for member in live if member.person_id == reader.pk)
    names = [
        member.person.full_name
        for member in live
        if member.is_mentor != mentor and (not mentor or student in {None, member.enrollment_id})
    ]
    return with_whom(sorted(names), group=mentorship.name)


def _about_pair(note: Notification, **more: Any) -> Mail | Suppress:
    mentorship, reader = _mentorship(note), note.recipient
    if mentorship is None or reader is None:
        return Suppress("no longer in this mentorship")
    facts = {
        "others": _others(mentorship, reader, note.context.get("student")),
        "page_url": page("sessions:mentorship", mentorship.key),
        "help_url": settings.SITE_URL + "/help/",
    }
    return Mail(facts | more)


def _met_or_booked(note: Notification) -> bool:
    """Whether the pair, or the student of a group it is about, has met or is about to."""
    pair, student = note.context["mentorship"], note.context.get("student")
    held = Meeting.objects.filter(mentorship=pair, state=MeetingState.HELD)
    if student is not None:
        held = held.filter(participants__enrollment=student, participants__attendance="present")
    return held.exists() or standing(clock.now()).filter(mentorship=pair).exists()


@outbox.kind("never_met_student", title=_("You have not met your mentor yet"), to={Role.STUDENT})
def never_met_student(note: Notification) -> Mail | Suppress:
    if _met_or_booked(note):
        return Suppress("they have met or booked a meeting")
    mentorship, reader = _mentorship(note), note.recipient
    if mentorship is None or reader is None:
        return Suppress("no longer in this mentorship")
    check = links.make(
        purpose="evaluation.contacted", user=reader, subject=mentorship.key, max_age=CHECK_DAYS
    )
    return _about_pair(note, check_url=check)


@outbox.kind("never_met_mentor", title=_("You have not met your student yet"), to=MENTOR_ROLES)
def never_met_mentor(note: Notification) -> Mail | Suppress:
    if _met_or_booked(note):
        return Suppress("they have met or booked a meeting")
    return _about_pair(note)


@outbox.kind("missed_student", title=_("Missed meetings: what would help?"), to={Role.STUDENT})
def missed_student(note: Notification) -> Mail | Suppress:
    return _unless_met(note)


@outbox.kind("missed_student_mentor", title=_("Your student missed meetings"), to=MENTOR_ROLES)
def missed_student_mentor(note: Notification) -> Mail | Suppress:
    return _unless_met(note)


@outbox.kind(
    "missed_mentor", title=_("Meetings that fell through: what would help?"), to=MENTOR_ROLES
)
def missed_mentor(note: Notification) -> Mail | Suppress:
    return _unless_met(note)


def _unless_met(note: Notification) -> Mail | Suppress:
    held = Meeting.objects.filter(
        mentorship=note.context["mentorship"],
        state=MeetingState.HELD,
        starts_at__gt=note.context["since"],
    )
    return Suppress("they have met since") if held.exists() else _about_pair(note)


@outbox.kind("unanswered", title=_("A student waits for your answer"), to=MENTOR_ROLES)
def unanswered(note: Notification) -> Mail | Suppress:
    waiting = unresponsive.waiting_since(note.context["mentorship"], clock.now())
    if waiting is None:
        return Suppress("answered since")
    return _about_pair(note, since=waiting)


@outbox.kind("diary_overdue", title=_("A diary entry waits to be written"), to=PARTICIPANT_ROLES)
def diary_overdue(note: Notification) -> Mail | Suppress:
    reader, pair = note.recipient, note.context["mentorship"]
    due = datetime.fromisoformat(note.context["since"])
    if reader is None or diary.written_since(pair, reader.pk, due):
        return Suppress("written since")
    return _about_pair(note, diary_url=page("sessions:diary"))


@outbox.kind("gone_silent", title=_("You have not been in touch for a while"), to=PARTICIPANT_ROLES)
def gone_silent(note: Notification) -> Mail | Suppress:
    pair = {"mentorship": note.context["mentorship"]}
    moments = exchanges.moments(
        Meeting.objects.filter(**pair),
        Contact.objects.filter(**pair),
        Message.objects.filter(**pair),
    ).get(pair["mentorship"], [])
    if any(at > note.created_at for at in moments):
        return Suppress("in touch since")
    if standing(clock.now()).filter(**pair).exists():
        return Suppress("a meeting is booked")
    return _about_pair(note)


@outbox.kind(
    "agreement_unsigned",
    title=_("Reminder: agree upon how you work together"),
    to=PARTICIPANT_ROLES,
)
def agreement_unsigned(note: Notification) -> Mail | Suppress:
    mentorship, reader = _mentorship(note), note.recipient
    if mentorship is None or reader is None:
        return Suppress("no longer in this mentorship")
    now = agreements.standing(circle(mentorship))
    if now.status == "signed":
        return Suppress("signed since")
    if now.pending is not None and not now.waits_for(reader):
        return Suppress("this reader has signed")
    return _about_pair(
        note,
        proposed=now.pending is not None,
        agreement_url=page("sessions:agreement", mentorship.key),
    )


def _load_counts(notes: Sequence[Notification]) -> None:
    """How everybody stands whom these mails are about, and who they are."""
    about = {note.pk: (note.context["enrollment"], note.context["quota"]) for note in notes}
    counts = standings.counts_of(about.values())
    people = Enrollment.objects.select_related("person").in_bulk({pk for pk, _ in about.values()})
    for note in notes:
        enrollment, _slug = about[note.pk]
        note.loaded = (people.get(enrollment), counts.get(about[note.pk]))


@outbox.kind(
    "quota_missing",
    title=_("Trainings or supervisions still to attend"),
    to=PARTICIPANT_ROLES,
    load=_load_counts,
)
def quota_missing(note: Notification) -> Mail | Suppress:
    return _quota(note, page("sessions:training"), choose=True)


@outbox.kind(
    "quota_missing_supervisor",
    title=_("Somebody in your group misses supervisions"),
    to={Role.SUPERVISOR},
    load=_load_counts,
)
def quota_missing_supervisor(note: Notification) -> Mail | Suppress:
    group = sole(
        SupervisorGroup.objects.filter(
            places__enrollment=note.context["enrollment"],
            places__ended_at=None,
            supervisor__person=note.recipient,
        )
    )
    if group is None:
        return Suppress("no longer in this group")
    return _quota(note, page("sessions:group", group.key), choose=False)


def _quota(note: Notification, url: str, *, choose: bool) -> Mail | Suppress:
    """As it stands when the mail is sent: who has caught up meanwhile hears nothing.

    ``choose``: with the dates that the reader can still choose.
    """
    if note.loaded is None:
        _load_counts([note])
    row, count = note.loaded
    if row is None:
        return Suppress("not on the list any more")
    if count is None or not count.uncovered:
        return Suppress("attended, or chosen a date since")
    facts = {
        "count": count,
        "ends": date_format(count.quota.period.ends, "j F Y"),
        "name": row.person.full_name,
        "dates": _choices(row, count.quota.kind) if choose else [],
        "page_url": url,
    }
    return Mail(facts)


def _choices(row: Enrollment, kind: str) -> list[standings.DateRow]:
    found = [one for one in standings.of(row.person) if one.enrollment.pk == row.pk]
    return [date for one in found for date in one.choices if date.meeting.kind == kind]


@outbox.kind("flag_digest", title=_("What is new in your cohort"), to={Role.COORDINATOR})
def flag_digest(note: Notification) -> Mail | Suppress:
    cohort = Cohort.objects.filter(pk=note.context["cohort"]).first()
    if cohort is None or note.recipient is None:
        return Suppress("nothing to show")
    day = date.fromisoformat(note.context["day"])
    news = queries.flags(cohort).filter(digest=day, state__in=Flag.STANDING)
    flags = list(queries.by_urgency(news))
    if not flags:
        return Suppress("all of them were settled")
    rows = presenters.flag_rows(cohort, flags[:DIGEST_LENGTH])
    return Mail(
        {
            "cohort": cohort,
            "rows": rows,
            "count": len(flags),
            "more": len(flags) - len(rows),
            "page_url": page("evaluation:board", cohort.key),
        }
    )


@outbox.kind("broadcast", title=_("Messages from your coordinator"), mutable=False)
def broadcast(note: Notification) -> Mail | Suppress:
    rows = Broadcast.objects.select_related("cohort", "sent_by")
    message = rows.filter(pk=note.context["broadcast"]).first()
    if message is None:
        return Suppress("the message is gone")
    reply_to = message.sent_by.email if message.sent_by else ""
    return Mail({"message": message}, reply_to=reply_to)
