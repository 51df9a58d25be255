"""Addresses that only take a form lead whoever opens them to the page they belong to."""

from collections.abc import Callable
from http import HTTPStatus
from typing import cast

from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _


class ActionAddressMiddleware:
    """Opened in a browser, an address that only takes a form (405) leads to the page above it.

    Such an address stands in the browser after a form was refused, and after a sign-in that came
    between a form and its answer. Addresses of actions lie below the page that has their form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET":
            return response
        if "text/html" not in request.headers.get("Accept", ""):
            return response
        _say_once(request, _("Nothing was sent. If you meant to, please do it here."))
        return HttpResponseRedirect(_above(request.path))


def _say_once(request: HttpRequest, text: str) -> None:
    """A way up may take several steps."""
    waiting = cast("BaseStorage", messages.get_messages(request))
    said = any(str(message) == text for message in waiting)
    waiting.used = False
    if not said:
        messages.info(request, text)


def _above(path: str) -> str:
    """The nearest address above that leads anywhere."""
    while path.strip("/"):
        path = path.rstrip("/").rsplit("/", 1)[0] + "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"
