"""What mails about the change of years say, read when they are sent."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentoring import links, outbox
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.outbox import Mail, Notification, Suppress
from programs.models import Cohort, Enrollment, StayQuestion

ANSWER_DAYS = 120


@outbox.kind("completed", title=_("You have completed a program"), mutable=False)
def completed(note: Notification) -> Mail | Suppress:
    """Thank you, and where everything can be read again."""
    rows = Enrollment.objects.select_related("cohort__program", "person")
    place = rows.filter(pk=note.context["enrollment"]).first()
    if place is None or place.state != Enrollment.State.COMPLETED:
        return Suppress("takes part again")
    return Mail(
        {
            "person": place.person,
            "cohort": place.cohort,
            "role": Role(place.role).label,
            "mentors": place.is_mentor,
            "url": settings.SITE_URL + reverse("programs:places"),
        }
    )


@outbox.kind("stay_asked", title=_("Will you mentor next year too?"), to=MENTOR_ROLES)
def stay_asked(note: Notification) -> Mail | Suppress:
    """The question, with one link to answer it."""
    rows = StayQuestion.objects.select_related("roll_over__cohort", "enrollment__person")
    question = rows.filter(pk=note.context["question"]).first()
    if question is None or question.answer or question.roll_over.is_done:
        return Suppress("answered, or the year has begun")
    place = question.enrollment
    if not place.is_present:
        return Suppress("does not take part any more")
    return Mail(
        {
            "person": place.person,
            "cohort": question.roll_over.cohort,
            "starts": question.roll_over.starts,
            "places": place.capacity,
            "url": links.make(
                purpose="programs.stay",
                user=place.person,
                subject=question.key,
                max_age=ANSWER_DAYS,
            ),
        }
    )


@outbox.kind("year_undone", title=_("The new year was taken back"), mutable=False)
def year_undone(note: Notification) -> Mail | Suppress:
    """To whoever read of a new year that was taken back since."""
    cohort = Cohort.objects.filter(pk=note.context["cohort"]).first()
    if cohort is None:
        return Suppress("the cohort is gone")
    return Mail({"cohort": cohort, "url": settings.SITE_URL + reverse("home")})
