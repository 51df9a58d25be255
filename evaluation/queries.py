"""The rows of the cohort board: pairs, people and flags, with as much as the program lets out.

A level of confidentiality decides which facts are asked for at all: what may not be shown is not
in the rows, so that no cell, filter, sort key or export can leak it.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Lower

from evaluation.models import Flag
from evaluation.monitoring import unresponsive
from evaluation.monitoring.any_of import AnyOf
from evaluation.monitoring.catalog import RULES
from matching.models import Membership, Mentorship
from mentoring import clock
from mentoring.accounts.permissions import MENTOR_ROLES, PARTICIPANT_ROLES, Role
from mentoring.accounts.visibility import (
    sees_agreement_status,
    sees_meeting_counts,
    sees_meeting_facts,
)
from programs.models import Cohort, Enrollment, EnrollmentYear
from sessions.agreements import with_status
from sessions.models import Contact, Meeting, MeetingState, Message, Participant, Side

NEVER = Value(datetime(1970, 1, 1, tzinfo=UTC), output_field=DateTimeField())
# A place that is held now; of an ended mentorship, one that was held at its end.
IN_IT = Q(ended_at=None) | Q(ended_at=F("mentorship__ended_at"))
HIGH = Flag.Severity.HIGH
OVER = (Cohort.State.CLOSING, Cohort.State.ARCHIVED)


def _moment(rows: QuerySet[Any], field: str, per: str, pick: Any = Max) -> Subquery:
    """The last (or first) moment of those rows for the row at hand."""
    return Subquery(
        rows.order_by().values(per).annotate(at=pick(field)).values("at")[:1],
        output_field=DateTimeField(),
    )


def _times(rows: QuerySet[Any], per: str) -> Coalesce:
    counted = rows.order_by().values(per).annotate(n=Count("pk")).values("n")[:1]
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def pairs(cohort: Cohort) -> QuerySet[Mentorship]:
    """The live mentorships of a cohort with the facts that may be shown of them."""
    rows = Mentorship.objects.filter(cohort=cohort, state__in=Mentorship.LIVE)
    rows = _with_people(rows, cohort)
    if sees_meeting_counts(cohort.level):
        rows = _with_counts(rows, cohort)
    if sees_meeting_facts(cohort.level):
        rows = _with_facts(rows, cohort)
    if sees_agreement_status(cohort.level):
        rows = with_status(rows)
    return rows


def shown(rows: QuerySet[Mentorship], cohort: Cohort) -> QuerySet[Any]:
    """The same rows with the names, and flags where they may be seen; two queries more."""
    live = Membership.objects.filter(ended_at=None).select_related("person")
    by_name = live.order_by("person__family_name", "person__given_name", "pk")
    rows = rows.prefetch_related(Prefetch("memberships", by_name, to_attr="members"))
    if not sees_meeting_counts(cohort.level):
        return rows
    standing = flags(cohort).filter(state__in=Flag.STANDING).order_by("opened_at", "pk")
    return rows.prefetch_related(Prefetch("flags", standing, to_attr="standing"))


def _with_people(rows: QuerySet[Mentorship], cohort: Cohort) -> QuerySet[Mentorship]:
    live = Membership.objects.filter(mentorship=OuterRef("pk"), ended_at=None)
    students, mentors = live.filter(role=Role.STUDENT), live.filter(role__in=MENTOR_ROLES)
    family = Lower("person__family_name")
    by_name = students.order_by("person__family_name", "pk")
    return rows.annotate(
        # Since the first day on which both sides were there.
        together_since=Greatest(
            Subquery(students.order_by("started_at").values("started_at")[:1]),
            Subquery(mentors.order_by("started_at").values("started_at")[:1]),
        ),
        student_name=Subquery(by_name.annotate(name=family).values("name")[:1]),
        mentor_name=Subquery(
            mentors.order_by("person__family_name", "pk").annotate(name=family).values("name")[:1]
        ),
        campus=Subquery(by_name.values("enrollment__campus")[:1]),
        class_year=Subquery(
            EnrollmentYear.objects.filter(
                enrollment__memberships__mentorship=OuterRef("pk"),
                enrollment__memberships__ended_at=None,
                enrollment__memberships__role=Role.STUDENT,
                academic_year__lte=cohort.edition.starts.year,
            )
            .order_by("-academic_year", "pk")
            .values("class_year")[:1]
        ),
    )


def _years(cohort: Cohort, enrollment: OuterRef) -> QuerySet[EnrollmentYear, Any]:
    known = EnrollmentYear.objects.filter(
        enrollment=enrollment, academic_year__lte=cohort.edition.starts.year
    )
    return known.order_by("-academic_year").values("class_year")


def _with_counts(rows: QuerySet[Mentorship], cohort: Cohort) -> QuerySet[Mentorship]:
    held = Meeting.objects.filter(mentorship=OuterRef("pk"), state=MeetingState.HELD)
    standing = flags(cohort).filter(mentorship=OuterRef("pk"), state__in=Flag.STANDING)
    return rows.annotate(
        held_count=_times(held, "mentorship"),
        flagged=Case(
            When(Exists(standing.filter(severity=HIGH)), then=2),
            When(Exists(standing), then=1),
            default=0,
        ),
    )


def _with_facts(rows: QuerySet[Mentorship], cohort: Cohort) -> QuerySet[Mentorship]:
    of_pair = {"mentorship": OuterRef("pk")}
    now = clock.now()
    meetings = Meeting.objects.filter(**of_pair)
    held = meetings.filter(state=MeetingState.HELD)
    booked = meetings.filter(state=MeetingState.BOOKED, starts_at__gt=now)
    last_held = _moment(held, "starts_at", "mentorship")
    contact = _moment(Contact.objects.filter(**of_pair), "at", "mentorship")
    both = Greatest(Coalesce(last_held, NEVER), Coalesce(contact, NEVER))
    word = {
        side: Coalesce(
            _moment(Message.objects.filter(**of_pair, side=side), "sent_at", "mentorship"), NEVER
        )
        for side in (Side.STUDENT, Side.MENTOR)
    }
    # Who waits for the mentor is said by the rule that raises the flag, and by nobody else.
    waits_for_mentor = AnyOf("pk", unresponsive.waiting(cohort, now))
    proposed = meetings.filter(state=MeetingState.PROPOSED, starts_at__gt=now)
    rows = rows.annotate(
        last_held=last_held,
        next_booked=_moment(booked, "starts_at", "mentorship", Min),
        disputed=Exists(meetings.filter(disputed_at__isnull=False)),
        together=both,
        student_word=word[Side.STUDENT],
        mentor_word=word[Side.MENTOR],
    )
    waits_for_student = Exists(proposed.filter(created_side=Side.MENTOR)) | Q(
        mentor_word__gt=Greatest(F("student_word"), F("together"))
    )
    return rows.annotate(
        silent=Case(
            When(waits_for_mentor, then=Value(Side.MENTOR.value)),
            When(waits_for_student, then=Value(Side.STUDENT.value)),
            default=Value(""),
            output_field=CharField(),
        )
    )


def people(cohort: Cohort) -> QuerySet[Any]:
    """Students and mentors who are accepted or active, with what may be shown of them."""
    rows: QuerySet[Any] = Enrollment.objects.filter(
        cohort=cohort, role__in=list(PARTICIPANT_ROLES), state__in=Enrollment.PRESENT
    )
    live = Membership.objects.filter(
        enrollment=OuterRef("pk"), ended_at=None, mentorship__state__in=Mentorship.LIVE
    )
    rows = rows.annotate(
        name=Lower("person__family_name"),
        matched=Exists(live),
        class_year=Subquery(_years(cohort, OuterRef("pk"))[:1]),
    )
    if not sees_meeting_counts(cohort.level):
        return rows
    standing = flags(cohort).filter(state__in=Flag.STANDING)
    standing = standing.filter(
        Q(enrollment=OuterRef("pk"))
        | Q(
            enrollment=None,
            mentorship__memberships__enrollment=OuterRef("pk"),
            mentorship__memberships__ended_at=None,
        )
    )
    rows = rows.annotate(has_flag=Exists(standing), **_meetings_of_person(cohort))
    return rows  # noqa: RET504 (typed by its first assignment)


def _meetings_of_person(cohort: Cohort) -> dict[str, Any]:
    """Who was there is a fact of a meeting; how often the mentorship met is a count."""
    if not sees_meeting_facts(cohort.level):
        held = Meeting.objects.filter(
            state=MeetingState.HELD,
            mentorship__memberships__enrollment=OuterRef("pk"),
            mentorship__memberships__ended_at=None,
        )
        return {"held_count": _times(held, "mentorship__memberships__enrollment")}
    present = Participant.objects.filter(
        enrollment=OuterRef("pk"),
        meeting__mentorship__isnull=False,
        meeting__state=MeetingState.HELD,
        attendance=Participant.Attendance.PRESENT,
    )
    return {
        "held_count": _times(present, "enrollment"),
        "last_held": _moment(present, "starts_at", "enrollment"),
    }


def flags(cohort: Cohort) -> QuerySet[Flag]:
    """A cohort's flags, as far as they may leave the pair.

    What is not about the pair, such as who attended trainings, is shown at every level.
    """
    rows = Flag.objects.filter(cohort=cohort)
    if sees_meeting_facts(cohort.level):
        return rows
    beside = Q(rule__in=[rule.slug for rule in RULES if not rule.of_the_pair])
    if not sees_meeting_counts(cohort.level):
        return rows.filter(beside)
    counts = Q(rule__in=[rule.slug for rule in RULES if rule.only_counts], enrollment=None)
    return rows.filter(beside | counts)


def people_of(flag: Flag) -> QuerySet[Membership]:
    """Those whom a flag is about, mentors first."""
    rows = Membership.objects.filter(IN_IT, mentorship=flag.mentorship_id)
    mentors_first = Case(When(role__in=MENTOR_ROLES, then=0), default=1)
    return rows.select_related("person", "enrollment").order_by(mentors_first, "pk")


def in_need(cohort: Cohort) -> QuerySet[Flag]:
    """Open flags that nobody put off, the urgent and the oldest first.

    Flags of a cohort that is over stay as the record of its year, and call for nobody.
    """
    awake = Q(snoozed_until=None) | Q(snoozed_until__lte=clock.now())
    rows = by_urgency(flags(cohort).filter(awake, state=Flag.State.OPEN))
    return rows.none() if cohort.state in OVER else rows


def by_urgency(rows: QuerySet[Flag]) -> QuerySet[Flag]:
    """The urgent first, then the oldest."""
    rank = Case(When(severity=HIGH, then=0), When(severity="warning", then=1), default=2)
    return rows.annotate(rank=rank).order_by("rank", "since", "pk")


def resting(cohort: Cohort) -> int:
    """How many flags stand that a coordinator looks after or has put off."""
    later = Q(state=Flag.State.ACKNOWLEDGED) | Q(snoozed_until__gt=clock.now())
    return flags(cohort).filter(later, state__in=Flag.STANDING).count()


def with_partners(rows: QuerySet[Any]) -> QuerySet[Any]:
    """People with their names and those they are matched with; three queries more."""
    others = Membership.objects.filter(ended_at=None).select_related("person")
    return rows.select_related("person").prefetch_related(
        Prefetch(
            "memberships",
            Membership.objects.filter(ended_at=None).select_related("mentorship"),
            to_attr="places",
        ),
        Prefetch("places__mentorship__memberships", others, to_attr="members"),
    )
