"""Pages on paper. Loads WeasyPrint, which needs Pango's libraries: for jobs and commands only."""

from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.utils.translation import gettext as _

from mentoring.errors import DomainError
from mentoring.paper import Paper

STYLES = Path(settings.BASE_DIR) / "static" / "css"
FONTS = "print-fonts.css"
SIZES = {Paper.A4: "A4", Paper.LETTER: "Letter"}
# Accessible by the standard: tagged, with a language and a title (PDF/UA-1, ISO 14289-1).
VARIANT = "pdf/ua-1"


def render(html: str, *, style: str, paper: str) -> bytes:
    """The page as PDF on paper of that size; ``DomainError`` where the machine cannot make any.

    ``style`` is a file of ``static/css``.
    """
    weasyprint = _library()
    # Nothing is read but the style sheet and its fonts: what a page says can fetch nothing.
    fetcher = weasyprint.URLFetcher(allowed_protocols={"file"})
    fonts = import_module("weasyprint.text.fonts").FontConfiguration()
    sheets = [
        *(
            weasyprint.CSS(filename=STYLES / name, url_fetcher=fetcher, font_config=fonts)
            for name in (FONTS, style)
        ),
        weasyprint.CSS(string=f"@page {{ size: {SIZES[Paper(paper)]} }}", url_fetcher=fetcher),
    ]
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    made = document.write_pdf(stylesheets=sheets, pdf_variant=VARIANT, font_config=fonts)
    if made is None:
        raise RuntimeError("WeasyPrint returned no document")
    return bytes(made)


@cache
def _library() -> ModuleType:
    try:
        return import_module("weasyprint")
    except OSError as error:
        raise DomainError(
            _(
                "This machine cannot make PDF files: libraries of Pango are missing. Whoever runs "
                "it finds in `manage.py doctor` what to install. The web page can be printed."
            )
        ) from error
