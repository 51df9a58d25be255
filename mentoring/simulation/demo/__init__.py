"""The cohorts of `make demo`: one in its week 14, one being recruited, one in which students choose
a mentor, and two finished years."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import STAFF_ROLES
from mentoring.celery import app
from mentoring.simulation import behavior
from mentoring.simulation.demo import logins, past, troubles
from mentoring.simulation.demo.choosing import Choosing
from mentoring.simulation.demo.moments import LATE_STUDENT, Moments
from mentoring.simulation.demo.recruiting import Recruiting
from mentoring.simulation.player import Piece, perform
from mentoring.simulation.player.acts import Actors
from programs.models import Enrollment
from programs.spec import catalog

ADMIN = "admin@staff.example.edu"
TEMPLATE = "semmelweis"
STUDENTS, MENTORS, WEEKS_PLAYED, WEEKS, SEED = 60, 54, 14, 40, 20


def is_loaded() -> bool:
    """Whether this database holds the demo."""
    return User.objects.filter(email=ADMIN, is_superuser=True).exists()


def is_empty() -> bool:
    """Whether nobody is known here yet."""
    return not User.objects.exists()


def load(tell: Callable[[str], object] = lambda _line: None) -> None:
    """Play the demo into the empty database: all of it, or nothing."""
    now = clock.now()
    spec = catalog.spec(TEMPLATE)
    day = clock.today(spec.year.zone)
    start = day - timedelta(days=day.weekday(), weeks=WEEKS_PLAYED)
    piece = Piece(
        spec=spec,
        name=f"Near-peer mentoring {start:%Y}/{start.year % 100 + 1:02}",
        students=STUDENTS,
        mentors=MENTORS,
        weeks=WEEKS,
        start=start,
        seed=SEED,
        behavior=behavior.load("demo"),
    )
    moments, recruiting = Moments(now), Recruiting(now, SEED)

    with _in_one_piece():
        admin = User.objects.create_superuser(ADMIN, given_name="Ada", family_name="Admin")
        choosing = Choosing(now, SEED, admin)

        def beside(actors: Actors) -> None:
            moments.add(actors)
            recruiting.add(actors)
            choosing.add(actors)

        for year in past.YEARS:
            past.play(year, present=start, admin=admin, tell=tell)
        tell(f"{piece.name}: up to today")
        performance = perform(piece, admin=admin, until=now, revise=troubles.add, beside=beside)
        staff = Enrollment.objects.filter(
            cohort=performance.stage.cohort, role__in=STAFF_ROLES
        ).select_related("person")
        late = User.objects.get(email=LATE_STUDENT)
        leads = moments.pair
        people = [
            admin,
            *(post.person for post in staff),
            leads.mentor,
            leads.student,
            late,
            *choosing.people(),
        ]
        for person in dict.fromkeys(people):
            logins.give(person, time_zone=performance.stage.cohort.time_zone)


@contextmanager
def _in_one_piece() -> Iterator[None]:
    """One transaction, no broker, and afterwards the real clock; a failure leaves no mail."""
    folder = settings.MAIL_FOLDER
    before = set(folder.glob("*.eml"))
    eager = settings.CELERY_TASK_ALWAYS_EAGER, app.conf.task_always_eager
    settings.CELERY_TASK_ALWAYS_EAGER = app.conf.task_always_eager = True
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for path in set(folder.glob("*.eml")) - before:
            path.unlink()
        raise
    finally:
        settings.CELERY_TASK_ALWAYS_EAGER, app.conf.task_always_eager = eager
        clock.set_process(None)
