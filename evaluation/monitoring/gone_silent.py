"""M2 and M18: they met or were in touch, and then hardly or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluation.monitoring.any_of import AnyOf
from evaluation.monitoring.pairs import Circle, circles, live_memberships
from evaluation.monitoring.rule import (
    NUDGE_WINDOW,
    Finding,
    Nudge,
    Rule,
    Step,
    Text,
    Threshold,
)
from evaluation.monitoring.silence import Measure, Silence, silence
from evaluation.monitoring.standing import standing_bookings
from evaluation.monitoring.world import Scope, World
from sessions import exchanges
from sessions.agreements import Agreed, agreed
from sessions.exchanges import Lately
from sessions.models import Contact, Meeting, Message

SLUG = "gone-silent"
KIND = "gone_silent"


def find(world: World) -> Iterator[Finding]:
    """Mentorships that were in touch once and are now less than half as often as agreed."""
    cohorts = world.watching(SLUG)
    signed = agreed(cohorts)
    shortest = min((world.scopes[key].thresholds[SLUG]["window"] for key in cohorts), default=1)
    known = exchanges.lately(cohorts, since=world.now - timedelta(days=shortest))
    quiet = {
        pk: measure_of(world.scopes[row.cohort], signed.get(pk))
        for pk, row in known.items()
        if _may_be_silent(world, row, measure_of(world.scopes[row.cohort], signed.get(pk)))
    }
    live = live_memberships(cohorts)
    found = circles(live.filter(AnyOf("mentorship_id", quiet)))
    booked = standing_bookings(world.now, live)
    among = AnyOf("mentorship_id", quiet)
    moments = exchanges.moments(
        Meeting.objects.filter(among), Contact.objects.filter(among), Message.objects.filter(among)
    )
    for circle in found.values():
        pk = circle.mentorship
        if circle.complete and pk in moments:
            stand = _stand(world, circle, moments[pk], signed.get(pk), quiet[pk])
            yield _finding(
                world, circle, stand, quiet[pk], agreed_upon=pk in signed, booked=pk in booked
            )


def measure_of(scope: Scope, signed: Agreed | None) -> Measure:
    """What the pair agreed upon, where an agreement is in force; else what the program asks."""
    meeting, contact = scope.interval, scope.contact
    if signed is not None:
        # An agreement that leaves it open binds nobody: the program's cadence stands.
        meeting = signed.meeting_days or scope.interval
        contact = signed.contact_days or scope.contact
    starts, ends = scope.edition
    return Measure.of(
        meeting=meeting,
        contact=contact,
        limits=scope.thresholds[SLUG],
        year=(ends - starts).days + 1,
    )


def _may_be_silent(world: World, row: Lately, measure: Measure) -> bool:
    """Cheaply: not in touch lately, or not often enough within the shortest window."""
    quiet_for = (world.now - row.last).days
    return row.recent < measure.needed or quiet_for >= measure.nudge - 1


def _stand(
    world: World, circle: Circle, moments: list[Any], signed: Agreed | None, measure: Measure
) -> Silence:
    """The clock starts at the first contact, when both sides came together, and with a new
    agreement when it came into force."""
    began = max(moments[0], circle.together_since)
    if signed is not None:
        began = max(began, signed.since)
    calendar = circle.scope(world).calendar
    return silence(
        moments,
        began=min(began, world.now),
        now=world.now,
        calendar=calendar,
        count=circle.count(world),
        measure=measure,
    )


def _finding(
    world: World,
    circle: Circle,
    stand: Silence,
    measure: Measure,
    *,
    agreed_upon: bool,
    booked: bool,
) -> Finding:
    scope = circle.scope(world)
    count = circle.count(world)
    limits = scope.thresholds[SLUG]
    quiet = booked or count.rests_on(scope.today)
    step = "" if quiet else _step(stand.days, measure.window, limits)
    out_of_touch = count.days(scope.calendar.day(stand.last), scope.today)
    due = measure.nudge <= out_of_touch < measure.nudge + NUDGE_WINDOW
    people = [*circle.students, *circle.mentors] if due and not quiet and not stand.reminded else []
    return Finding(
        rule=SLUG,
        cohort=circle.cohort,
        mentorship=circle.mentorship,
        subject=f"mentorship:{circle.mentorship}",
        # A silence is told by when it began; the reminder, by the contact before it.
        occurrence=f"{stand.since:%Y-%m-%dT%H:%M:%S.%f}",
        since=stand.since,
        step=step,
        severity=RULE.step(step).severity if step else "",
        evidence={
            "window": measure.window,
            "windows": limits["high" if step == "high" else "flag"],
            "needed": measure.needed,
            "agreed": agreed_upon,
        }
        if step
        else {},
        nudges=tuple(Nudge(KIND, f"nudge-{stand.last:%Y%m%d%H%M%S}", one.person) for one in people),
    )


def _step(days: int, window: int, limits: dict[str, int]) -> str:
    if days >= window * limits["high"]:
        return "high"
    return "flag" if days >= window * limits["flag"] else ""


def _evidence(evidence: dict[str, Any], _facts: bool) -> Text:
    """The same at every level: it says how often, and never when or by what means."""
    values = {
        "windows": evidence.get("windows", RULE.defaults["flag"]),
        "window": evidence.get("window", RULE.defaults["window"]),
        "needed": evidence.get("needed", 1),
    }
    often = (
        _("Not in touch by any means in %(windows)d periods of %(window)d days in a row.")
        if values["needed"] == 1
        else _(
            "In touch fewer than %(needed)d times in each of %(windows)d periods of %(window)d "
            "days in a row."
        )
    ) % values
    than = (
        _("That is less than half as often as they agreed to meet.")
        if evidence.get("agreed")
        else _("That is less than half as often as the program asks them to meet.")
    )
    return f"{often} {than}"


RULE = Rule(
    slug=SLUG,
    title=_("Gone silent"),
    domain_id="M2, M18",
    source=_(
        "Fading contact is the commonest end of a mentorship. Semmelweis asks for contact every "
        "week: twice that is when we remind. The other numbers are defaults of ours."
    ),
    about=_(
        "Begins with the first meeting or contact. In a period of four weeks, or of twice the time "
        "meant to pass between two contacts where that is longer, a pair should be in touch at "
        "least half as often as it agreed to meet, or as the program asks. Meetings, contacts "
        "and answered messages all count. Paused days and absences do not, and a new agreement "
        "starts the count anew."
    ),
    told=_("First the pair; the coordinator when a flag opens."),
    clears=_("They are in touch often enough again; often a single contact is enough."),
    thresholds=(
        Threshold(
            "nudge",
            _("Friendly reminder after"),
            14,
            _("days"),
            _(
                "Without any contact; where people mean to be in touch less often than weekly, "
                "twice that time. Not again for two periods."
            ),
        ),
        Threshold(
            "window",
            _("Shortest period"),
            28,
            _("days"),
            _("Twice the agreed time between contacts where that is longer."),
            minimum=7,
        ),
        Threshold(
            "share",
            _("Too little is less than"),
            50,
            _("percent of what was agreed"),
            _("Half of the meetings agreed, counting every contact."),
            maximum=100,
        ),
        Threshold(
            "flag",
            _("Flag for the coordinator after"),
            2,
            _("periods in a row"),
            _("Opens only while no meeting is booked."),
            maximum=12,
        ),
        Threshold(
            "high",
            _("Becomes urgent after"),
            3,
            _("periods in a row"),
            _("By then most pairs do not find back by themselves."),
            maximum=24,
        ),
    ),
    steps=(
        Step("nudge", "nudge", _("Both are reminded, once.")),
        Step(
            "flag",
            "flag",
            _("A flag opens."),
            "warning",
            _("Ask both how it goes: often nobody wants to be the one who writes again."),
        ),
        Step(
            "high",
            "high",
            _("The flag becomes urgent."),
            "high",
            _("Speak with both sides; end it without fault if they like, and match anew."),
        ),
    ),
    find=find,
    evidence=_evidence,
    only_counts=True,
)
