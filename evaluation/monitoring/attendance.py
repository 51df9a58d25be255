"""M11 and M12: trainings and supervisions that somebody owes and has not attended.

Quotas are derived from the program (``sessions.quota``), attendance from the lists. A term is
looked at only where dates of the kind were opened: nobody is short of what nobody offered.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import floor
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from evaluation.monitoring.attended import Facts, Person, Standing, groups, owing, read
from evaluation.monitoring.calendar import DayCount, Unit
from evaluation.monitoring.rule import Finding, Nudge, Rule, Step, Text, Threshold
from evaluation.monitoring.world import Scope, World
from sessions.quota import Quota, passed

TRAINING, SUPERVISION = "training-missing", "supervision-missing"
KINDS = {TRAINING: ("training", "orientation"), SUPERVISION: ("supervision",)}


def find_training(world: World) -> Iterator[Finding]:
    """People short of trainings."""
    return _find(world, TRAINING)


def find_supervision(world: World) -> Iterator[Finding]:
    """People short of supervisions."""
    return _find(world, SUPERVISION)


def _find(world: World, slug: str) -> Iterator[Finding]:
    due = {
        cohort: found
        for cohort in world.watching(slug)
        if (found := _due(world.scopes[cohort], slug))
    }
    facts = read(due, KINDS[slug])
    due = {
        cohort: offered
        for cohort, quotas in due.items()
        if (offered := [q for q in quotas if any(facts.dates(world.scopes[cohort], q))])
    }
    places = groups(due)
    for person in owing(due):
        for quota in due[person.cohort]:
            if quota.role == person.role:
                one = _finding(world, slug, person, quota, facts=facts, places=places)
                if one is not None:
                    yield one


def _due(scope: Scope, slug: str) -> list[Quota]:
    """The quotas of periods that are half over, or about to end."""
    limits, days = scope.thresholds[slug], scope.calendar.count().days
    return [
        quota
        for quota in scope.quotas
        if quota.kind in KINDS[slug]
        and quota.period.starts <= scope.today
        and (_ending(scope, slug, quota) or passed(quota, limits["midterm"], days, scope.today))
    ]


def _ending(scope: Scope, slug: str, quota: Quota) -> bool:
    """Whether the period ends within days, or has ended."""
    ahead = timedelta(days=scope.thresholds[slug]["before_end"])
    return scope.today >= quota.period.ends - ahead


def _finding(
    world: World,
    slug: str,
    person: Person,
    quota: Quota,
    *,
    facts: Facts,
    places: dict[int, tuple[int, int]],
) -> Finding | None:
    scope = world.scopes[person.cohort]
    owed = quota.owed(scope.calendar.day(person.joined))
    so_far = facts.count(scope, person.enrollment, quota, world.now)
    covered = so_far.attended + so_far.ahead
    group, supervisor = places.get(person.enrollment, (None, None))
    count = scope.calendar.count(Unit(mentors=world.presence([person.enrollment])))
    half = _half_way(scope, slug, quota, count, owed=owed, covered=covered)
    if covered >= owed:
        return None
    over = scope.today > quota.period.ends
    awake = over or not count.rests_on(scope.today)
    step = "flag" if _ending(scope, slug, quota) and awake else ""
    severity = "high" if slug == TRAINING and quota.credits else "warning"
    mail = awake and not over
    choice = [one for one in facts.dates(scope, quota) if one.group in {None, group}]
    tell = mail and any(one.at > world.now and not one.full for one in choice)
    return Finding(
        rule=slug,
        cohort=person.cohort,
        mentorship=None,
        enrollment=person.enrollment,
        subject=f"{quota.requirement[:12]}:{person.enrollment}:{quota.period.slug}",
        occurrence=quota.slug[:60],
        since=_since(scope, quota, person),
        step=step,
        severity=severity if step else "",
        evidence=_counted(
            so_far,
            quota,
            owed=owed,
            groupless=slug == SUPERVISION and group is None and not choice,
        ),
        nudges=_nudges(
            person,
            half=half and tell,
            ending=bool(step) and tell,
            supervisor=supervisor if slug == SUPERVISION and step and mail else None,
        ),
        facts={"enrollment": person.enrollment, "quota": quota.slug},
    )


def _counted(so_far: Standing, quota: Quota, *, owed: int, groupless: bool) -> dict[str, Any]:
    """What a flag says of the counts."""
    return {
        "attended": so_far.attended,
        "ahead": so_far.ahead,
        "unwritten": so_far.unwritten,
        "groupless": groupless,
        "owed": owed,
        "what": quota.title,
        "term": quota.period.name,
    }


def _since(scope: Scope, quota: Quota, person: Person) -> datetime:
    """From when on it was owed: the term's first instant, or since she takes part."""
    return quota.period.bounds(scope.calendar.zone)[0] if quota.period.name else person.joined


