"""A coordinator's message to the people behind a list."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from evaluation.audiences import Audience
from evaluation.models import Broadcast
from mentoring import audit, outbox
from mentoring.accounts.models import User
from mentoring.errors import DomainError


@transaction.atomic
def send(*, audience: Audience, key: str, subject: str, text: str, by: User) -> Broadcast:
    """Queue one mail for each person. ``key`` is the form's: sent twice, it is still one message.

    Who gets it is decided now, from the facts of this moment.
    """
    people = list(audience.people)
    if not people:
        raise DomainError(_("Nobody is on this list any more, so nothing was sent."))
    message, created = Broadcast.objects.get_or_create(
        key=key,
        defaults={
            "cohort": audience.cohort,
            "audience": str(audience),
            "subject": subject,
            "text": text,
            "sent_by": by,
            "recipients": len(people),
        },
    )
    if not created:
        return message
    outbox.put(
        outbox.Draft(
            kind="broadcast",
            dedupe_key=f"broadcast:{message.pk}:{person.pk}",
            recipient=person,
            context={"broadcast": message.pk},
            about=f"broadcast:{message.pk}",
        )
        for person in people
    )
    audit.record(
        by=by,
        action="broadcast.sent",
        subject=message,
        cohort=audience.cohort,
        people=[person.pk for person in people],
    )
    return message
