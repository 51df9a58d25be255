"""Who and what there is: lists with what they show, and the cohort's calendar."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce

from mentoring import access, clock
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.calendar import Calendar, Period
from programs.models import (
    Absence,
    Cohort,
    Edition,
    Enrollment,
    EnrollmentYear,
    HelpContact,
    Invitation,
    Review,
    Rubric,
)

if TYPE_CHECKING:
    from mentoring.accounts.models import User

GONE = (Enrollment.State.DECLINED, Enrollment.State.WITHDRAWN)
APPLYING = (Role.STUDENT, *sorted(MENTOR_ROLES))


def calendar_of(cohort: Cohort) -> Calendar:
    """Terms and pauses of all the cohort's editions, in its zone. Two queries and one."""
    editions = cohort.years
    prefetch_related_objects(editions, "terms", "pauses")
    return Calendar(
        zone=cohort.zone,
        starts=editions[0].starts,
        ends=editions[-1].ends,
        terms=tuple(
            Period(term.starts, term.ends, term.name, "term")
            for edition in editions
            for term in edition.terms.all()
        ),
        pauses=tuple(
            Period(pause.starts, pause.ends, pause.name, pause.kind, pause.class_year)
            for edition in editions
            for pause in edition.pauses.all()
        ),
        country=cohort.country,
        subdivision=cohort.subdivision,
    )


def with_years(cohorts: Iterable[Cohort]) -> list[Cohort]:
    """The cohorts with editions, programs, terms and pauses: three queries, however many."""
    rows = list(cohorts)
    editions = Edition.objects.select_related("version__program")
    years = Prefetch("editions", editions.prefetch_related("terms", "pauses"))
    prefetch_related_objects(rows, years)
    return rows


def visible_cohorts(user: "User") -> QuerySet[Cohort]:
    """The cohorts in which a person has a place, newest first."""
    mine = Enrollment.objects.filter(cohort=OuterRef("pk"), person=user).exclude(state__in=GONE)
    return (
        Cohort.objects.filter(Exists(mine))
        .select_related("program")
        .annotate(
            i_coordinate=Exists(mine.filter(role=Role.COORDINATOR, state__in=Enrollment.PRESENT)),
            students=_count(Role.STUDENT),
            mentors=_count(Role.MENTOR, Role.LEAD_MENTOR, Role.JUNIOR_MENTOR),
            first_day=Subquery(
                Edition.objects.filter(cohort=OuterRef("pk"))
                .order_by("number")
                .values("starts")[:1]
            ),
        )
    )


def coordinated(user: "User") -> list[Cohort]:
    """The cohorts that a person coordinates; looked up once while a page is read."""
    rows = Cohort.objects.filter(
        enrollments__person=user,
        enrollments__role=Role.COORDINATOR,
        enrollments__state__in=Enrollment.PRESENT,
    ).select_related("program")
    return access.remember(("coordinates", user.pk), lambda: list(rows))


