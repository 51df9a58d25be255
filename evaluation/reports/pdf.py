"""An issued report on paper. Loads WeasyPrint, which needs Pango's libraries: for jobs only."""

import re
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from evaluation.reports import presenters
from evaluation.reports.models import Paper, Report
from mentoring.errors import DomainError

STYLE = Path(settings.BASE_DIR) / "static" / "css" / "report-print.css"
SIZES = {Paper.A4: "A4", Paper.LETTER: "Letter"}
# Style sheets do not reach into drawings on paper: their colors become attributes.
COLORS = {
    'class="track"': 'fill="#e3eae9"',
    'class="s1 range"': 'fill="#8fc0bc"',
    'class="s1"': 'fill="#0e5f66"',
}
# Accessible by the standard: tagged, with a language and a title (PDF/UA-1, ISO 14289-1).
VARIANT = "pdf/ua-1"


def render(report: Report, paper: str) -> bytes:
    """The PDF in the active language; ``DomainError`` where the machine cannot make any."""
    weasyprint = _library()
    # Nothing is read but the style sheet and its fonts: what a report says can fetch nothing.
    fetcher = weasyprint.URLFetcher(allowed_protocols={"file"})
    fonts = import_module("weasyprint.text.fonts").FontConfiguration()
    sheets = [
        weasyprint.CSS(filename=STYLE, url_fetcher=fetcher, font_config=fonts),
        weasyprint.CSS(string=f"@page {{ size: {SIZES[Paper(paper)]} }}", url_fetcher=fetcher),
    ]
    document = weasyprint.HTML(string=html(report), url_fetcher=fetcher)
    made = document.write_pdf(stylesheets=sheets, pdf_variant=VARIANT, font_config=fonts)
    if made is None:
        raise RuntimeError("WeasyPrint returned no document")
    return bytes(made)


def html(report: Report) -> str:
    """The page that is printed."""
    figures = report.figures
    text: str = render_to_string(
        "evaluation/report/print.html",
        {
            "report": report,
            "cohort": report.cohort,
            "sections": presenters.sections(figures),
            "highlights": presenters.highlights(figures),
            "level_note": presenters.level_note(figures["level"]),
            "day": date.fromisoformat(figures["as_of"]),
            "fewest": figures["fewest"],
            "definitions": figures["definitions"],
        },
    )
    for old, new in COLORS.items():
        text = re.sub(f"(<rect[^>]*?){re.escape(old)}", rf"\1{new}", text)
    return text


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
