"""An issued report on paper. Loads WeasyPrint: for jobs only."""

import re
from datetime import date

from django.template.loader import render_to_string

from evaluation.reports import presenters
from evaluation.reports.models import Report
from mentoring import pdf

STYLE = "report-print.css"
# Style sheets do not reach into drawings on paper: their colors become attributes.
COLORS = {
    'class="track"': 'fill="#e3eae9"',
    'class="s1 range"': 'fill="#8fc0bc"',
    'class="s1"': 'fill="#0e5f66"',
}


def render(report: Report, paper: str) -> bytes:
    """The PDF in the active language; ``DomainError`` where the machine cannot make any."""
    return pdf.render(html(report), style=STYLE, paper=paper)


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
