"""The page that health checks ask."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from mentoring import access
from mentoring.access import policy


@require_GET
@never_cache
@policy(access.PUBLIC)
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """``ok`` if pages can be answered: the process runs and reaches the database."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ok", content_type="text/plain")
