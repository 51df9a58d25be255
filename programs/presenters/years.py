"""The next year, for its pages: steps, versions, differences, people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring import clock, ports
from mentoring.accounts.permissions import Role
from mentoring.ports import YearLine
from programs.models import Cohort, PassageFate, RollOver, StayAnswer
from programs.services import staying
from programs.years import plan as plans
from programs.years.people import GONE, Traveler, Travelers

F = PassageFate
STEPS: tuple[tuple[str, str | Promise, str], ...] = (
    ("dates", gettext_lazy("Dates and program"), "programs:next_year"),
    ("people", gettext_lazy("People"), "programs:next_year_people"),
    ("mentors", gettext_lazy("Mentors’ answers"), "programs:next_year_mentors"),
    ("groups", gettext_lazy("Groups"), "matching:next_year"),
    ("begin", gettext_lazy("Begin"), "programs:next_year_begin"),
)
FATES: dict[str, str | Promise] = {
    F.UP: gettext_lazy("moves up"),
    F.STAYS: gettext_lazy("goes on"),
    F.COMPLETES: gettext_lazy("completes"),
    F.REPEATS: gettext_lazy("repeats the year"),
    F.PAUSES: gettext_lazy("pauses"),
    F.INTERCALATES: gettext_lazy("intercalates"),
    F.LEAVES: gettext_lazy("leaves"),
}
MANY: dict[str, str | Promise] = {
    F.UP: gettext_lazy("move up"),
    F.STAYS: gettext_lazy("go on"),
    F.COMPLETES: gettext_lazy("complete"),
    F.REPEATS: gettext_lazy("repeat the year"),
    F.PAUSES: gettext_lazy("pause"),
    F.INTERCALATES: gettext_lazy("intercalate"),
    F.LEAVES: gettext_lazy("leave"),
}
TONES = {F.COMPLETES: "brand", F.LEAVES: "warning", F.UP: "success", F.STAYS: "quiet"}
ICONS = {
    F.UP: "arrow-up",
    F.STAYS: "arrow-right",
    F.COMPLETES: "award",
    F.LEAVES: "box-arrow-right",
    F.PAUSES: "pause-circle",
    F.REPEATS: "arrow-repeat",
    F.INTERCALATES: "pause-circle",
}


def steps(cohort: Cohort, here: str) -> list[dict[str, Any]]:
    """The pages of the plan, in order."""
    return [
        {"title": title, "url": reverse(name, args=[cohort.key]), "here": slug == here, "number": n}
        for n, (slug, title, name) in enumerate(STEPS, 1)
    ]


def versions(cohort: Cohort) -> list[tuple[str, str]]:
    """What the next year can follow."""
    now = cohort.planned.version
    found = [(str(now.number), _("As now (version %(n)d)") % {"n": now.number})]
    found += [
        (str(one.number), _("Version %(n)d of the program") % {"n": one.number})
        for one in plans.newer(cohort)
    ]
    if plans.template_now(cohort) is not None:
        found.append((plans.TEMPLATE, _("What the template says today")))
    return found


@dataclass(frozen=True, slots=True)
class TravelerRow:
    """A line of the list of people."""

    row: Traveler
    role: str
    fate: str | Promise
    tone: str
    symbol: str
    years: str
    choices: list[tuple[str, str | Promise, bool]]
    answer: str | Promise

    @property
    def by_hand(self) -> bool:
        return self.row.fate != self.row.proposed


def traveler_rows(rows: Iterable[Traveler]) -> list[TravelerRow]:
    answers = dict(StayAnswer.choices)
    return [
        TravelerRow(
            row=row,
            role=str(Role(row.role).label),
            fate=FATES[row.fate],
            tone=TONES.get(F(row.fate), "plum"),
            symbol=ICONS[F(row.fate)],
            years=_years(row),
            choices=[
                (fate, _choice(row, fate), fate == row.fate)
                for fate in dict.fromkeys([row.proposed, *row.choices])
            ],
            answer=answers.get(row.answer, "") if row.answer else "",
        )
        for row in rows
    ]


def _years(row: Traveler) -> str:
    if row.class_before is None:
        return ""
    after = row.class_after
    return str(row.class_before) if after is None else f"{row.class_before} → {after}"


def _choice(row: Traveler, fate: str) -> str | Promise:
    label = str(F(fate).label)
    return _("%(fate)s (proposed)") % {"fate": label} if fate == row.proposed else label


def counts(travelers: Travelers, url: str) -> list[dict[str, Any]]:
    """How many of each fate, with the list behind the number."""
    found = travelers.counts()
    return [
        {"label": MANY[fate], "value": found[fate], "url": f"{url}?fate={fate}"}
        for fate in F
        if found[fate] or fate in {F.UP, F.COMPLETES}
    ]


def begin_lines(roll_over: RollOver, travelers: Travelers) -> list[YearLine]:
    """What one press will do, floor by floor, and what to look at before."""
    cohort = roll_over.cohort
    return [
        *_warnings(roll_over, travelers),
        *_people_lines(cohort, travelers),
        *(line for part in ports.YEAR_LINES.ask(roll_over) for line in part),
    ]


def _people_lines(cohort: Cohort, travelers: Travelers) -> Iterable[YearLine]:
    url, found = reverse("programs:next_year_people", args=[cohort.key]), travelers.counts()
    texts = {
        F.UP: ngettext("%(n)d person moves up.", "%(n)d people move up.", found[F.UP]),
        F.STAYS: ngettext("%(n)d person goes on.", "%(n)d people go on.", found[F.STAYS]),
        F.COMPLETES: ngettext(
            "%(n)d person completes the program, and gets a mail with thanks.",
            "%(n)d people complete the program, and get a mail with thanks.",
            found[F.COMPLETES],
        ),
        F.REPEATS: ngettext("%(n)d repeats the year.", "%(n)d repeat the year.", found[F.REPEATS]),
        F.PAUSES: ngettext("%(n)d pauses.", "%(n)d pause.", found[F.PAUSES]),
        F.INTERCALATES: ngettext(
            "%(n)d intercalates.", "%(n)d intercalate.", found[F.INTERCALATES]
        ),
        F.LEAVES: ngettext("%(n)d leaves.", "%(n)d leave.", found[F.LEAVES]),
    }
    for fate, text in texts.items():
        if found[fate]:
            yield YearLine(text % {"n": found[fate]}, f"{url}?fate={fate}")


def _warnings(roll_over: RollOver, travelers: Travelers) -> Iterable[YearLine]:
    cohort = roll_over.cohort
    now = cohort.planned
    if clock.today(cohort.zone) <= now.ends:
        yield YearLine(
            _("This year still runs: whoever completes or leaves does so today, not at its end."),
            warns=True,
        )
    people = reverse("programs:next_year_people", args=[cohort.key])
    unknown = sum(
        row.role == Role.STUDENT and row.class_before is None and row.fate not in GONE
        for row in travelers.rows
    )
    if unknown and travelers.spec.class_years(Role.STUDENT):
        text = ngettext(
            "The class year of %(n)d student is not known: give it first, or nothing moves up.",
            "The class year of %(n)d students is not known: give it first, or nothing moves up.",
            unknown,
        )
        yield YearLine(text % {"n": unknown}, f"{people}?role=student&year=none", warns=True)
    silent = 0 if not roll_over.is_kept else staying.unanswered(roll_over).count()
    if silent:
        text = ngettext(
            "%(n)d mentor has not answered and goes on as now.",
            "%(n)d mentors have not answered and go on as now.",
            silent,
        )
        url = reverse("programs:next_year_mentors", args=[cohort.key])
        yield YearLine(text % {"n": silent}, f"{url}?answer=none", warns=True)
