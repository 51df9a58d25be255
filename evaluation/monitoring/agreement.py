"""M20: an agreement that is still unsigned when it should have been."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from evaluation.monitoring.any_of import AnyOf
from evaluation.monitoring.pairs import Circle, circles, live_memberships
from evaluation.monitoring.rule import NUDGE_WINDOW, Finding, Nudge, Rule, Step, Text, Threshold
from evaluation.monitoring.world import World
from sessions.agreements import complete
from sessions.models import Agreement, AgreementSignature, Meeting, MeetingState

SLUG = "agreement-unsigned"
KIND = "agreement_unsigned"


def find(world: World) -> Iterator[Finding]:
    """Mentorships without a signed agreement, where one is required or has been proposed.

    Only the pair is told: what they agree upon, and whether, is theirs.
    """
    cohorts = world.watching(SLUG)
    required = [key for key in cohorts if world.scopes[key].agreement_required]
    live = live_memberships(cohorts)
    signed = complete().filter(mentorship=OuterRef("mentorship"))
    unsigned = live.filter(~Exists(signed))
    # One statement each, so that a pass costs the same whatever it finds.
    proposals = {
        mentorship: (pk, at)
        for mentorship, pk, at in Agreement.objects.filter(
            ~Exists(signed), closed_at=None, mentorship__cohort__in=cohorts
        )
        .order_by("number")
        .values_list("mentorship", "pk", "proposed_at")
    }
    found = circles(
        unsigned.filter(
            AnyOf("mentorship__cohort_id", required) | AnyOf("mentorship_id", proposals)
        )
    )
    done = set(
        AgreementSignature.objects.filter(
            AnyOf("agreement_id", (pk for pk, _at in proposals.values()))
        ).values_list("agreement__mentorship", "person")
    )
    met = _meetings(found)
    for circle in found.values():
        if circle.complete:
            proposed = proposals.get(circle.mentorship)
            yield _finding(world, circle, met.get(circle.mentorship, []), proposed, done)


def _meetings(found: dict[int, Circle]) -> dict[int, list[datetime]]:
    """When these mentorships met, in order; one query."""
    held: dict[int, list[datetime]] = {}
    rows = Meeting.objects.filter(AnyOf("mentorship_id", found), state=MeetingState.HELD)
    for mentorship, at in rows.order_by("starts_at").values_list("mentorship", "starts_at"):
        if mentorship is not None:
            held.setdefault(mentorship, []).append(at)
    return held


def _finding(
    world: World,
    circle: Circle,
    held: list[datetime],
    proposed: tuple[int, datetime] | None,
    done: set[tuple[int, int]],
) -> Finding:
    scope, count = circle.scope(world), circle.count(world)
    limits = scope.thresholds[SLUG]
    day = scope.calendar.day
    since = circle.together_since
    # Days since it was due, the earliest of: so many weeks, so many meetings.
    late = count.days(day(since), scope.today) - limits["days"]
    after = [at for at in held if at >= since]
    if len(after) >= limits["meetings"]:
        late = max(late, count.days(day(after[limits["meetings"] - 1]), scope.today))
    if proposed is not None:
        # A proposal has just been told of; a reminder a week later is soon enough.
        late = min(late, count.days(day(proposed[1]), scope.today) - limits["proposed"])
    people = [
        one.person
        for one in (*circle.students, *circle.mentors)
        if (circle.mentorship, one.person) not in done
    ]
    nudge = 0 <= late < NUDGE_WINDOW and not count.rests_on(scope.today)
    return Finding(
        rule=SLUG,
        cohort=circle.cohort,
        mentorship=circle.mentorship,
        subject=f"mentorship:{circle.mentorship}",
        occurrence=f"version:{proposed[0]}" if proposed else f"none:{since:%Y-%m-%d}",
        since=since,
        nudges=tuple(Nudge(KIND, "nudge", person) for person in people) if nudge else (),
    )


def _evidence(_known: dict[str, object], _facts: bool) -> Text:
    return _("The agreement is not signed.")


RULE = Rule(
    slug=SLUG,
    title=_("Agreement not signed"),
    domain_id="M20",
    source=_("Mentoring contracts are signed at the first or second meeting."),
    about=_(
        "Only where the program requires an agreement, or where one has been proposed. A version "
        "that everyone signed holds while a newer one is being signed."
    ),
    told=_("Those of the pair who have not signed. Never the coordinator."),
    clears=_("Everyone has signed."),
    thresholds=(
        Threshold(
            "days",
            _("Friendly reminder after"),
            28,
            _("days"),
            _("Four weeks since both were matched; paused days do not count."),
        ),
        Threshold(
            "meetings",
            _("Or after the meeting number"),
            2,
            _("whichever is first"),
            _("By then both know what they need."),
            maximum=20,
        ),
        Threshold(
            "proposed",
            _("But not before"),
            7,
            _("days since it was proposed"),
            _("The proposal itself was told of at once."),
        ),
    ),
    steps=(Step("nudge", "days", _("Those who have not signed are reminded, once.")),),
    find=find,
    evidence=_evidence,
)
