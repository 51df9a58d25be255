"""What an invitation will say, before it is sent: with one person's words filled in."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone, translation

from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.outbox.delivery.compose import written
from programs.models import Enrollment
from programs.services import placing


@dataclass(frozen=True, slots=True)
class Preview:
    """One mail as its reader gets it; her links are secrets and stay out."""

    who: Enrollment
    subject: str
    text: str


def preview(row: Enrollment, *, places: bool) -> Preview:
    """The first mail to somebody on the list. ``places``: students take part unasked."""
    taken_in = placing.is_placed(row, placing=places)
    kind = "placed" if taken_in else "invitation"
    person, link = row.person, f"{settings.SITE_URL}/invitations/…"
    optional = placing.mode(row.cohort) != placing.MANDATORY
    language = person.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(person.zone):
        context = {
            "person": person,
            "cohort": row.cohort,
            "program": row.cohort.program,
            "role": row.get_role_display(),
            "is_new": not person.has_usable_password(),
            "until": clock.now() + timedelta(days=settings.INVITATION_DAYS),
            "places": [{"role": row.get_role_display(), "url": link}],
            "url": link,
            "opt_out_url": link if taken_in and optional else "",
        }
        subject, text = (written(kind, part, context) for part in ("subject.txt", "body.txt"))
    return Preview(row, " ".join(subject.split()), text.strip())


def previews(waiting: QuerySet[Enrollment], *, places: bool) -> list[Preview]:
    """The mail to the first student and to the first of the others who wait."""
    rows = waiting.select_related("person", "cohort__program").order_by("pk")
    student, other = Q(role=Role.STUDENT), ~Q(role=Role.STUDENT)
    firsts = [rows.filter(kind).first() for kind in (student, other)]
    return [preview(row, places=places) for row in firsts if row is not None]


def by_role(waiting: QuerySet[Enrollment]) -> list[tuple[str, int]]:
    """How many of each role wait for an invitation."""
    counted = waiting.order_by().values_list("role").annotate(n=Count("pk"))
    numbers = dict(counted)
    return [(str(role.label), numbers[role]) for role in Role if role in numbers]
