"""Addresses as QR codes, drawn by attributes alone: the content policy allows no inline style."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

# Four modules of quiet around the code, as the standard asks.
BORDER = 4


def _path(text: str) -> tuple[int, str]:
    """The size in modules, border included, and the dark ones as a path."""
    code: QRCode = QRCode(error_correction=ERROR_CORRECT_M, border=BORDER)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    marks = [
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    ]
    return len(rows), "".join(marks)


def svg(text: str) -> SafeString:
    """For a page. Dark on white in every color scheme, or readers fail."""
    size, path = _path(text)
    return format_html(
        '<svg role="img" aria-label="{}" viewBox="0 0 {} {}" '
        'xmlns="http://www.w3.org/2000/svg" shape-rendering="crispEdges">'
        '<rect width="100%" height="100%" fill="#fff"/><path d="{}" fill="#000"/></svg>',
        _("QR code of the address"),
        size,
        size,
        path,
    )


def file(text: str) -> bytes:
    """For posters and leaflets: the same as a file of its own."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + svg(text) + "\n").encode()
