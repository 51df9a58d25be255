"""Surveys are planned, opened and taken back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from evaluation.surveys import audience, instruments
from evaluation.surveys.models import FEWEST, Survey, SurveyInvitation, SurveySide, SurveyState
from evaluation.surveys.plan import Planned, planned
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from mentoring.keys import new_key
from programs.models import Cohort, CohortState

RECRUITING = (CohortState.RECRUITING, CohortState.MATCHING)
UNDER_WAY = (CohortState.RUNNING, CohortState.CLOSING)
# However late it was opened, people get this long to answer.
LEAST_DAYS = timedelta(days=14)
LONGEST = timedelta(days=120)


@transaction.atomic
def schedule(
    *,
    cohort: Cohort,
    title: str,
    side: str,
    parts: list[str],
    opens_at: datetime,
    closes_at: datetime,
    by: User,
) -> Survey:
    """A survey besides the plan's; it opens by itself at its moment, at once if that is now."""
    if cohort.state == CohortState.ARCHIVED:
        raise DomainError(_("This cohort is over: nobody is asked any more."))
    if closes_at <= max(opens_at, clock.now()):
        raise DomainError(_("It closes before anybody can answer."), field="closes_on")
    if closes_at - opens_at > LONGEST:
        raise DomainError(_("Four months at most."), field="closes_on")
    if any(part not in instruments.newest() for part in parts) or not parts:
        raise DomainError(_("Choose what is asked."), field="instruments")
    early = cohort.state in audience.BEFORE
    if early and any(instruments.newest()[part].when != "before" for part in parts):
        raise DomainError(
            _("Until the cohort runs, only what people need can be asked."), field="instruments"
        )
    _enough(audience.eligible(cohort, side).values("person").distinct().count())
    key = new_key()
    survey = Survey.objects.create(
        key=key,
        cohort=cohort,
        occurrence=f"hand:{key}",
        slug=_free_slug(cohort, title, side),
        title=title,
        side=side,
        instruments=instruments.questionnaire(parts, side),
        opens_at=opens_at,
        closes_at=closes_at,
        created_by=by,
    )
    audit.record(by=by, action="survey.planned", subject=survey, cohort=cohort, side=side)
    if opens_at <= clock.now():
        return open_survey(survey=survey)
    return survey


@transaction.atomic
def take_back(*, survey: Survey, by: User) -> None:
    """Remove a survey that was not sent yet."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.state != SurveyState.SCHEDULED:
        raise DomainError(_("It was sent already, so it cannot be taken back."))
    audit.record(by=by, action="survey.taken_back", subject=locked, cohort=locked.cohort)
    locked.delete()


@transaction.atomic
def open_survey(*, survey: Survey) -> Survey:
    """Invite everyone who is eligible now; from here on the denominator stands.

    Its mails are derived at each tick (``evaluation.surveys.mails``).
    """
    locked = Survey.objects.select_for_update().select_related("cohort").get(pk=survey.pk)
    if locked.state != SurveyState.SCHEDULED:
        return locked
    asked = audience.of(locked)
    _enough(len(asked.people))
    now = clock.now()
    late = now - locked.opens_at > timedelta(days=1)
    locked.opens_at = now if late else locked.opens_at
    locked.closes_at = max(locked.closes_at, now + LEAST_DAYS) if late else locked.closes_at
    locked.state = SurveyState.OPEN
    locked.invited, locked.left_out = len(asked.people), asked.left_out
    locked.save()
    SurveyInvitation.objects.bulk_create(
        (SurveyInvitation(survey=locked, person_id=person) for person in asked.people),
        batch_size=1000,
    )
    audit.record(
        by=None,
        action="survey.opened",
        subject=locked,
        cohort=locked.cohort,
        invited=locked.invited,
    )
    return locked


def open_due(now: datetime) -> int:
    """Open what the plans and the coordinators want open by now; how many."""
    opened = 0
    for cohort in Cohort.objects.filter(state__in=UNDER_WAY, started_at__isnull=False):
        opened += sum(_open_planned(cohort, one, now) for one in _due(cohort, now))
    for cohort in Cohort.objects.filter(state__in=RECRUITING):
        early = [one for one in _due(cohort, now) if one.before]
        opened += sum(_open_planned(cohort, one, now) for one in early)
    waiting = Survey.objects.filter(state=SurveyState.SCHEDULED, opens_at__lte=now)
    return opened + sum(_try_to_open(survey) for survey in waiting)


def upcoming(cohort: Cohort) -> list[Planned]:
    """The plan's surveys that were not sent and still can be."""
    if cohort.state == CohortState.ARCHIVED:
        return []
    now = clock.now()
    return [one for one in unsent(cohort) if one.closes_at > now]


def unsent(cohort: Cohort) -> list[Planned]:
    """The plan's surveys of this cohort's time that were not sent, whether or not they can be."""
    sent = set(Survey.objects.filter(cohort=cohort).values_list("occurrence", flat=True))
    began = cohort.started_at
    return [
        one
        for one in planned(cohort)
        if one.occurrence not in sent
        and (began is None or one.opens_at >= began - timedelta(days=7))
    ]


def few(cohort: Cohort, side: str) -> int | None:
    """How many would be asked on that side if that is too few to ask anonymously."""
    number = audience.eligible(cohort, side).values("person").distinct().count()
    return number if number < FEWEST else None


def _due(cohort: Cohort, now: datetime) -> list[Planned]:
    return [one for one in upcoming(cohort) if one.opens_at <= now]


def _open_planned(cohort: Cohort, one: Planned, now: datetime) -> int:
    """Once for each moment, however many ticks find it due."""
    if few(cohort, one.side) is not None:
        return 0
    survey, _created = Survey.objects.get_or_create(
        cohort=cohort,
        occurrence=one.occurrence,
        defaults={
            "slug": one.slug,
            "title": one.title,
            "side": one.side,
            "instruments": list(one.instruments),
            "opens_at": one.opens_at,
            "closes_at": one.closes_at,
            "leaves_out_unmet": one.leaves_out_unmet,
            "created_at": now,
        },
    )
    return _try_to_open(survey)


def _try_to_open(survey: Survey) -> int:
    """Too few people to ask leaves it as it is, for the coordinator to see."""
    try:
        return int(open_survey(survey=survey).state == SurveyState.OPEN)
    except DomainError:
        return 0


def _enough(count: int) -> None:
    if count < FEWEST:
        raise DomainError(
            ngettext(
                "Only %(n)d person would be asked. An anonymous survey needs at least %(few)d.",
                "Only %(n)d people would be asked. An anonymous survey needs at least %(few)d.",
                count,
            )
            % {"n": count, "few": FEWEST},
            field="side",
        )


def _free_slug(cohort: Cohort, title: str, side: str) -> str:
    wanted = f"{slugify(title)[:40] or 'survey'}-{SurveySide(side).value}"
    taken = set(
        Survey.objects.filter(cohort=cohort, slug__startswith=wanted).values_list("slug", flat=True)
    )
    number = 2
    slug = wanted
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug
