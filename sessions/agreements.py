"""Which agreements hold, what waits for whom: derived from versions, signatures and places.

A version holds when everyone who has a place in the mentorship today has signed it; of several
such, the newest. So a new member's signature is missing until she gives it, and a proposal leaves
the former version in force until all have signed. Set-based where many are asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from matching.models import Membership, Mentorship
from mentoring.accounts.models import User
from sessions.circle import Circle
from sessions.models import Agreement, AgreementSignature


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a mentorship's agreement stands."""

    in_force: Agreement | None
    pending: Agreement | None
    missing: tuple[Membership, ...] = ()

    @property
    def status(self) -> str:
        """``none``, ``proposed`` or ``signed``: all that ever leaves the pair about signing."""
        if self.in_force is not None:
            return "signed"
        return "proposed" if self.pending is not None else "none"

    @property
    def current(self) -> Agreement | None:
        """What there is to read: the proposal, else the version that holds."""
        return self.pending or self.in_force

    def waits_for(self, user: User | None) -> bool:
        """Whether this person's signature is missing."""
        return any(user is not None and member.person_id == user.pk for member in self.missing)


def standing(members: Circle) -> Standing:
    """The agreement of one mentorship among its present members; two queries."""
    rows = members.mentorship.agreements.filter(closed_at=None).prefetch_related("signatures")
    in_force = pending = None
    missing: tuple[Membership, ...] = ()
    for row in rows.order_by("number"):
        signed = {signature.person_id for signature in row.signatures.all()}
        absent = tuple(one for one in members.members if one.person_id not in signed)
        if absent or not members.members:
            pending, missing = row, absent
        else:
            in_force, pending, missing = row, None, ()
    return Standing(in_force, pending, missing)


def complete() -> QuerySet[Agreement]:
    """Versions that all who are there today have signed."""
    signed = AgreementSignature.objects.filter(
        agreement=OuterRef(OuterRef("pk")), person=OuterRef("person")
    )
    missing = Membership.objects.filter(
        ~Exists(signed), mentorship=OuterRef("mentorship"), ended_at=None
    )
    return Agreement.objects.filter(~Exists(missing), closed_at=None)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a mentorship has agreed upon, as far as rules need it."""

    meeting_days: float | None
    contact_days: float | None
    since: datetime


def agreed(cohorts: Iterable[int]) -> dict[int, Agreed]:
    """The agreements in force in active mentorships of these cohorts; one query.

    ``since``: the last signature, when it came into force.
    """
    rows = complete().filter(
        mentorship__cohort__in=list(cohorts), mentorship__state=Mentorship.State.ACTIVE
    )
    found: dict[int, Agreed] = {}
    rows = rows.only("mentorship", "number", "rhythm", "every", "contact_weeks")
    rows = rows.annotate(since=Max("signatures__signed_at")).order_by("number")
    for row in rows:
        found[row.mentorship_id] = Agreed(row.meeting_days, row.contact_days, row.since)
    return found


def with_status(rows: QuerySet[Mentorship]) -> QuerySet[Mentorship]:
    """Mentorships with ``agreement_status`` and, where signed, ``agreed_rhythm`` and ``_every``."""
    mine = complete().filter(mentorship=OuterRef("pk")).order_by("-number")
    there = Agreement.objects.filter(mentorship=OuterRef("pk"), closed_at=None)
    rows = rows.annotate(
        agreed_rhythm=Subquery(mine.values("rhythm")[:1]),
        agreed_every=Subquery(mine.values("every")[:1]),
    )
    return rows.annotate(
        agreement_status=Case(
            When(agreed_rhythm__isnull=False, then=Value("signed")),
            When(Exists(there), then=Value("proposed")),
            default=Value("none"),
            output_field=CharField(),
        )
    )


def waiting_for(user: User) -> list[Any]:
    """Versions that this person has not signed yet, the newest of each mentorship; one query.

    ``my_role`` is her role there.
    """
    own = AgreementSignature.objects.filter(agreement=OuterRef("pk"), person=user)
    newer = Agreement.objects.filter(
        mentorship=OuterRef("mentorship"), closed_at=None, number__gt=OuterRef("number")
    )
    return list(
        Agreement.objects.filter(
            ~Exists(own),
            ~Exists(newer),
            closed_at=None,
            mentorship__state__in=Mentorship.LIVE,
            mentorship__memberships__person=user,
            mentorship__memberships__ended_at=None,
        )
        .select_related("mentorship__cohort", "proposed_by")
        .annotate(my_role=F("mentorship__memberships__role"))
        .order_by("proposed_at", "pk")
    )


def history(mentorship: Mentorship, user: User) -> QuerySet[Agreement]:
    """The versions that this person may read: those that stood while she was a member."""
    during = Q(pk__in=[])
    for starts, ends in mentorship.memberships.filter(person=user).values_list(
        "started_at", "ended_at"
    ):
        span = Q(closed_at=None) | Q(closed_at__gte=starts)
        during |= span & Q(proposed_at__lte=ends) if ends else span
    rows = Agreement.objects.filter(during, mentorship=mentorship)
    return rows.select_related("proposed_by", "body").prefetch_related("signatures__person")


def former(rows: Sequence[Agreement], user: User) -> dict[int, Agreement]:
    """The version before each of these, by the id of the later one, as far as she may read it."""
    if not rows:
        return {}
    mentorship, numbers = rows[0].mentorship, [row.number - 1 for row in rows]
    known = {row.number: row for row in history(mentorship, user).filter(number__in=numbers)}
    return {row.pk: known[row.number - 1] for row in rows if row.number - 1 in known}
