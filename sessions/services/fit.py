"""What somebody says after the first meeting; “not a fit” asks for a change in the same step."""

from django.db import transaction
from django.utils.translation import gettext as _

from matching.models import Mentorship
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from sessions.circle import circle
from sessions.models import ChangeRequest, ChangeRequestState, Fit, FitAnswer, MeetingState
from sessions.services import change_requests


@transaction.atomic
def answer(*, mentorship: Mentorship, answer: str, by: User) -> FitAnswer:
    """Keep the answer. “Not a fit” is a wish for a change, without a reason, and nobody's fault."""
    if answer not in Fit.values:
        raise DomainError(_("Choose one of the three answers."))
    if not mentorship.is_live:
        raise DomainError(_("This mentorship has ended."))
    member = circle(mentorship).need(by)
    if not mentorship.meetings.filter(state=MeetingState.HELD).exists():
        raise DomainError(_("This is asked once you have met."))
    said, _created = FitAnswer.objects.update_or_create(
        mentorship=mentorship,
        person=by,
        defaults={"answer": answer, "role": member.role, "answered_at": clock.now()},
    )
    # What was said stays out of the record: coordinators read it.
    audit.record(by=by, action="fit.answered", subject=said)
    open_ = ChangeRequest.objects.filter(
        mentorship=mentorship, person=by, state=ChangeRequestState.OPEN
    )
    if answer == Fit.NOT and not open_.exists():
        change_requests.ask(mentorship=mentorship, by=by)
    return said
