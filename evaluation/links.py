"""What the buttons in our mails do: GET shows them, POST acts (``mentoring.links``)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import links
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from sessions.services import contacts


def _own(user: User, key: str) -> Mentorship:
    found = Mentorship.objects.filter(
        key=key, memberships__person=user, memberships__ended_at=None
    ).first()
    if found is None:
        raise DomainError(_("You are not in this mentorship any more."))
    return found


def _prompt(*, user: User, subject: str) -> links.Prompt:
    mentorship = _own(user, subject)
    mentors = [
        member.person.full_name
        for member in mentorship.memberships.filter(ended_at=None).select_related("person")
        if member.is_mentor
    ]
    return links.Prompt(
        heading=_("Has your mentor been in touch?"),
        text=", ".join(mentors),
        buttons=[
            links.Button(_("Yes, we are in touch"), "yes"),
            links.Button(_("No, not yet"), "no", "secondary"),
        ],
    )


@links.action("evaluation.contacted", prompt=_prompt)
def contacted(*, user: User, subject: str, choice: str) -> str | Promise:
    """“Were you contacted?”: a tap either way; the last one counts."""
    yes = choice == "yes"
    contacts.answer_check(mentorship=_own(user, subject), contacted=yes, by=user)
    if yes:
        return _("Good to hear. When you have met, note it with one tap on your page.")
    return _(
        "Thank you for saying so. You can book a meeting yourself on your page, and your "
        "coordinator will look after it if nothing happens."
    )
