"""A vertical group program as published for San Antonio, at any scale."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count

from matching.models import Membership, Mentorship
from matching.services import publishing, runs
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from programs.models import Enrollment, EnrollmentYear
from programs.services import year_steps, years
from tests.factories import START, CohortFactory, EnrollmentFactory

NUMBERS = count()


def document(per_class: int, juniors: int, **more) -> dict:
    """Groups of four classes, one faculty mentor, and seniors who lead for a year."""
    return {
        "slug": "vertical",
        "title": "Vertical groups",
        "school": "A school",
        "model": "combined, vertical",
        "source": "a test",
        "duration": {"kind": "degree"},
        "matching": {"procedure": "random", "balanced_by": ["class_year"]},
        "shapes": [
            {
                "slug": "group",
                "title": "Group",
                "renews": "yearly",
                "lasts": {"unit": "degree"},
                "seats": [
                    {
                        "role": "student",
                        "kind": "student",
                        "per_class": dict.fromkeys((1, 2, 3, 4), per_class),
                    },
                    {"role": "mentor", "kind": "clinical_faculty", "count": 1},
                    {
                        "role": "junior_mentor",
                        "kind": "near_peer",
                        "count": juniors,
                        "class_years": [4],
                        "within": "student",
                        "lasts": {"unit": "year"},
                    },
                ],
            }
        ],
    } | more


def add(cohort, number: int, role: str, *, class_year: int | None = None, people=None) -> list:
    """So many people with a place, written in bulk."""
    if people is None:
        people = User.objects.bulk_create(
            User(
                email=f"v{next(NUMBERS)}@example.edu", given_name="Given", family_name=f"F{n:04}",
                privacy_version=1,
            )
            for n in range(number)
        )  # fmt: skip
    now = clock.now()
    rows = Enrollment.objects.bulk_create(
        Enrollment(
            cohort=cohort, person=person, role=role, state="active", created_at=now,
            activated_at=now, capacity=0 if role == Role.STUDENT else 1,
        )
        for person in people
    )  # fmt: skip
    if class_year is not None:
        EnrollmentYear.objects.bulk_create(
            EnrollmentYear(
                enrollment=row, academic_year=cohort.planned.starts.year, class_year=class_year
            )
            for row in rows
        )
    return rows


def opened(groups: int, per_class: int, juniors: int, **more):
    """A cohort with all its people, and its coordinator; nobody is matched yet."""
    cohort = CohortFactory(
        edition=document(per_class, juniors, **more), state="matching", override_at=START
    )
    by = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    for year in (1, 2, 3, 4):
        rows = add(cohort, groups * per_class, Role.STUDENT, class_year=year)
    add(cohort, groups, Role.MENTOR)
    seniors = [row.person for row in rows[: groups * juniors]]
    add(cohort, 0, Role.JUNIOR_MENTOR, class_year=4, people=seniors)
    return cohort, by


def match(cohort, by, capture, seed: int = 1):
    """Run the matching and publish it."""
    with capture(execute=True):
        run = runs.start(
            cohort=cohort, procedure="random", weights={}, required=[], by=by, seed=seed
        )
    run.refresh_from_db()
    return publishing.publish(run=run, by=by)


def classes(cohort) -> dict[int, Counter]:
    """The class years of the students of each live group, as they count for the matching."""
    from matching.services.standing import Standing

    return {pk: group.by_class for pk, group in Standing.of(cohort).groups.items()}


def members(cohort, role: str = Role.STUDENT) -> dict[int, set[int]]:
    """Who is in each live group now."""
    found: dict[int, set[int]] = {}
    rows = Membership.objects.filter(
        mentorship__cohort=cohort, mentorship__state__in=Mentorship.LIVE, role=role, ended_at=None
    )
    for group, person in rows.values_list("mentorship", "enrollment"):
        found.setdefault(group, set()).add(person)
    return found


def seniors(cohort, number: int) -> list[User]:
    """So many people of each group who are in the last class now."""
    last = EnrollmentYear.objects.filter(
        enrollment__cohort=cohort, class_year=4, academic_year=cohort.planned.starts.year
    )
    ids = set(last.values_list("enrollment_id", flat=True))
    chosen = [pk for group in members(cohort).values() for pk in sorted(group & ids)[:number]]
    return [row.person for row in Enrollment.objects.filter(pk__in=chosen).select_related("person")]


def after_the_year(cohort) -> datetime:
    """A month after the last year's end."""
    return datetime.combine(cohort.planned.ends + timedelta(days=30), datetime.min.time(), UTC)


def roll(cohort, by):
    """Plan the next year as proposed, and begin it."""
    from programs.years.plan import plan_of

    plan = plan_of(cohort)
    years.save_plan(
        cohort=cohort, starts=plan.starts, ends=plan.ends, version=str(plan.version.number), by=by
    )
    return year_steps.roll(cohort=cohort, by=by)
