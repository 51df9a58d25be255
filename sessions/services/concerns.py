"""“Something is wrong”: a report to one named person, whom the reporter chooses."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import audit, clock, outbox
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment
from sessions import private
from sessions.models import Concern, ConcernState

MAX_LENGTH = 5000
MOST_AN_HOUR = 5
RECIPIENTS = (Role.WELLBEING_CONTACT, Role.COORDINATOR)


def recipients(cohort: Cohort, *, besides: User) -> QuerySet[Enrollment]:
    """Those a concern can be addressed to: wellbeing contacts first, then coordinators."""
    return (
        cohort.enrollments.filter(role__in=RECIPIENTS, state__in=Enrollment.PRESENT)
        .exclude(person=besides)
        .filter(person__is_active=True)
        .select_related("person")
        .order_by("-role", "person__family_name", "pk")
    )


@transaction.atomic
def raise_concern(
    *,
    cohort: Cohort,
    recipient: User,
    text: str,
    urgent: bool,
    by: User,
    mentorship: Mentorship | None = None,
) -> Concern:
    """Report to ``recipient``, who alone reads it. An urgent one goes out at once."""
    text = text.strip()
    if not text:
        raise DomainError(_("Say in a few words what is wrong."), field="text")
    if len(text) > MAX_LENGTH:
        raise DomainError(
            _("Please write at most %(max)d characters.") % {"max": MAX_LENGTH}, field="text"
        )
    _not_too_many(by)
    if not recipients(cohort, besides=by).filter(person=recipient).exists():
        raise DomainError(_("Choose one of the persons named here."), field="recipient")
    concern = Concern.objects.create(
        cohort=cohort, mentorship=mentorship, raised_by=by, recipient=recipient, urgent=urgent
    )
    private.put(concern, text)
    audit.record(by=by, action="concern.raised", subject=concern, urgent=urgent)
    outbox.enqueue(
        kind="concern_urgent" if urgent else "concern_raised",
        recipient=recipient,
        dedupe_key=f"concern_raised:{concern.pk}:{recipient.pk}",
        context={"concern": concern.pk},
        about=f"concern:{concern.pk}",
    )
    return concern


def _not_too_many(by: User) -> None:
    """A stuck button must not ring a telephone all night; who needs help is told where it is."""
    lately = Concern.objects.filter(raised_by=by, created_at__gt=clock.now() - timedelta(hours=1))
    if lately.count() >= MOST_AN_HOUR:
        raise DomainError(
            _("You have sent %(n)d reports within an hour; they have arrived. "
              "If it cannot wait, call one of the numbers on the help page.")
            % {"n": MOST_AN_HOUR}
        )  # fmt: skip


@transaction.atomic
def read(*, concern: Concern, by: User) -> str:
    """The text, for its author and its recipient; each reading by another is recorded.

    The caller has checked ``READ_CONCERN``.
    """
    if by.pk != concern.raised_by_id:
        audit.record(by=by, action="concern.read", subject=concern)
    rows = Concern.objects.filter(pk=concern.pk).select_related("body")
    return private.texts(rows).get(concern.pk, "")


@transaction.atomic
def acknowledge(*, concern: Concern, by: User) -> Concern:
    """The recipient says that she has it in hand; the reporter is told."""
    _need_recipient(concern, by)
    if concern.state != ConcernState.RAISED:
        return concern
    concern.state, concern.acknowledged_at = ConcernState.ACKNOWLEDGED, clock.now()
    concern.save(update_fields=["state", "acknowledged_at"])
    audit.record(by=by, action="concern.acknowledged", subject=concern)
    outbox.enqueue(
        kind="concern_acknowledged",
        recipient=concern.raised_by,
        dedupe_key=f"concern_acknowledged:{concern.pk}",
        context={"concern": concern.pk},
        about=f"concern:{concern.pk}",
    )
    return concern


@transaction.atomic
def close(*, concern: Concern, by: User) -> Concern:
    """The recipient has done what there was to do."""
    _need_recipient(concern, by)
    if concern.state == ConcernState.CLOSED:
        return concern
    concern.state, concern.closed_at = ConcernState.CLOSED, clock.now()
    concern.save(update_fields=["state", "closed_at"])
    audit.record(by=by, action="concern.closed", subject=concern)
    if concern.raised_by.erased_at:
        private.erase([concern])
    return concern


def _need_recipient(concern: Concern, by: User) -> None:
    if concern.recipient_id != by.pk:
        raise DomainError(_("This concern was sent to somebody else."))
