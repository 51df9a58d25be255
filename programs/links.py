"""What the buttons in our mails do: GET shows them, POST acts (``mentoring.links``)."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring import links
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import StayAnswer, StayQuestion
from programs.services import staying


def question_of(user: User, key: str) -> StayQuestion:
    """The question of a link, if it was put to this person."""
    rows = StayQuestion.objects.select_related("roll_over__cohort", "enrollment")
    found = rows.filter(key=key, enrollment__person=user).first()
    if found is None:
        raise DomainError(_("This question does not exist any more."))
    return found


def _label(answer: str, places: int | None, now: int) -> str:
    if answer == StayAnswer.NO:
        return _("No, I stop after this year")
    if answer == StayAnswer.YES:
        text = ngettext("Yes, with %(n)d place as now", "Yes, with %(n)d places as now", now)
        return text % {"n": now}
    count = places or 1
    text = ngettext("Yes, but with %(n)d place", "Yes, but with %(n)d places", count)
    return text % {"n": count}


def _prompt(*, user: User, subject: str) -> links.Prompt:
    question = question_of(user, subject)
    cohort, now = question.roll_over.cohort, question.enrollment.capacity
    if question.roll_over.is_done:
        raise DomainError(_("The new year has begun. Tell a coordinator what you would like."))
    text = _("%(cohort)s begins a new year. Until you answer, you go on as now.")
    said = _("So far you said: %(answer)s.") % {"answer": question.get_answer_display()}
    return links.Prompt(
        heading=_("Will you mentor next year too?"),
        text=" ".join([text % {"cohort": cohort.name}, *([said] if question.answer else [])]),
        buttons=[
            links.Button(
                _label(answer, places, now),
                f"{answer}-{places or 0}",
                "primary" if answer == StayAnswer.YES else "secondary",
            )
            for answer, places in staying.choices(question)
        ],
    )


@links.action("programs.stay", prompt=_prompt)
def stay(*, user: User, subject: str, choice: str) -> str | Promise:
    """A mentor's answer; whoever comes back may say otherwise, until the year has begun."""
    question = question_of(user, subject)
    answer, _dash, places = choice.partition("-")
    number = int(places) if places.isdecimal() and places != "0" else None
    staying.answer(question=question, answer=answer, places=number, by=user)
    if answer == StayAnswer.NO:
        return _("Thank you for telling us, and for all you gave. You are in until the year ends.")
    return _("Thank you! We are glad that you go on.")
