"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_bidi

from mentoring.accounts.models import User
from mentoring.ui import nav


def site(request: HttpRequest) -> dict[str, object]:
    """The site's name, the frame's direction and theme, and the navigation (built when drawn)."""
    user = getattr(request, "user", None)
    return {
        "SITE_NAME": settings.SITE_NAME,
        "DEMO": settings.DEMO,
        "LOCAL_MAILBOX": settings.LOCAL_MAILBOX,
        "HELP_URL": nav.HELP_URL,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "theme": user.theme if isinstance(user, User) else User.Theme.AUTO.value,
        "nav": SimpleLazyObject(lambda: nav.entries(request)),
    }
