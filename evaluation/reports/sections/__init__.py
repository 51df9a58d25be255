"""The sections of the report, in their order. A new one is a file here and a line below."""

from evaluation.reports.section import Section
from evaluation.reports.sections import contact, flags, matching, meetings, participation

SECTIONS: tuple[Section, ...] = (
    participation.SECTION,
    matching.SECTION,
    meetings.SECTION,
    contact.SECTION,
    flags.SECTION,
)
BY_SLUG = {section.slug: section for section in SECTIONS}
