"""Take a cohort away that was opened in vain."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring import audit
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment


def what_goes(cohort: Cohort) -> list[str]:
    """What is lost with a cohort that may be deleted; empty where it may not be."""
    places = Enrollment.objects.filter(cohort=cohort)
    met = places.filter(memberships__isnull=False).exists()
    # A call for help is never lost with the cohort it was raised in.
    if met or Cohort.objects.filter(pk=cohort.pk, concerns__isnull=False).exists():
        return []
    people, rosters = places.count(), cohort.roster_imports.count()
    return [
        ngettext("%(n)d place of a person", "%(n)d places of people", people) % {"n": people},
        *([ngettext("%(n)d roster", "%(n)d rosters", rosters) % {"n": rosters}] if rosters else []),
        _("its dates, rules and contacts"),
    ]


@transaction.atomic
def delete(*, cohort: Cohort, by: "User") -> None:
    """Take away a cohort in which nobody was ever matched, and people who were in it alone.

    Somebody who has an account keeps it. What was recorded about the cohort stays in the audit.
    """
    locked = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if not what_goes(locked):
        raise DomainError(
            _("Something happened in this cohort already: it can be archived, not deleted.")
        )
    people = [
        person
        for person in User.objects.filter(enrollments__cohort=locked).distinct()
        if not person.has_usable_password() and person.pk != by.pk
    ]
    audit.record(
        by=by,
        action="cohort.deleted",
        subject=locked,
        cohort=locked,
        places=locked.enrollments.count(),
    )
    try:
        locked.delete()
    except ProtectedError:
        raise DomainError(
            _("Something that must be kept hangs on this cohort, so it cannot be deleted.")
        ) from None
    for person in people:
        if not person.enrollments.exists():
            _remove(person)


def _remove(person: User) -> None:
    """A person whom only a list had named; where something else names her too, she stays."""
    try:
        with transaction.atomic():
            person.delete()
    except ProtectedError:
        return
