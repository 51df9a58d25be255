"""What the mail about open policies says, read when it is sent."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mentoring import outbox
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.outbox import Mail, Notification, Suppress
from programs import queries_policies as queries
from programs.models import Cohort


@outbox.kind(
    "policies_open", title=_("Something to read and confirm"), to={Role.STUDENT, *MENTOR_ROLES}
)
def policies_open(note: Notification) -> Mail | Suppress:
    """What is open in one cohort, by title, and the page where it is answered."""
    cohort = Cohort.objects.filter(pk=note.context["cohort"]).first()
    person = note.recipient
    if cohort is None or person is None:
        return Suppress("the cohort or the person is gone")
    waiting = [one for one in queries.open_for(person) if one.cohort_id == cohort.pk]
    if not waiting:
        return Suppress("everything was answered")
    return Mail(
        {
            "person": person,
            "cohort": cohort,
            "policies": waiting,
            "consents": any(one.is_consent for one in waiting),
            "url": settings.SITE_URL + reverse("programs:my_policies"),
        }
    )
