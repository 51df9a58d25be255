"""What a report of an error may hold: where it happened, never what people wrote.

Django's reports show the values of local variables and of the form that was sent. In this
product both may be somebody's diary. So neither is shown, whatever the settings say; the lines of
code, the names of fields and variables, and the message of the exception are enough to mend it.
"""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest, QueryDict
from django.views.debug import SafeExceptionReporterFilter

HIDDEN = SafeExceptionReporterFilter.cleansed_substitute


class NoPrivateText(SafeExceptionReporterFilter):
    """Names without values, in production and with ``DEBUG`` alike."""

    def is_active(self, request: HttpRequest | None) -> bool:  # noqa: ARG002
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        sent = QueryDict(mutable=True)
        if request is not None:
            sent.update(dict.fromkeys(request.POST, HIDDEN))
        return sent

    def get_traceback_frame_variables(
        self,
        request: HttpRequest | None,  # noqa: ARG002
        tb_frame: FrameType,
    ) -> ItemsView[str, Any]:
        return dict.fromkeys(tb_frame.f_locals, HIDDEN).items()
