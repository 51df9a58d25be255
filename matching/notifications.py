"""Mails about mentorships. Facts are read when a mail is sent, not when it is queued."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.models import Membership, Mentorship
from matching.names import with_whom
from mentoring import outbox
from mentoring.accounts.permissions import Role
from mentoring.outbox.models import Notification, State


@outbox.kind("mentorship_formed", title=_("A new mentor or student"), mutable=False)
def formed(note: Notification) -> outbox.Mail | outbox.Suppress:
    """Who your mentor is, or who your students are, as it stands now."""
    mine = Membership.objects.filter(
        mentorship__in=note.context["mentorships"],
        mentorship__state__in=Mentorship.LIVE,
        person=note.recipient,
        ended_at=None,
    ).select_related("mentorship__cohort")
    groups = {seat.mentorship_id: seat for seat in mine}
    if not groups:
        return outbox.Suppress("the mentorship has ended")
    first = next(iter(groups.values()))
    others = list(
        Membership.objects.filter(mentorship__in=groups, ended_at=None)
        .exclude(person=note.recipient)
        .select_related("person")
        .order_by("person__family_name", "person__given_name")
    )
    students = [seat.person.full_name for seat in others if seat.role == Role.STUDENT]
    group = first.mentorship.name if len(groups) == 1 else ""
    return outbox.Mail(
        {
            "cohort": first.mentorship.cohort,
            "as_student": first.role == Role.STUDENT,
            "mentors": [seat.person.full_name for seat in others if seat.is_mentor],
            "students": students,
            "student_names": with_whom(students),
            "group": group,
            "url": settings.SITE_URL + reverse("home"),
        }
    )


@outbox.kind("mentorship_ended", title=_("A mentorship has ended"), mutable=False)
def ended(note: Notification) -> outbox.Mail | outbox.Suppress:
    """That it ended, and that nobody is at fault; never why."""
    mentorship = (
        Mentorship.objects.select_related("cohort").filter(pk=note.context["mentorship"]).first()
    )
    mine = Membership.objects.filter(mentorship=mentorship, person=note.recipient).first()
    if mentorship is None or mine is None:
        return outbox.Suppress("the mentorship is gone")
    # Those who went together, not everybody who ever left.
    ended_at = Membership.objects.filter(pk=note.context["membership"]).values("ended_at")
    left = Membership.objects.filter(mentorship=mentorship, ended_at__in=ended_at).exclude(
        person=note.recipient
    )
    names = [seat.person.full_name for seat in left.select_related("person")]
    return outbox.Mail(
        {
            "cohort": mentorship.cohort,
            "as_student": mine.role == Role.STUDENT,
            "goes_on": mine.ended_at is None,
            "names": names,
            "url": settings.SITE_URL + reverse("home"),
        }
    )


@outbox.kind("matching_undone", title=_("A matching was taken back"), mutable=False)
def undone(note: Notification) -> outbox.Mail | outbox.Suppress:
    """That the names we wrote do not hold; to those alone who were written to."""
    mentorship = (
        Mentorship.objects.select_related("cohort").filter(pk=note.context["mentorship"]).first()
    )
    if mentorship is None:
        return outbox.Suppress("the mentorship is gone")
    told = Notification.objects.filter(
        recipient=note.recipient,
        kind="mentorship_formed",
        about=f"match_run:{mentorship.run_id}",
        state=State.SENT,
    )
    if not told.exists():
        return outbox.Suppress("nobody had written to her")
    others = Membership.objects.filter(mentorship=mentorship).exclude(person=note.recipient)
    names = with_whom([seat.person for seat in others.select_related("person")])
    return outbox.Mail({"cohort": mentorship.cohort, "names": names})
