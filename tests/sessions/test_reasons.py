"""Why a meeting was moved or cancelled: asked for, and mostly kept from the other side."""

from datetime import timedelta

import pytest
from django.core import mail

from mentoring import clock, outbox
from sessions.services import booking, moving
from tests.sessions.conftest import NINE, NOW

HOUR = timedelta(hours=1)


def text(response):
    return response.content.decode()


def written_to(person):
    """All that the mails due by now say to this person, in both forms."""
    mail.outbox.clear()
    with clock.at(NOW):
        outbox.deliver_due()
    letters = [one for one in mail.outbox if person.email in one.to[0]]
    return " ".join(one.body + one.alternatives[0].content for one in letters)


@pytest.mark.parametrize(
    ("reason", "label", "shown"),
    [
        ("clinical", "Ward or duty", True),
        ("academic", "Lecture or exam", True),
        ("personal", "Personal, such as illness", False),
        ("relational", "About how we get on", False),
        ("other", "Something else", False),
    ],
)
def test_the_others_read_a_harmless_reason_and_no_other(two, as_user, reason, label, shown):
    made = booking.book(mentorship=two.mentorship, starts_at=NINE, by=two.student)
    page = text(as_user(two.student).get(f"/meetings/{made.key}/cancel/"))
    assert "Every other reason is shown to nobody" in page
    assert "I would rather not say" in page
    written_to(two.mentor)
    moving.move(meeting=made, starts_at=NINE + HOUR, by=two.student, reason=reason)
    assert (label in text(as_user(two.mentor).get(f"/meetings/{made.key}/"))) is shown
    moved = written_to(two.mentor)
    booking.cancel(meeting=made, by=two.student, reason=reason)
    assert (label in text(as_user(two.mentor).get(f"/meetings/{made.key}/"))) is shown
    cancelled = written_to(two.mentor)
    assert ["moved" in moved, "cancelled" in cancelled] == [True, True]
    assert [label in moved, label in cancelled] == [shown, shown]