def _count(*roles: str) -> Subquery:
    rows = (
        Enrollment.objects.filter(
            cohort=OuterRef("pk"), role__in=roles, state__in=Enrollment.PRESENT
        )
        .order_by()
        .values("cohort")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return Subquery(rows, output_field=IntegerField())


def class_years(cohort: Cohort) -> dict[int, int]:
    """The class year of each enrollment in the latest edition, as far as known."""
    rows = EnrollmentYear.objects.filter(
        enrollment__cohort=cohort, academic_year__lte=cohort.planned.starts.year
    ).order_by("academic_year")
    return dict(rows.values_list("enrollment_id", "class_year"))


def people(cohort: Cohort) -> QuerySet[Enrollment]:
    """Everyone of a cohort, each with the class year, the last invitation and absence today."""
    today = clock.today(cohort.zone)
    last = Invitation.objects.filter(enrollment=OuterRef("pk")).order_by("-created_at")
    year = EnrollmentYear.objects.filter(
        enrollment=OuterRef("pk"), academic_year=cohort.planned.starts.year
    )
    away = Absence.objects.filter(enrollment=OuterRef("pk"), starts__lte=today, ends__gte=today)
    return (
        Enrollment.objects.filter(cohort=cohort)
        .select_related("person")
        .annotate(
            family_name=F("person__family_name"),
            class_year=Subquery(year.values("class_year")[:1]),
            invited_at=Subquery(last.values("created_at")[:1]),
            invitation_expires=Subquery(last.values("expires_at")[:1]),
            away=Exists(away),
        )
    )


def applicants(cohort: Cohort, reader: "User") -> QuerySet[Any]:
    """Everyone who applied or waits: with the scores of the application, and what of them is shown.

    ``mean`` and ``scores`` are the facts; ``shown`` says whether the reader may read them: once she
    has given her own, scoring of the role was closed or the application is decided, and never of
    her own application. ``sortable`` is the mean where it is shown.
    """
    reviews = Review.objects.filter(enrollment=OuterRef("pk"))
    mine = reviews.filter(reviewer=reader)
    rubric = Rubric.objects.filter(cohort=cohort, role=OuterRef("role"))
    counted = reviews.order_by().values("enrollment")
    undecided = (Enrollment.State.APPLIED, Enrollment.State.WAITLISTED)
    open_ = Q(scored_by_me=True) | Q(scoring_closed=True) | ~Q(state__in=undecided)
    return (
        people(cohort)
        .filter(role__in=APPLYING)
        .filter(Q(applied_at__isnull=False) | Q(state__in=undecided))
        .annotate(
            mean=Subquery(counted.annotate(n=Avg("mean")).values("n")),
            least=Subquery(counted.annotate(n=Min("mean")).values("n")),
            most=Subquery(counted.annotate(n=Max("mean")).values("n")),
            scores=Coalesce(
                Subquery(counted.annotate(n=Count("pk")).values("n")), 0,
                output_field=IntegerField(),
            ),
            scored_by_me=Exists(mine),
            is_scored=Exists(rubric),
            scoring_closed=Exists(rubric.exclude(closed_at=None)),
        )
        .annotate(shown=Case(When(open_ & ~Q(person=reader), then=True), default=False))
        .annotate(
            sortable=Case(When(shown=True, then=F("mean")), default=None, output_field=FloatField())
        )
    )  # fmt: skip


def own_enrollments(user: "User", cohort: Cohort) -> QuerySet[Enrollment]:
    """A person's places in a cohort, those she left included."""
    return Enrollment.objects.filter(cohort=cohort, person=user).select_related("cohort__program")


def places_of(user: "User") -> QuerySet[Enrollment]:
    """All places a person has or had, with ``since``; but for those she was never taken into."""
    editions = Edition.objects.select_related("version__program").order_by("number")
    return (
        Enrollment.objects.filter(person=user)
        .exclude(state=Enrollment.State.DECLINED)
        .select_related("cohort__program")
        .prefetch_related(Prefetch("cohort__editions", editions), "years")
        .annotate(since=Coalesce("activated_at", "accepted_at", "created_at"))
    )


def sees_since(user: "User", cohort: Cohort, role: str) -> datetime | None:
    """From when on a staff member sees what her role opens; ``None``: everything.

    Who gave herself the role sees nothing older than that moment.
    """
    row = Enrollment.objects.filter(
        cohort=cohort, person=user, role=role, state__in=Enrollment.PRESENT
    ).first()
    if row is None or row.granted_by_id != row.person_id:
        return None
    return row.accepted_at


def help_contacts(cohort: Cohort | None) -> QuerySet[HelpContact]:
    """Whom to turn to: this cohort's contacts and those for everyone at the school."""
    return HelpContact.objects.filter(Q(cohort=None) | Q(cohort=cohort))


def absences(cohort: Cohort) -> dict[int, list[tuple[date, date]]]:
    """Declared absences by enrollment, for whoever counts days."""
    found: dict[int, list[tuple[date, date]]] = {}
    rows = Absence.objects.filter(enrollment__cohort=cohort)
    for enrollment, starts, ends in rows.values_list("enrollment", "starts", "ends"):
        found.setdefault(enrollment, []).append((starts, ends))
    return found


def help_directory(person: "User | None") -> list[HelpContact]:
    """All contacts, by name of cohort, those for everyone first; for a person, of her cohorts."""
    rows = HelpContact.objects.select_related("cohort").exclude(cohort__state=Cohort.State.ARCHIVED)
    if person is not None:
        mine = visible_cohorts(person).values("pk")
        rows = rows.filter(Q(cohort=None) | Q(cohort__in=mine))
    return sorted(
        rows.order_by("order", "pk"), key=lambda row: row.cohort.name if row.cohort else ""
    )


def has_cohort(user: "User") -> bool:
    """Whether the person has a place anywhere."""
    return Enrollment.objects.filter(person=user).exclude(state__in=GONE).exists()
