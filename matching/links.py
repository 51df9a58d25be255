"""What the buttons in our mails do: GET shows them, POST acts (``mentoring.links``)."""

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.models import MentorRequest
from matching.services import requests
from mentoring import links
from mentoring.accounts.models import User
from mentoring.errors import DomainError

SETTLED = gettext_lazy("This student does not need an answer any more. Thank you all the same.")


def _mine(user: User, key: str) -> MentorRequest:
    row = (
        MentorRequest.objects.select_related("round__cohort", "student__person", "mentor__person")
        .filter(key=key, mentor__person=user)
        .first()
    )
    if row is None or row.state != MentorRequest.State.OPEN:
        raise DomainError(str(SETTLED))
    return row


def _prompt(*, user: User, subject: str) -> links.Prompt:
    row = _mine(user, subject)
    until = row.last_day and date_format(row.last_day, "l j F")
    return links.Prompt(
        heading=_("%(name)s asks for you as mentor") % {"name": row.student.person.full_name},
        text=_(
            "%(cohort)s. If you do not answer by %(day)s, the next mentor is asked. A no needs no "
            "reason, and nobody is told one."
        )
        % {"cohort": row.round.cohort.name, "day": until},
        buttons=[
            links.Button(gettext_lazy("Yes, gladly"), "accept"),
            links.Button(gettext_lazy("Not now"), "decline", "secondary"),
        ],
    )


@links.action("matching.answer", prompt=_prompt)
def answer(*, user: User, subject: str, choice: str) -> str | Promise:
    """Say yes or not now; places are counted at this moment."""
    row = _mine(user, subject)
    if choice == "accept":
        requests.accept(request=row, by=user)
        return _("Thank you! Both of you get a mail with the next step.")
    if choice == "decline":
        requests.decline(request=row, by=user)
        return _("Thank you. The next mentor is asked; nobody is told a reason.")
    raise DomainError(_("Choose one of the two answers."))
