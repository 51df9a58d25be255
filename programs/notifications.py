"""What mails of this floor say, read when they are sent."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from mentoring import clock, outbox
from mentoring.accounts.permissions import Role
from mentoring.outbox import Mail, Notification, Suppress
from programs.models import Absence, Cohort, Enrollment, EnrollmentState, Invitation
from programs.services import along, applications, invitations, placing

S = EnrollmentState


def page(name: str, *args: Any) -> str:
    """A page's full address."""
    return settings.SITE_URL + reverse(f"programs:{name}", args=args)


def _enrollment(note: Notification) -> Enrollment | None:
    rows = Enrollment.objects.select_related("person", "cohort__program")
    return rows.filter(pk=note.context["enrollment"]).first()


def _invitation(note: Notification) -> Mail | Suppress:
    rows = list(
        Invitation.objects.select_related("enrollment__person", "enrollment__cohort__program")
        .filter(pk__in=note.context["invitations"], used_at=None, revoked_at=None)
        .filter(enrollment__state=S.INVITED)
        .order_by("pk")
    )
    if not rows:
        return Suppress("the invitation was answered or replaced")
    row, enrollment = rows[0], rows[0].enrollment
    if row.expires_at <= clock.now():
        return Suppress("the invitation has expired")
    places = [
        {
            "role": Role(one.enrollment.role).label,
            "url": page("invitation", invitations.token_for(one)),
        }
        for one in rows
    ]
    return Mail(
        {
            "person": enrollment.person,
            "cohort": enrollment.cohort,
            "program": enrollment.cohort.program,
            "places": places,
            "role": get_text_list([str(place["role"]) for place in places], _("and")),
            "is_new": not enrollment.person.has_usable_password(),
            "until": row.expires_at,
            "days": (row.expires_at - clock.now()).days,
        }
    )


@outbox.kind("invitation", title=_("Invitation to a cohort"), mutable=False)
def invitation(note: Notification) -> Mail | Suppress:
    """You are invited."""
    return _invitation(note)


@outbox.kind("invitation_reminder", title=_("Reminder of an invitation"), mutable=True)
def invitation_reminder(note: Notification) -> Mail | Suppress:
    """You have not answered the invitation."""
    return _invitation(note)


@outbox.kind("invitation_along", title=_("Invitation to take part again"), mutable=False)
def invitation_along(note: Notification) -> Mail | Suppress:
    """You are invited, because we know you from an earlier cohort."""
    mail = _invitation(note)
    if isinstance(mail, Suppress):
        return mail
    place = Invitation.objects.get(pk=note.context["invitations"][0]).enrollment
    batch = place.brought_along.select_related("source").first()
    if batch is None or batch.source is None:
        return mail
    was = Enrollment.objects.filter(cohort=batch.source, person=place.person)
    known = {
        "source": batch.source,
        "mentors_again": any(row.is_mentor for row in was),
        "copied": along.copies_profiles(place.cohort, batch.source),
    }
    return Mail(mail.context | known)


@outbox.kind("placed", title=_("You take part in a cohort"), mutable=False)
def placed(note: Notification) -> Mail | Suppress:
    """You take part without having been asked, and this is the way out."""
    row = (
        Invitation.objects.select_related("enrollment__person", "enrollment__cohort__program")
        .filter(pk=note.context["invitations"][0], used_at=None, revoked_at=None)
        .first()
    )
    if row is None or not row.enrollment.is_present:
        return Suppress("she has been there already, or has left")
    place, mandatory = row.enrollment, placing.mode(row.enrollment.cohort) == placing.MANDATORY
    current = row.expires_at > clock.now()
    return Mail(
        {
            "person": place.person,
            "cohort": place.cohort,
            "program": place.cohort.program,
            "role": Role(place.role).label,
            "is_new": not place.person.has_usable_password(),
            "url": page("invitation", invitations.token_for(row))
            if current
            else page("mine", place.cohort.key, place.key),
            "opt_out_url": "" if mandatory else placing.opt_out_url(place),
        }
    )


@outbox.kind("application_link", title=_("Confirm your address"), mutable=False, urgent=True)
def application_link(note: Notification) -> Mail | Suppress:
    """The link that proves an address and leads to the application."""
    cohort = Cohort.objects.select_related("program").filter(pk=note.context["cohort"]).first()
    if cohort is None or not cohort.applications_open:
        return Suppress("applications are closed")
    token = applications.link_token(
        cohort=cohort,
        email=note.context["email"],
        at=datetime.fromisoformat(note.context["at"]),
    )
    return Mail({"cohort": cohort, "url": page("apply_confirm", cohort.key, token)})