def _half_way(
    scope: Scope, slug: str, quota: Quota, count: DayCount, *, owed: int, covered: int
) -> bool:
    """Whether she is behind the share that is due half way; her days away do not count."""
    midterm = scope.thresholds[slug]["midterm"]
    expected = floor(owed * midterm / 100 + 0.5)
    return covered < expected and passed(quota, midterm, count.days, scope.today)


def _nudges(
    person: Person, *, half: bool, ending: bool, supervisor: int | None
) -> tuple[Nudge, ...]:
    """To her where there is a date to choose: a mail that offers none would only annoy.

    Her supervisor hears of it all the same: she can open one more.
    """
    found = []
    if half or ending:
        found.append(Nudge("quota_missing", "ending" if ending else "midterm", person.person))
    if supervisor is not None:
        found.append(Nudge("quota_missing_supervisor", "ending", supervisor))
    return tuple(found)


def _evidence(evidence: dict[str, Any], _facts: bool) -> Text:
    facts = {
        "n": evidence.get("attended", 0),
        "all": evidence.get("owed", 0),
        "what": evidence.get("what", ""),
        "term": evidence.get("term", ""),
    }
    said = (
        _("%(n)d of %(all)d attended in %(term)s: %(what)s.")
        if facts["term"]
        else _("%(n)d of %(all)d attended: %(what)s.")
    ) % facts
    parts: list[Text] = [said]
    if ahead := evidence.get("ahead", 0):
        more = ngettext("%(n)d more place is taken.", "%(n)d more places are taken.", ahead)
        parts.append(more % {"n": ahead})
    if lists := evidence.get("unwritten", 0):
        more = ngettext("%(n)d list was never written.", "%(n)d lists were never written.", lists)
        parts.append(more % {"n": lists})
    if evidence.get("groupless"):
        parts.append(_("Is in no supervisor's group."))
    return " ".join(str(part) for part in parts)


_MIDTERM = Threshold(
    "midterm",
    _("Remind after"),
    50,
    _("% of the term"),
    _("Who is behind that share of the quota by then gets a mail with dates to choose."),
    minimum=10,
    maximum=95,
)


def _before_end(explain: Text) -> Threshold:
    return Threshold(
        "before_end",
        _("Flag for the coordinator"),
        7,
        _("days before the term ends"),
        explain,
        minimum=0,
        maximum=60,
        alone=True,
    )


TRAINING_RULE = Rule(
    slug=TRAINING,
    title=_("Trainings missing"),
    domain_id="M11",
    source=_("Semmelweis asks for 4 trainings a semester; the days are ours."),
    about=_(
        "Counts trainings that were attended, as the attendance lists say, against what the "
        "program asks for in the term. A taken place counts as attended until its list says "
        "otherwise, or is not written two weeks after the date. Who joined late owes the "
        "share that was left; days away do not count half way; a term without dates is not "
        "looked at."
    ),
    told=_("The person herself; the coordinator when it becomes a flag."),
    clears=_("The quota is met, or places in dates to come will meet it."),
    thresholds=(
        _MIDTERM,
        _before_end(_("Opens when attended and taken dates together are too few.")),
    ),
    steps=(
        Step("midterm", "midterm", _("The person is reminded, with dates to choose from.")),
        Step(
            "flag",
            "before_end",
            _("A flag opens, urgent where credits depend on it."),
            "warning",
            _("Offer one more date, or add the person to a list if she was there."),
        ),
    ),
    find=find_training,
    evidence=_evidence,
    of_the_pair=False,
)

SUPERVISION_RULE = Rule(
    slug=SUPERVISION,
    title=_("Supervisions missing"),
    domain_id="M12",
    source=_("Semmelweis asks for 2 supervisions a semester; elsewhere mentors stayed away."),
    about=_(
        "Counts supervisions that were attended against what the program asks for in the term, "
        "in the same way as trainings. What is said there is nobody else's business."
    ),
    told=_("The person and her supervisor; the coordinator when it becomes a flag."),
    clears=_("The quota is met, or places in dates to come will meet it."),
    thresholds=(_MIDTERM, _before_end(_("The person and her supervisor are told, too."))),
    steps=(
        Step("midterm", "midterm", _("The person is reminded, with dates to choose from.")),
        Step(
            "flag",
            "before_end",
            _("A flag opens; the person and her supervisor are told."),
            "warning",
            _("Ask what keeps the person away; another group or hour may suit her."),
        ),
    ),
    find=find_supervision,
    evidence=_evidence,
    of_the_pair=False,
)
