"""Goals of a mentorship: both sides set them, note progress, and let them go without blame."""

import json
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from sessions import private
from sessions.circle import circle
from sessions.models import Goal, GoalHorizon, GoalProgress, GoalState
from sessions.models.goal import WHOLE

MAX_TITLE = 200
MAX_REASON = 1000
# So many can be under way at a time: more are a wish list, and the phone's page stays short.
MOST_LIVE = 12
SETTLED = (GoalState.REACHED, GoalState.DROPPED)


@dataclass(frozen=True, slots=True)
class Words:
    """What a goal is, and why it was let go; ``title`` is empty once its author was erased."""

    title: str = ""
    reason: str = ""


def visible(mentorship: Mentorship, user: User) -> QuerySet[Goal]:
    """The goals that stood while this person was a member; the caller checked the right.

    Who has left reads none that was changed since: what it says now is not of her time.
    """
    during = Q(pk__in=[])
    for starts, ends in mentorship.memberships.filter(person=user).values_list(
        "started_at", "ended_at"
    ):
        span = Q(settled_at=None) | Q(settled_at__gte=starts)
        during |= span & Q(changed_at__lte=ends) if ends else span
    return Goal.objects.filter(during, mentorship=mentorship).select_related("set_by", "body")


def words(rows: list[Goal]) -> dict[int, Words]:
    """What the goals are, by their ids."""
    return {pk: Words(**json.loads(text)) for pk, text in private.texts(rows).items()}


@transaction.atomic
def add(
    *, mentorship: Mentorship, title: str, horizon: str, by: User, due_on: date | None = None
) -> Goal:
    """Set a goal; it comes last in rank."""
    _hold(mentorship, by)
    live = mentorship.goals.filter(state=GoalState.ACTIVE)
    if live.count() >= MOST_LIVE:
        raise DomainError(
            _("You have %(n)d goals under way. Reach or let go of one first.") % {"n": MOST_LIVE}
        )
    _check(horizon)
    last = mentorship.goals.aggregate(last=Max("rank"))["last"]
    goal = Goal.objects.create(
        mentorship=mentorship,
        horizon=horizon,
        due_on=due_on,
        rank=(last or 0) + 1,
        set_by=by,
    )
    private.put(goal, _sealed(Words(_title(title))))
    audit.record(by=by, action="goal.set", subject=goal, cohort=mentorship.cohort)
    return goal


@transaction.atomic
def change(*, goal: Goal, title: str, horizon: str, due_on: date | None, by: User) -> Goal:
    """Say it better, or give it more time."""
    _hold_goal(goal, by)
    _check(horizon)
    before = words([goal]).get(goal.pk, Words())
    goal.horizon, goal.due_on, goal.changed_at = horizon, due_on, clock.now()
    goal.save(update_fields=["horizon", "due_on", "changed_at"])
    private.replace(goal, _sealed(Words(_title(title), before.reason)))
    audit.record(by=by, action="goal.changed", subject=goal, cohort=goal.mentorship.cohort)
    return goal


@transaction.atomic
def progress(*, goal: Goal, percent: int, by: User) -> Goal:
    """Note how far it has come; saying the same again changes nothing."""
    _hold_goal(goal, by)
    if not goal.is_live:
        raise DomainError(_("This goal is settled. Take it up again first."))
    if not 0 <= percent <= WHOLE:
        raise DomainError(_("Say a number from 0 to 100."), field="percent")
    if goal.percent != percent:
        goal.percent = percent
        _note(goal, by)
    return goal


@transaction.atomic
def settle(*, goal: Goal, state: str, by: User, reason: str = "") -> Goal:
    """Reached, or let go with or without a reason."""
    _hold_goal(goal, by)
    if state not in SETTLED:
        raise DomainError(_("Say whether you reached it or let it go."), field="state")
    if not goal.is_live:
        raise DomainError(_("This goal is settled already."))
    reason = reason.strip()
    if len(reason) > MAX_REASON:
        raise DomainError(
            _("Please write at most %(max)d characters.") % {"max": MAX_REASON}, field="reason"
        )
    goal.state, goal.settled_at = state, clock.now()
    if state == GoalState.REACHED:
        goal.percent = WHOLE
    if reason:
        title = words([goal]).get(goal.pk, Words()).title
        private.replace(goal, _sealed(Words(title, reason)))
    _note(goal, by)
    return goal


@transaction.atomic
def take_up(*, goal: Goal, by: User) -> Goal:
    """Take a settled goal up again."""
    _hold_goal(goal, by)
    if not goal.is_live:
        goal.state, goal.settled_at = GoalState.ACTIVE, None
        _note(goal, by)
    return goal


@transaction.atomic
def prefer(*, goal: Goal, by: User) -> Goal:
    """Move a goal one place up in rank."""
    _hold_goal(goal, by)
    rows = goal.mentorship.goals.filter(state=GoalState.ACTIVE, rank__lt=goal.rank)
    above = rows.order_by("-rank", "-pk").first()
    if above is not None:
        goal.rank, above.rank = above.rank, goal.rank
        for row in (goal, above):
            row.save(update_fields=["rank"])
        audit.record(by=by, action="goal.preferred", subject=goal, cohort=goal.mentorship.cohort)
    return goal


def moments(goal: Goal) -> QuerySet[GoalProgress]:
    """How a goal has come along, newest first."""
    return goal.progress.select_related("noted_by")


def _hold(mentorship: Mentorship, by: User) -> None:
    """Members who change goals at once take turns."""
    held = Mentorship.objects.select_for_update(no_key=True).get(pk=mentorship.pk)
    if not held.is_live:
        raise DomainError(_("This mentorship has ended."))
    circle(held).need(by)


def _hold_goal(goal: Goal, by: User) -> None:
    """The goal as it stands now that it is our turn, whatever a page showed before."""
    _hold(goal.mentorship, by)
    goal.refresh_from_db()


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise DomainError(_("Say what you want to reach."), field="title")
    if len(title) > MAX_TITLE:
        raise DomainError(
            _("Please write at most %(max)d characters.") % {"max": MAX_TITLE}, field="title"
        )
    return title


def _check(horizon: str) -> None:
    if horizon not in GoalHorizon.values:
        raise DomainError(_("Say by when, roughly."), field="horizon")


def _sealed(said: Words) -> str:
    return json.dumps({"title": said.title, "reason": said.reason})


def _note(goal: Goal, by: User) -> None:
    """Write the change and its line of history."""
    goal.changed_at = clock.now()
    goal.save(update_fields=["percent", "state", "settled_at", "changed_at"])
    GoalProgress.objects.create(goal=goal, percent=goal.percent, state=goal.state, noted_by=by)
    audit.record(
        by=by,
        action="goal.progress",
        subject=goal,
        cohort=goal.mentorship.cohort,
        state=goal.state,
        percent=goal.percent,
    )
