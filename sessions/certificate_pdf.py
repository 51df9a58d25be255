"""A certificate on paper. Loads WeasyPrint: for jobs only."""

from django.template.loader import render_to_string

from mentoring import pdf
from programs import qr
from sessions import certificate_presenters as presenters
from sessions.models import Certificate

STYLE = "certificate-print.css"
# Up to so many each date has a line of its own; more are summed up by title, or they need a second
# sheet.
LINES = 12


def render(certificate: Certificate, paper: str) -> bytes:
    """The PDF in the active language; ``DomainError`` where the machine cannot make any."""
    return pdf.render(html(certificate), style=STYLE, paper=paper)


def html(certificate: Certificate) -> str:
    """The page that is printed."""
    shown, address = presenters.shown(certificate), presenters.address(certificate)
    text: str = render_to_string(
        "sessions/certificates/print.html",
        {
            "certificate": certificate,
            "shown": shown,
            "dates": shown.dates if len(shown.dates) <= LINES else [],
            "address": address,
            "code": qr.svg(address),
        },
    )
    return text
