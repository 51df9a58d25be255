"""What a certificate says, in words, for its pages and on paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring.accounts.permissions import Role
from sessions import certificates
from sessions.credits import text as hours_text
from sessions.models import Certificate, CertificateKind, SeriesKind

AWARDS = {
    "certificate": gettext_lazy("Certificate"),
    "credits": gettext_lazy("credits"),
    "title": gettext_lazy("Title"),
}
STANDINGS: dict[str, tuple[str, str, str | Promise]] = {
    "holds": ("success", "patch-check", gettext_lazy("This certificate holds.")),
    "superseded": (
        "warning", "arrow-repeat", gettext_lazy("A newer certificate took the place of this one."),
    ),
    "corrected": (
        "warning", "pencil",
        gettext_lazy("What this certificate says was corrected since. Ask for the new one."),
    ),
    "revoked": ("danger", "exclamation-octagon", gettext_lazy("This certificate was taken back.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dated:
    """Something attended: what, on which day, for how long."""

    kind: str
    title: str
    day: date
    minutes: int

    @property
    def line(self) -> str:
        """“Mentor training”; with its kind where the title does not say it."""
        return (
            self.title if self.kind.lower() in self.title.lower() else f"{self.kind}: {self.title}"
        )


@dataclass(frozen=True, slots=True)
class Sum:
    """All dates of one title."""

    title: str
    times: int
    hours: str

    @property
    def words(self) -> str:
        counted = ngettext("%(n)d time", "%(n)d times", self.times) % {"n": self.times}
        return f"{counted}, {self.hours}"


@dataclass(frozen=True, slots=True)
class Shown:
    """The facts of a certificate, ready for a template."""

    facts: dict[str, Any]
    kind: str

    @property
    def is_attendance(self) -> bool:
        return self.kind == CertificateKind.ATTENDANCE

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def role(self) -> str:
        return str(Role(self.facts["role"]).label)

    @property
    def program(self) -> str:
        return str(self.facts["program"])

    @property
    def school(self) -> str:
        return str(self.facts["school"])

    @property
    def cohort(self) -> str:
        return str(self.facts["cohort"])

    @property
    def first(self) -> date:
        return date.fromisoformat(self.facts["first"])

    @property
    def last(self) -> date:
        return date.fromisoformat(self.facts["last"])

    @property
    def period(self) -> str:
        first, last = (date_format(day, "j F Y") for day in (self.first, self.last))
        return first if first == last else f"{first} – {last}"

    @property
    def hours(self) -> str:
        return hours_text(timedelta(minutes=self.facts.get("minutes", 0)))

    @property
    def dates(self) -> list[Dated]:
        return [
            Dated(
                str(SeriesKind(one["kind"]).label),
                one["title"],
                date.fromisoformat(one["day"]),
                one["minutes"],
            )
            for one in self.facts.get("dates", [])
        ]

    @property
    def sums(self) -> list[Sum]:
        """The dates by title, in the order in which each was first attended."""
        order = {line: n for n, line in enumerate(dict.fromkeys(d.line for d in self.dates))}
        rows = sorted(self.dates, key=lambda one: order[one.line])
        return [_sum(line, list(of)) for line, of in groupby(rows, key=lambda one: one.line)]

    @property
    def met(self) -> int | None:
        """How often she met with a partner; ``None`` where that stays in the pair."""
        met: int | None = self.facts.get("met")
        return met

    @property
    def awards(self) -> list[str]:
        """“2 ECTS”, “Osler Fellow”."""
        return [_award(one) for one in self.facts.get("awards", [])]

    @property
    def summary(self) -> str:
        """Its hours, or what was earned, in a few words."""
        if self.is_attendance:
            return _("%(hours)s attended") % {"hours": self.hours}
        return ", ".join([_("completed"), *self.awards])


def _sum(line: str, dates: list[Dated]) -> Sum:
    minutes = sum(one.minutes for one in dates)
    return Sum(line, len(dates), hours_text(timedelta(minutes=minutes)))


def _award(one: dict[str, Any]) -> str:
    if one["kind"] == "credits":
        name = one.get("title") or one.get("unit") or str(AWARDS["credits"])
        said = f"{one['amount']:g} {name}" if one.get("amount") else name
    else:
        said = one.get("title") or str(AWARDS[one["kind"]])
    return f"{said} ({one['year']})" if one.get("year") else said


def how_many(issued: int) -> str:
    """“2 issued”."""
    if not issued:
        return _("none issued yet")
    return ngettext("%(n)d issued", "%(n)d issued", issued) % {"n": issued}


def shown(certificate: Certificate) -> Shown:
    return Shown(certificate.facts, certificate.kind)


def told(certificate: Certificate) -> dict[str, Any]:
    """What both of its pages say: its facts, and whether it holds."""
    standing = certificates.standing(certificate)
    tone, symbol, says = STANDINGS[standing]
    return {
        "certificate": certificate,
        "shown": shown(certificate),
        "standing": standing,
        "tone": tone,
        "symbol": symbol,
        "says": says,
    }


def address(certificate: Certificate) -> str:
    """Where anybody sees whether it holds."""
    return settings.SITE_URL + reverse("sessions:certificate", args=[certificate.code])


@dataclass(frozen=True, slots=True)
class Offer:
    """What a person’s page says of one kind: what can be certified today, and what stands."""

    kind: str
    title: str
    now: Shown | None
    standing: Certificate | None
    may_fetch: bool

    @property
    def same(self) -> bool:
        """Whether the one that stands says what is so today."""
        return bool(self.standing and self.now and self.standing.facts == self.now.facts)


def offers(row: Any) -> list[Offer]:
    """For each kind that the cohort can have; a few queries."""
    found = []
    for kind in certificates.kinds(row.cohort):
        facts = certificates.facts_now(row, kind)
        found.append(
            Offer(
                kind=kind,
                title=str(CertificateKind(kind).label),
                now=Shown(facts, kind) if facts else None,
                standing=certificates.current([row], kind).get(row.pk),
                may_fetch=certificates.may_fetch(row, kind),
            )
        )
    return found


def with_facts(rows: Iterable[Any], cohort: Any, kind: str) -> list[Any]:
    """Rows of ``certificates.people`` with what is due and what stands; constant queries."""
    rows = list(rows)
    facts = certificates.facts_of(cohort, rows, kind)
    standing = certificates.current(rows, kind)
    for row in rows:
        row.standing = standing.get(row.pk)
        row.shown = Shown(facts[row.pk], kind) if row.pk in facts else None
        row.due = row.shown is not None and (
            row.standing is None or row.standing.facts != row.shown.facts
        )
    return rows
