"""Answers come in, and leave no trace of who gave them when.

An act without an audit event, without a mail and without a time: the only row it writes is the
sealed one. The row that says who is invited is not touched, and not even locked, for a lock leaves
the transaction's number on it, the same number that the sealed row carries.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from evaluation.surveys import instruments, sealing
from evaluation.surveys.models import Survey, SurveyInvitation, SurveyState, WaitingAnswer
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.rows import sole

LONGEST_COMMENT = 2000


def open_for(person: User) -> list[Survey]:
    """The open surveys that this person is asked to answer and has not answered yet."""
    rows = Survey.objects.filter(
        state=SurveyState.OPEN, invitations__person=person, invitations__answered=False
    )
    asked = [survey for survey in rows.select_related("cohort") if survey.is_open]
    waiting = _waiting(asked, person)
    return [survey for survey in asked if survey.pk not in waiting]


def has_answered(survey: Survey, person: User) -> bool:
    """For the person herself alone: whether her answer is in, or waits."""
    invitation = sole(SurveyInvitation.objects.filter(survey=survey, person=person))
    entered = invitation is not None and invitation.answered
    return entered or bool(_waiting([survey], person))


@transaction.atomic
def submit(
    *, survey: Survey, ratings: Mapping[str, int], comments: Mapping[str, str], by: User
) -> None:
    """Take one answer. A second one from the same person is refused, whatever it says."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if not locked.is_open:
        raise DomainError(_("This survey has closed. Thank you for coming by."))
    if not SurveyInvitation.objects.filter(survey=locked, person=by).exists():
        raise DomainError(_("You were not asked in this survey."))
    if has_answered(locked, by):
        raise DomainError(_("Your answer is in already. Thank you!"))
    payload = _checked(locked, ratings, comments)
    if not any(payload.values()):
        raise DomainError(_("Nothing is answered yet. One question is enough."))
    WaitingAnswer.objects.create(
        pk=sealing.tags(locked, by.pk)[0], survey=locked, sealed=sealing.seal(locked, payload)
    )


def _checked(
    survey: Survey, ratings: Mapping[str, int], comments: Mapping[str, str]
) -> dict[str, Any]:
    """What was answered, held against the instruments; what they do not ask is refused."""
    rated: dict[str, int] = {}
    written: dict[str, str] = {}
    asked: set[str] = set()
    for instrument in (instruments.load(name) for name in survey.instruments):
        for scale in instrument.scales:
            for item in scale.items:
                slug = f"{instrument.slug}.{item.slug}"
                asked.add(slug)
                given = ratings.get(slug)
                if given is not None:
                    if not scale.low <= given <= scale.high:
                        raise DomainError(_("That is not one of the answers."), field=slug)
                    rated[slug] = given
        for question in instrument.questions:
            slug = f"{instrument.slug}.{question.slug}"
            asked.add(slug)
            text = comments.get(slug, "").strip()
            if len(text) > LONGEST_COMMENT:
                raise DomainError(
                    _("At most %(n)d characters, please.") % {"n": LONGEST_COMMENT}, field=slug
                )
            if text:
                written[slug] = text
    if {*ratings, *comments} - asked:
        raise DomainError(_("That was not asked."))
    return {"ratings": rated, "comments": written}


def _waiting(surveys: Iterable[Survey], person: User) -> set[int]:
    """Those of the surveys in which her answer waits for its batch."""
    numbers = [number for survey in surveys for number in sealing.tags(survey, person.pk)]
    rows = WaitingAnswer.objects.filter(pk__in=numbers)
    return set(rows.values_list("survey", flat=True)) if numbers else set()
