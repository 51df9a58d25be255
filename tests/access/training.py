"""Addresses of trainings and supervisions."""

from datetime import timedelta
from typing import Any

from mentoring import clock
from mentoring.accounts.permissions import Role
from programs.models import Enrollment
from sessions.models import Certificate, Meeting, Series, SupervisorGroup, SupervisorPlace
from tests.access.expectation import EVERYBODY, SIGNED_IN, Expect, cohort_page
from tests.factories import training_date

# In tests.personas the mentor is in the supervisor's group; the others are in none.
COORDINATOR = frozenset({"coordinator"})
LEADS = frozenset({"coordinator", "supervisor"})
ELSEWHERE = frozenset({"other_coordinator"})


def _group(cohort: Any, member: Any) -> SupervisorGroup:
    supervisor = Enrollment.objects.filter(cohort=cohort, role=Role.SUPERVISOR).first()
    supervisor = supervisor or Enrollment.objects.get(cohort=cohort, role=Role.COORDINATOR)
    group, _ = SupervisorGroup.objects.get_or_create(
        cohort=cohort, supervisor=supervisor, name="Group"
    )
    SupervisorPlace.objects.get_or_create(group=group, enrollment=member)
    return group


def _series(cohort: Any, member: Any) -> Series:
    made, _ = Series.objects.get_or_create(
        cohort=cohort,
        kind="supervision",
        audience=Role.MENTOR,
        title="Supervision",
        group=_group(cohort, member),
    )
    return made


def _date(cohort: Any, member: Any, *, ahead: bool) -> Meeting:
    series = _series(cohort, member)
    shift = timedelta(days=5 if ahead else -5)
    starts = (clock.now() + shift).replace(minute=0, second=0, microsecond=0)
    found = Meeting.objects.filter(series=series, starts_at=starts).first()
    return found or training_date(series, starts)


def _here(make: Any, **more: Any) -> Any:
    return lambda world: {"key": make(world.cohort, world.mentorship.mentor, **more).key}


def _there(make: Any, **more: Any) -> Any:
    return lambda world: {"key": make(world.other, world.elsewhere.mentor, **more).key}


def _of(make: Any, allowed: Any, elsewhere: Any = ELSEWHERE, **more: Any) -> Expect:
    extra = {"ahead": more.pop("ahead")} if "ahead" in more else {}
    return Expect(
        allowed,
        args=_here(make, **extra),
        elsewhere=_there(make, **extra),
        allowed_elsewhere=elsewhere,
        **more,
    )


_WAIVER = Expect(
    COORDINATOR,
    args=lambda w: {"cohort": w.cohort.key, "key": w.mentorship.mentor.key},
    elsewhere=lambda w: {"cohort": w.other.key, "key": w.elsewhere.mentor.key},
    allowed_elsewhere=ELSEWHERE,
    method="post",
)


def _certificate(cohort: Any, member: Any) -> Certificate:
    found = Certificate.objects.filter(enrollment=member).first()
    facts = {
        "name": "Somebody",
        "role": member.role,
        "program": "Mentoring",
        "school": "",
        "cohort": cohort.name,
        "first": "2021-10-06",
        "last": "2021-10-06",
        "minutes": 90,
        "dates": [
            {"kind": "training", "title": "Mentor training", "day": "2021-10-06", "minutes": 90}
        ],
    }
    return found or Certificate.objects.create(enrollment=member, kind="attendance", facts=facts)


def _code(world: Any) -> dict[str, Any]:
    return {"code": _certificate(world.cohort, world.mentorship.mentor).code}


def _code_there(world: Any) -> dict[str, Any]:
    return {"code": _certificate(world.other, world.elsewhere.mentor).code}


def _paper(code: Any) -> Any:
    return lambda world: code(world) | {"paper": "a4"}


def _by_code(
    allowed: Any, elsewhere: Any = ELSEWHERE, *, paper: bool = False, **more: Any
) -> Expect:
    here, there = (_paper(_code), _paper(_code_there)) if paper else (_code, _code_there)
    return Expect(allowed, args=here, elsewhere=there, allowed_elsewhere=elsewhere, **more)


def _place(world: Any) -> dict[str, Any]:
    return {"key": world.mentorship.mentor.key}


def _place_there(world: Any) -> dict[str, Any]:
    return {"key": world.elsewhere.mentor.key}


def _in(cohort: str, place: Any) -> Any:
    return lambda world: place(world) | {"cohort": getattr(world, cohort).key}


def _of_place(**more: Any) -> Expect:
    """A person's certificates, for herself."""
    return Expect(_MENTOR, args=_place, elsewhere=_place_there, allowed_elsewhere=_OTHER, **more)


def _of_person(**more: Any) -> Expect:
    """A person's certificates, for the coordinators."""
    return Expect(
        COORDINATOR,
        args=_in("cohort", _place),
        elsewhere=_in("other", _place_there),
        allowed_elsewhere=ELSEWHERE,
        **more,
    )


_MENTOR, _OTHER = frozenset({"mentor"}), frozenset({"other_mentor"})

EXPECTATIONS: dict[str, Expect] = {
    "sessions:training": Expect(SIGNED_IN),
    "sessions:my_groups": Expect(SIGNED_IN),
    "sessions:training_of": cohort_page(),
    "sessions:new_series": cohort_page(),
    "sessions:waive": _WAIVER,
    "sessions:withdraw_waiver": _WAIVER,
    "sessions:quotas": cohort_page(),
    "sessions:credits": cohort_page(),
    "sessions:certificates": cohort_page(),
    "sessions:certificates_completion": cohort_page(),
    "sessions:issue_certificates": cohort_page(method="post", data={"kind": "attendance"}),
    "sessions:person_certificates": _of_person(),
    "sessions:issue_certificate": _of_person(method="post", data={"kind": "attendance"}),
    "sessions:my_certificates": _of_place(),
    "sessions:fetch_certificate": _of_place(method="post", data={"kind": "attendance"}),
    "sessions:certificate": _by_code(EVERYBODY, EVERYBODY),
    "sessions:certificate_files": _by_code(_MENTOR | COORDINATOR, _OTHER | ELSEWHERE),
    "sessions:order_certificate_pdf": _by_code(
        _MENTOR | COORDINATOR, _OTHER | ELSEWHERE, method="post", data={"paper": "none"}
    ),
    "sessions:certificate_pdf": _by_code(_MENTOR | COORDINATOR, _OTHER | ELSEWHERE, paper=True),
    "sessions:revoke_certificate": _by_code(COORDINATOR, method="post", data={"why": ""}),
    "sessions:groups": cohort_page(),
    "sessions:group": _of(_group, LEADS),
    "sessions:group_members": _of(_group, COORDINATOR),
    "sessions:end_group": _of(_group, COORDINATOR, method="post"),
    "sessions:series": _of(_series, COORDINATOR),
    "sessions:add_training_date": _of(_series, COORDINATOR, method="post"),
    "sessions:enroll": _of(_date, _MENTOR, _OTHER, ahead=True, method="post"),
    "sessions:leave": _of(_date, _MENTOR, _OTHER, ahead=True, method="post"),
    "sessions:wait": _of(_date, _MENTOR, _OTHER, ahead=True, method="post"),
    "sessions:step_down": _of(_date, _MENTOR, _OTHER, ahead=True, method="post"),
    "sessions:remove_from_date": _of(_date, COORDINATOR, ahead=True, method="post"),
    "sessions:attendance": _of(_date, LEADS, ahead=False),
    "sessions:move_date": _of(_date, COORDINATOR, ahead=True),
    "sessions:cancel_date": _of(_date, COORDINATOR, ahead=True),
}
