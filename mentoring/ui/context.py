"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001
    """The site's name, and whether this is the demo."""
    return {"SITE_NAME": settings.SITE_NAME, "DEMO": settings.DEMO}
