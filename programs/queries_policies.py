"""Policies: which are in force, who is asked, who has answered. Nothing of it is stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery

from programs.models import (
    Cohort,
    CohortState,
    Enrollment,
    Policy,
    PolicyAnswer,
    PolicyReply,
    PolicyVersion,
)

if TYPE_CHECKING:
    from mentoring.accounts.models import User

YES = (PolicyReply.ACKNOWLEDGED, PolicyReply.AGREED)


@dataclass(frozen=True, slots=True)
class Counts:
    """How a policy stands: places asked, answered, and of these a yes."""

    asked: int = 0
    answered: int = 0
    yes: int = 0

    @property
    def no(self) -> int:
        return self.answered - self.yes

    @property
    def open(self) -> int:
        return self.asked - self.answered


def standing_of(rows: QuerySet[Policy]) -> QuerySet[Any]:
    """With the version in force, the oldest one an answer may be to, and whether a draft waits."""
    versions = PolicyVersion.objects.filter(policy=OuterRef("pk"))
    published = versions.filter(published_at__isnull=False).order_by("-number")
    return rows.annotate(
        current=Subquery(published.values("number")[:1]),
        asks_from=Subquery(published.filter(asks_again=True).values("number")[:1]),
        current_at=Subquery(published.values("published_at")[:1]),
        has_draft=Exists(versions.filter(published_at=None)),
    )


def policies_of(cohort: Cohort) -> QuerySet[Policy]:
    """All of a cohort, those in the making and the retired ones included."""
    return standing_of(Policy.objects.filter(cohort=cohort)).order_by("order", "pk")


def in_force(rows: QuerySet[Policy]) -> QuerySet[Policy]:
    """Those that people are asked about."""
    published = PolicyVersion.objects.filter(policy=OuterRef("pk"), published_at__isnull=False)
    return standing_of(rows.filter(Exists(published), retired_at=None))


def current_version(policy: Policy) -> PolicyVersion | None:
    """The latest that is published."""
    rows = policy.versions.filter(published_at__isnull=False).select_related("published_by")
    return rows.order_by("-number").first()


def draft_of(policy: Policy) -> PolicyVersion | None:
    return policy.versions.filter(published_at=None).first()


def asked(policy: Policy) -> QuerySet[Enrollment]:
    """The places that a policy is for."""
    return Enrollment.objects.filter(
        cohort=policy.cohort_id, role__in=sorted(policy.roles), state__in=Enrollment.PRESENT
    )


def _valid(rows: QuerySet[PolicyAnswer]) -> QuerySet[PolicyAnswer]:
    """Answers that stand, and to a version after which nobody was asked again."""
    asking = (
        PolicyVersion.objects.filter(
            policy=OuterRef("policy"), asks_again=True, published_at__isnull=False
        )
        .order_by("-number")
        .values("number")[:1]
    )
    return rows.filter(replaced_at=None, version__number__gte=Subquery(asking))


def _answered(policy: Policy, *replies: str) -> Exists:
    rows = _valid(PolicyAnswer.objects.filter(policy=policy, enrollment=OuterRef("pk")))
    return Exists(rows.filter(answer__in=replies) if replies else rows)


def unanswered(policy: Policy) -> QuerySet[Enrollment]:
    """Places of people who have still to answer."""
    return asked(policy).filter(~_answered(policy))


def said_yes(policy: Policy) -> QuerySet[Enrollment]:
    """Places of people who confirmed or agreed, with the moment."""
    rows = PolicyAnswer.objects.filter(
        policy=policy, enrollment=OuterRef("pk"), replaced_at=None
    ).values("answered_at")
    return asked(policy).filter(_answered(policy, *YES)).annotate(answered_at=Subquery(rows[:1]))


def counts(cohort: Cohort, policies: Iterable[Policy]) -> dict[int, Counts]:
    """How these policies of a cohort stand, by id. Two queries, however many."""
    listed = list(policies)
    people = dict(
        Enrollment.objects.filter(cohort=cohort, state__in=Enrollment.PRESENT)
        .order_by()
        .values_list("role")
        .annotate(n=Count("pk"))
    )
    rows = list(
        _valid(PolicyAnswer.objects.filter(policy__in=listed))
        .filter(enrollment__state__in=Enrollment.PRESENT)
        .order_by()
        .values("policy", "answer", role=F("enrollment__role"))
        .annotate(n=Count("pk"))
    )
    return {
        policy.pk: Counts(
            asked=sum(people.get(role, 0) for role in policy.roles),
            answered=_sum(rows, policy, PolicyReply.values),
            yes=_sum(rows, policy, YES),
        )
        for policy in listed
    }


def _sum(rows: Iterable[Mapping[str, Any]], policy: Policy, replies: Iterable[str]) -> int:
    wanted = set(replies)
    return sum(
        int(row["n"])
        for row in rows
        if row["policy"] == policy.pk and row["role"] in policy.roles and row["answer"] in wanted
    )


def open_for(user: "User") -> list[Policy]:
    """What this person has still to answer, in all her cohorts. Three queries at most."""
    return open_among(live_places(user))


def live_places(user: "User") -> list[Enrollment]:
    """Her places in cohorts that still live."""
    rows = Enrollment.objects.filter(person=user, state__in=Enrollment.PRESENT)
    return list(rows.exclude(cohort__state=CohortState.ARCHIVED))


def open_among(places: list[Enrollment]) -> list[Policy]:
    """What somebody with these places has still to answer. Two queries."""
    if not places:
        return []
    rows = Policy.objects.filter(cohort__in={place.cohort_id for place in places})
    policies = list(in_force(rows).select_related("cohort").order_by("cohort", "order", "pk"))
    if not policies:
        return []
    numbers = {
        (row["policy"], row["enrollment"]): row["version__number"]
        for row in PolicyAnswer.objects.filter(
            enrollment__in=places, policy__in=policies, replaced_at=None
        ).values("policy", "enrollment", "version__number")
    }
    return [policy for policy in policies if _waits(policy, places, numbers)]


def _waits(policy: Policy, places: list[Enrollment], numbers: dict[tuple[int, int], int]) -> bool:
    asks_from = policy.asks_from  # type: ignore[attr-defined]
    return any(
        numbers.get((policy.pk, place.pk), 0) < asks_from
        for place in places
        if place.cohort_id == policy.cohort_id and place.role in policy.roles
    )


def required_texts(place: Enrollment) -> list[PolicyVersion]:
    """The texts in force that somebody with this place confirms before taking part."""
    rows = in_force(Policy.objects.filter(cohort=place.cohort_id, required=True))
    current = {row.pk: row.current for row in rows if place.role in row.roles}  # type: ignore[attr-defined]
    versions = PolicyVersion.objects.filter(policy__in=current, published_at__isnull=False)
    shown = versions.select_related("policy").order_by("policy__order", "policy")
    return [version for version in shown if version.number == current[version.policy_id]]


def places_asked(user: "User", policy: Policy) -> list[Enrollment]:
    """A person's places that a policy asks, while she takes part."""
    return list(asked(policy).filter(person=user))


def answers_of(user: "User") -> QuerySet[PolicyAnswer]:
    """Everything a person ever answered, with the text she read."""
    return PolicyAnswer.objects.filter(enrollment__person=user).select_related(
        "version", "policy__cohort", "enrollment"
    )


def concerns(user: "User", policy: Policy) -> bool:
    """Whether somebody is asked, or answered once: what she agreed to stays hers to read."""
    if PolicyAnswer.objects.filter(policy=policy, enrollment__person=user).exists():
        return True
    if policy.retired_at is not None or not asked(policy).filter(person=user).exists():
        return False
    return current_version(policy) is not None