def _about_enrollment(note: Notification, states: tuple[str, ...]) -> Mail | Suppress:
    enrollment = _enrollment(note)
    if enrollment is None or enrollment.state not in states:
        return Suppress("it is no longer so")
    return Mail(
        {
            "person": enrollment.person,
            "enrollment": enrollment,
            "cohort": enrollment.cohort,
            "program": enrollment.cohort.program,
            "role": Role(enrollment.role).label,
            "url": page("cohort", enrollment.cohort.key),
        }
    )


@outbox.kind("application_received", title=_("Somebody has applied"), to={Role.COORDINATOR})
def application_received(note: Notification) -> Mail | Suppress:
    """To the coordinators."""
    mail = _about_enrollment(note, (S.APPLIED,))
    if isinstance(mail, Mail):
        row = mail.context["enrollment"]
        mail.context["url"] = page("person", row.cohort.key, row.key)
    return mail


@outbox.kind("application_accepted", title=_("Your application was accepted"), mutable=False)
def application_accepted(note: Notification) -> Mail | Suppress:
    """To the applicant."""
    return _about_enrollment(note, (S.ACCEPTED, S.ACTIVE))


@outbox.kind("application_waitlisted", title=_("You are on the waiting list"), mutable=False)
def application_waitlisted(note: Notification) -> Mail | Suppress:
    """To the applicant."""
    return _about_enrollment(note, (S.WAITLISTED,))


@outbox.kind("application_declined", title=_("No place this time"), mutable=False)
def application_declined(note: Notification) -> Mail | Suppress:
    """To the applicant."""
    return _about_enrollment(note, (S.DECLINED,))


@outbox.kind("person_left", title=_("Somebody has left a cohort"), to={Role.COORDINATOR})
def person_left(note: Notification) -> Mail | Suppress:
    """To the coordinators."""
    mail = _about_enrollment(note, (S.WITHDRAWN,))
    if isinstance(mail, Mail):
        row = mail.context["enrollment"]
        mail.context["url"] = page("person", row.cohort.key, row.key)
    return mail


@outbox.kind("leave_asked", title=_("Somebody asks to be let go"), to={Role.COORDINATOR})
def leave_asked(note: Notification) -> Mail | Suppress:
    """To the coordinators of a mandatory program."""
    mail = _about_enrollment(note, Enrollment.PRESENT)
    if isinstance(mail, Mail):
        row = mail.context["enrollment"]
        if row.leave_asked_at is None:
            return Suppress("it was answered or taken back")
        mail.context["url"] = page("person", row.cohort.key, row.key)
    return mail


@outbox.kind("leave_answered", title=_("Answer to your wish to be let go"), mutable=False)
def leave_answered(note: Notification) -> Mail | Suppress:
    """To the student who asked."""
    mail = _about_enrollment(note, (*Enrollment.PRESENT, S.WITHDRAWN))
    if isinstance(mail, Mail):
        row = mail.context["enrollment"]
        mail.context["let_go"] = row.state == S.WITHDRAWN
    return mail


@outbox.kind("absence_declared", title=_("An absence was noted for you"), mutable=False)
def absence_declared(note: Notification) -> Mail | Suppress:
    """To the person, when a coordinator declared it in her place."""
    rows = Absence.objects.select_related("enrollment__cohort", "enrollment__person")
    absence = rows.filter(pk=note.context["absence"]).first()
    if absence is None:
        return Suppress("the absence was taken back")
    place = absence.enrollment
    return Mail(
        {
            "person": place.person,
            "absence": absence,
            "cohort": place.cohort,
            "url": page("mine", place.cohort.key, place.key),
        }
    )


@outbox.kind("role_granted", title=_("You were given a role"), mutable=False)
def role_granted(note: Notification) -> Mail | Suppress:
    """To the person who has it now."""
    return _about_enrollment(note, Enrollment.PRESENT)


@outbox.kind("role_given", title=_("Somebody was given a role"), mutable=False)
def role_given(note: Notification) -> Mail | Suppress:
    """To those whom it concerns."""
    mail = _about_enrollment(note, Enrollment.PRESENT)
    if isinstance(mail, Mail):
        row = mail.context["enrollment"]
        mail.context["herself"] = row.granted_by_id == row.person_id
        mail.context["since"] = row.accepted_at
    return mail


@outbox.kind("role_taken", title=_("A role was taken back"), mutable=False)
def role_taken(note: Notification) -> Mail | Suppress:
    """To the person who had it."""
    return _about_enrollment(note, (S.WITHDRAWN,))
