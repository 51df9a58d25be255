"""Answers that a browser saves as a file."""

from typing import TypeVar

from django.http import HttpResponseBase
from django.utils.http import content_disposition_header

Response = TypeVar("Response", bound=HttpResponseBase)


def attached(response: Response, name: str) -> Response:
    """The same answer as a download of that name, which no cache keeps."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response["Content-Disposition"] = disposition or ""
    response["Cache-Control"] = "no-store"
    return response
