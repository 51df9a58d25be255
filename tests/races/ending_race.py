"""One act begins while another, not yet committed, ends the mentorship: what is left of both.

``python -m tests.races.ending_race SCENE`` prints one JSON value. Each act has a thread and a
connection of its own; the first commits a second after it has done its work.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta

import django


def main(scene: str) -> None:
    django.setup()
    from django.core.management import call_command

    from mentoring import clock
    from tests.races.booking_race import NOW

    call_command("migrate", verbosity=0)
    clock.set_process(NOW)
    first, second, mentorship = SCENES[scene]()
    outcome = race(first, second)
    print(json.dumps({**outcome, **left_of(mentorship)}))


def race(first: Callable[[], object], second: Callable[[], object]) -> dict[str, str]:
    """What each said: ``ok`` or the refusal."""
    from django.db import connection, transaction

    from mentoring.errors import DomainError

    done, said = threading.Event(), {}

    def act(name: str, deed: Callable[[], object]) -> None:
        try:
            deed()
            said[name] = "ok"
        except DomainError as refusal:
            said[name] = str(refusal)
        finally:
            done.set()
            connection.close()

    def slowly() -> None:
        with transaction.atomic():
            first()
            done.set()
            time.sleep(1)

    one = threading.Thread(target=act, args=("first", slowly))
    one.start()
    done.wait()
    two = threading.Thread(target=act, args=("second", second))
    two.start()
    one.join()
    two.join()
    return said


def left_of(mentorship) -> dict[str, object]:
    from sessions.models import Meeting, Participant

    mentorship.refresh_from_db()
    meetings = Meeting.objects.filter(mentorship=mentorship)
    return {
        "mentorship": mentorship.state,
        "meetings": [list(row) for row in meetings.values_list("state", "cancelled_by", "reason")],
        "holding": Participant.objects.filter(meeting__in=meetings, holds=True).count(),
    }


def _fresh():
    from tests.factories import pair
    from tests.races.booking_race import publish

    mentorship = pair()
    publish(mentorship.mentor.person)
    return mentorship


def _ending(mentorship):
    from matching.services import mentorships

    return lambda: mentorships.end(mentorship=mentorship, reason="fit", by=None)


def _booking(mentorship):
    from sessions.services import booking
    from tests.races.booking_race import NINE

    return lambda: booking.book(mentorship=mentorship, starts_at=NINE, by=mentorship.student.person)


def end_then_book():
    mentorship = _fresh()
    return _ending(mentorship), _booking(mentorship), mentorship


def erase_then_book():
    from mentoring.accounts import services

    mentorship = _fresh()
    person = mentorship.student.person
    address = person.email
    return (
        lambda: services.erase(by=person, typed_email=address),
        _booking(mentorship),
        mentorship,
    )


def cancel_then_end():
    from sessions.services import booking

    mentorship = _fresh()
    booked = _booking(mentorship)()
    mentor = mentorship.mentor.person
    return (
        lambda: booking.cancel(meeting=booked, by=mentor, reason="clinical"),
        _ending(mentorship),
        mentorship,
    )


def record_then_end():
    from mentoring import clock
    from sessions.services import records
    from tests.races.booking_race import NINE

    mentorship = _fresh()
    booked = _booking(mentorship)()
    clock.set_process(NINE + timedelta(minutes=10))
    mentor = mentorship.mentor.person
    return (
        lambda: records.record(meeting=booked, outcome="held", by=mentor),
        _ending(mentorship),
        mentorship,
    )


SCENES = {
    scene.__name__: scene for scene in (end_then_book, erase_then_book, cancel_then_end,
                                        record_then_end)
}  # fmt: skip

if __name__ == "__main__":
    main(sys.argv[1])
