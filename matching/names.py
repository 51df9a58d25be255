"""With whom somebody is together, short enough for a heading, a subject line or a calendar."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from mentoring.accounts.models import User

MANY = 4
NAMED = 2


def with_whom(people: Sequence[User | str], *, group: str = "") -> str:
    """Everyone by name; of many, the group's name, or the first and how many more there are."""
    names = [person if isinstance(person, str) else person.full_name for person in people]
    if len(names) < MANY:
        return ", ".join(names)
    if group:
        return group
    values = {"names": ", ".join(names[:NAMED]), "count": len(names) - NAMED}
    return _("%(names)s and %(count)d more") % values
