"""The mails of surveys, derived at each tick: everyone invited gets the same, answered or not.

Reminders go to all on purpose. A list of those who were reminded, in the outbox, in a mail server's
log or on a colleague's screen, would be a list of those who had not answered.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from evaluation.surveys.models import Survey, SurveyState
from mentoring import links, outbox
from mentoring.accounts.models import User
from mentoring.outbox import Mail, Notification, Suppress

PURPOSE = "survey.answer"
REMINDERS = (timedelta(days=7), timedelta(days=14))
# A reminder on the last day reaches nobody in time.
_LAST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Round:
    """One mail to all who are invited."""

    kind: str
    key: str
    due_at: datetime
    not_after: datetime


def rounds(survey: Survey) -> list[_Round]:
    """The invitation and the reminders, each until the next one takes its place."""
    starts = [survey.opens_at, *(survey.opens_at + after for after in REMINDERS)]
    starts = [at for n, at in enumerate(starts) if n == 0 or at < survey.closes_at - _LAST]
    ends = [*starts[1:], survey.closes_at]
    return [
        _Round("survey_reminder" if n else "survey_invitation", str(n), at, end)
        for n, (at, end) in enumerate(zip(starts, ends, strict=True))
    ]


def enqueue_due(now: datetime) -> int:
    """Queue the mails that are due and not in the outbox yet; how many were new."""
    surveys = Survey.objects.filter(state=SurveyState.OPEN, closes_at__gt=now)
    queued: dict[str, int] = {
        row["about"]: row["n"]
        for row in Notification.objects.filter(about__in=[one.about for one in surveys])
        .values("about")
        .annotate(n=Count("pk"))
        .order_by()
    }
    added = 0
    for survey in surveys:
        due = [one for one in rounds(survey) if one.due_at <= now]
        if queued.get(survey.about, 0) < len(due) * survey.invited:
            # Also of rounds that are over: a mail is late, or is suppressed as too late.
            added += sum(outbox.enqueue_many(_drafts(survey, one)) for one in due)
    return added


def _drafts(survey: Survey, one: _Round) -> Iterator[outbox.Draft]:
    for person in User.objects.filter(survey_invitations__survey=survey).order_by("pk"):
        yield outbox.Draft(
            kind=one.kind,
            dedupe_key=f"survey:{survey.pk}:{one.key}:{person.pk}",
            recipient=person,
            context={"survey": survey.pk},
            due_at=one.due_at,
            not_after=one.not_after,
            about=survey.about,
        )


def answer_url(survey: Survey, person: User) -> str:
    """The signed address in a mail that opens this person's form without signing in."""
    return settings.SITE_URL + reverse("evaluation:answer_link", args=[token(survey, person)])


def token(survey: Survey, person: User) -> str:
    """What proves on the form whose it is, until the survey closes."""
    return links.sign(purpose=PURPOSE, user=person, subject=survey.key, until=survey.closes_at)


def read(sent: str) -> links.Link:
    """What a token says; ``InvalidLinkError`` for one that was made for something else."""
    found = links.read(sent)
    if found.purpose != PURPOSE:
        raise links.InvalidLinkError
    return found


def load_surveys(notes: Sequence[Notification]) -> None:
    """Read the survey of many mails once."""
    rows = Survey.objects.order_by().select_related("cohort")
    surveys = rows.in_bulk({note.context["survey"] for note in notes})
    for note in notes:
        note.loaded = surveys.get(note.context["survey"])


def _mail(note: Notification) -> Mail | Suppress:
    if note.loaded is None:
        load_surveys([note])
    survey: Survey | None = note.loaded
    if survey is None or not survey.is_open or note.recipient is None:
        return Suppress("the survey has closed")
    facts: dict[str, Any] = {
        "survey": survey,
        "answer_url": answer_url(survey, note.recipient),
        "until": date_format(timezone.localtime(survey.closes_at), "DATETIME_FORMAT"),
    }
    return Mail(facts)


@outbox.kind("survey_invitation", title=_("A short anonymous survey"), load=load_surveys)
def survey_invitation(note: Notification) -> Mail | Suppress:
    return _mail(note)


@outbox.kind("survey_reminder", title=_("A short anonymous survey: reminders"), load=load_surveys)
def survey_reminder(note: Notification) -> Mail | Suppress:
    return _mail(note)
