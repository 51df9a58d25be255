"""What the demo's people can read, and whom they can turn to."""

from typing import Any

from mentoring.accounts.models import User
from programs.models import Audience, Cohort, Discretion, HelpContactKind, Resource, ResourceKind
from programs.services import resources

CONTACTS: tuple[dict[str, Any], ...] = (
    {
        "kind": HelpContactKind.EMERGENCY,
        "name": "Emergency call",
        "note": "Danger to life or health.",
        "phone": "112",
        "hours": "At any hour",
    },
    {
        "kind": HelpContactKind.COUNSELING,
        "name": "Student counseling",
        "note": "When things get too much.",
        "phone": "+36 1 555 0134",
        "email": "counseling@staff.example.edu",
        "hours": "Weekdays from 9 to 17",
        "languages": ["en", "hu"],
        "confidential": Discretion.YES,
        "audience": Audience.STUDENTS,
    },
    {
        "kind": HelpContactKind.HEALTH,
        "name": "Campus health center",
        "note": "Physicians for students, also without an appointment.",
        "phone": "+36 1 555 0140",
        "hours": "Weekdays from 8 to 14",
        "languages": ["en", "de", "hu"],
        "confidential": Discretion.YES,
    },
    {
        "kind": HelpContactKind.HARASSMENT,
        "name": "Equal opportunity office",
        "note": "If you were harassed or treated unfairly, or saw it. You decide what follows.",
        "email": "equal@staff.example.edu",
        "languages": ["en", "hu"],
        "confidential": Discretion.YES,
    },
    {
        "kind": HelpContactKind.ACADEMIC,
        "name": "Study advice",
        "note": "Exams, leaves, changing a course.",
        "email": "advice@staff.example.edu",
        "hours": "Tuesdays and Thursdays from 10 to 12",
        "confidential": Discretion.NO,
    },
    {
        "kind": HelpContactKind.FINANCIAL,
        "name": "Grants and housing",
        "note": "Help with money, before it becomes urgent.",
        "email": "grants@staff.example.edu",
        "confidential": Discretion.UNKNOWN,
    },
    {
        "kind": HelpContactKind.PROGRAM,
        "name": "Mentoring office",
        "note": "Questions about the program, another mentor, a leave.",
        "phone": "+36 1 555 0199",
        "email": "coordinator@staff.example.edu",
        "confidential": Discretion.NO,
    },
)


def fill(*, cohort: Cohort, by: User) -> None:
    """The starter texts, published, and a leaflet that everyone may read."""
    resources.add_starters(cohort=cohort, by=by)
    for row in Resource.objects.filter(cohort=cohort).select_related("cohort"):
        resources.publish(resource=row, public=True, by=by)
    add_leaflet(cohort=cohort, by=by)


def add_leaflet(*, cohort: Cohort, by: User) -> None:
    """For those who think of joining, on the public page."""
    row = resources.save(
        cohort=cohort,
        resource=None,
        by=by,
        title="Mentoring in two minutes",
        kind=ResourceKind.LEAFLET,
        summary="What a mentor is for, and how to get one.",
        text=(
            "A mentor is somebody who was in your place not long ago and has time for you.\n\n"
            "- You meet about once a month, where you like.\n"
            "- You choose what you talk about.\n"
            "- What you say stays between you.\n\n"
            "Apply on the page of this program, or ask the mentoring office."
        ),
        language="en",
        order=5,
        public=True,
    )
    resources.publish(resource=row, public=True, by=by)
