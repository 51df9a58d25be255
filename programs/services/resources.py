"""What coordinators put into the library of a cohort."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring import audit, clock
from mentoring.errors import DomainError
from programs import starters
from programs.models import Cohort, Resource, ResourceState
from programs.roster.languages import LANGUAGES
from programs.spec.phases import phases_of

if TYPE_CHECKING:
    from mentoring.accounts.models import User

# A library, not an archive: beyond this nobody finds anything.
MOST = 300
EMPTY = gettext_lazy("Write a text, or give a web address.")
FIELDS = (
    "title", "kind", "summary", "text", "url", "audience", "phase", "language", "order", "public",
)  # fmt: skip


@transaction.atomic
def save(
    *, cohort: Cohort, resource: Resource | None, by: "User | None", **fields: Any
) -> Resource:
    """Add a resource as a draft, or change one; it has a text, a web address, or both."""
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of a resource: {unknown}")
    row = resource or Resource(cohort=cohort)
    for name, value in fields.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    _refuse_nonsense(cohort, row)
    _refuse_too_many(cohort, 0 if row.pk else 1)
    _touch(row, by)
    row.save()
    action = "resource.changed" if resource else "resource.added"
    _record(row, action, by)
    return row


def _refuse_nonsense(cohort: Cohort, row: Resource) -> None:
    if not row.title:
        raise DomainError(_("Give it a title."), field="title")
    if not (row.text or row.url):
        raise DomainError(str(EMPTY), field="text")
    if row.url and urlsplit(row.url).scheme not in {"http", "https"}:
        raise DomainError(_("Give an address that begins with https://."), field="url")
    if row.phase and row.phase not in phases_of(cohort.planned_spec):
        raise DomainError(_("The program has no such phase."), field="phase")
    if row.language and row.language not in LANGUAGES:
        raise DomainError(_("This language is not known."), field="language")


def _refuse_too_many(cohort: Cohort, more: int) -> None:
    if not more:
        return
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if Resource.objects.filter(cohort=cohort).count() + more > MOST:
        raise DomainError(
            _("A cohort keeps at most %(most)d resources. Remove what nobody needs any more.")
            % {"most": MOST}
        )


@transaction.atomic
def publish(*, resource: Resource, public: bool, by: "User | None") -> Resource:
    """Show it to those for whom it is (``public``), or to coordinators alone."""
    state = ResourceState.PUBLISHED if public else ResourceState.DRAFT
    if resource.state == state:
        return resource
    resource.state = state
    resource.save(update_fields=["state"])
    action = "resource.published" if public else "resource.hidden"
    _record(resource, action, by)
    return resource


@transaction.atomic
def remove(*, resource: Resource, by: "User | None") -> None:
    """Take it away for good."""
    _record(resource, "resource.removed", by)
    resource.delete()


@transaction.atomic
def add_starters(*, cohort: Cohort, by: "User | None") -> int:
    """Put those of our texts in that are not there yet, as drafts; how many those were."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    missing = missing_starters(cohort)
    if not missing:
        return 0
    _refuse_too_many(cohort, len(missing))
    phases = list(phases_of(cohort.planned_spec))
    for one in missing:
        row = Resource(
            cohort=cohort,
            starter=one.slug,
            title=one.title,
            kind=one.kind,
            summary=one.summary,
            text=one.text,
            audience=one.audience,
            phase=starters.phase_at(phases, one.moment),
            language=starters.LANGUAGE,
            order=one.order,
        )
        _touch(row, by)
        row.save()
    audit.record(
        by=by, action="resource.starters_added", subject=cohort, cohort=cohort, count=len(missing)
    )
    return len(missing)


def missing_starters(cohort: Cohort) -> list[starters.Starter]:
    """Which of our texts the cohort does not have, whatever it made of those it has."""
    known = set(
        Resource.objects.filter(cohort=cohort).exclude(starter="").values_list("starter", flat=True)
    )
    return [one for one in starters.texts() if one.slug not in known]


def _record(row: Resource, action: str, by: "User | None") -> None:
    audit.record(by=by, action=action, subject=row, cohort=row.cohort, title=row.title)


def _touch(row: Resource, by: "User | None") -> None:
    row.edited_at, row.edited_by = clock.now(), by
