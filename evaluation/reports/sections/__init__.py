"""The sections of the report, in their order. A new one is a file here and a line below."""

from evaluation.reports.section import Section
from evaluation.reports.sections import (
    agreements,
    contact,
    diaries,
    flags,
    matching,
    meetings,
    participation,
    surveys,
    training,
)

SECTIONS: tuple[Section, ...] = (
    participation.SECTION,
    matching.SECTION,
    agreements.SECTION,
    meetings.SECTION,
    contact.SECTION,
    diaries.SECTION,
    training.SECTION,
    flags.SECTION,
    surveys.SECTION,
)
BY_SLUG = {section.slug: section for section in SECTIONS}
