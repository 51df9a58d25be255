"""Agreements: whether pairs have signed one. What stands in it is theirs."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from evaluation.reports.basis import Basis
from evaluation.reports.disclosure import Move
from evaluation.reports.section import Block, Section, Text, Words, parts, share
from evaluation.reports.timeline import Standing, walk
from matching.models import Membership, Mentorship, MentorshipState
from sessions.models import Agreement, AgreementSignature

SIGNED, PROPOSED, NONE = "signed", "proposed", "none"
STATES = (SIGNED, PROPOSED, NONE)
MOMENT = timedelta(microseconds=1)
Span = tuple[datetime, datetime | None]


@dataclass
class Pair:
    """A mentorship with its places and versions, each from when to when."""

    began: datetime
    ended: datetime | None
    places: list[tuple[int, Span]] = field(default_factory=list)
    versions: dict[int, Span] = field(default_factory=dict)
    signed: dict[int, dict[int, datetime]] = field(default_factory=lambda: defaultdict(dict))

    def instants(self) -> Iterator[datetime]:
        spans = [span for _person, span in self.places] + list(self.versions.values())
        for at in [self.began, *(at for span in spans for at in span if at is not None)]:
            yield max(at, self.began)
        for signatures in self.signed.values():
            yield from (max(at, self.began) for at in signatures.values())

    def status(self, at: datetime) -> str:
        """As ``sessions.agreements`` has it, at an instant; an ended one as it was at its end."""
        if self.ended is not None:
            at = min(at, self.ended - MOMENT)
        there = {person for person, span in self.places if _within(span, at)}
        open_now = [pk for pk, span in self.versions.items() if _within(span, at)]
        for pk in open_now:
            signed = {person for person, when in self.signed[pk].items() if when <= at}
            if there and there <= signed:
                return SIGNED
        return PROPOSED if open_now else NONE


def figures(basis: Basis) -> Iterator[Block]:
    moves: dict[str, list[Move]] = defaultdict(list)
    for pk, pair in _pairs(basis).items():

        def stands(at: datetime, pair: Pair = pair) -> Standing:
            status = pair.status(at)
            return {"states": {status: 1}, "signed": {"yes" if status == SIGNED else "no": 1}}

        for table, move in walk(pk, pair.instants(), stands):
            moves[table].append(move)
    if moves:
        yield share(basis, "signed", moves["signed"])
        yield parts(basis, "states", moves["states"], STATES)


def _pairs(basis: Basis) -> dict[int, Pair]:
    """Four queries."""
    rows = Mentorship.objects.filter(cohort=basis.cohort).exclude(state=MentorshipState.PROPOSED)
    begun = rows.filter(started_at__lt=basis.over).order_by("pk")
    found = {
        pk: Pair(began, ended)
        for pk, began, ended in begun.values_list("pk", "started_at", "ended_at")
    }
    places = Membership.objects.filter(mentorship__cohort=basis.cohort).order_by("pk")
    for pk, person, starts, ends in places.values_list(
        "mentorship", "person", "started_at", "ended_at"
    ):
        if pk in found:
            found[pk].places.append((person, (starts, ends)))
    of: dict[int, int] = {}
    versions = Agreement.objects.filter(mentorship__cohort=basis.cohort).order_by("pk")
    for pk, version, starts, ends in versions.values_list(
        "mentorship", "pk", "proposed_at", "closed_at"
    ):
        if pk in found:
            of[version] = pk
            found[pk].versions[version] = (starts, ends)
    signatures = AgreementSignature.objects.filter(agreement__mentorship__cohort=basis.cohort)
    for version, person, at in signatures.order_by("pk").values_list(
        "agreement", "person", "signed_at"
    ):
        if version in of:
            found[of[version]].signed[version][person] = at
    return found


def _within(span: Span, at: datetime) -> bool:
    return span[0] <= at and (span[1] is None or span[1] > at)


NAMES: dict[str, Text] = {
    SIGNED: _("Signed by all"),
    PROPOSED: _("Proposed, and not signed by all"),
    NONE: _("None"),
}
WORDS = {
    "signed": Words(
        _("Pairs and groups with a signed agreement"),
        _(
            "Denominator: all mentorships that had begun by that day. Counted: those with a "
            "version that everyone who was in the mentorship on that day had signed; an ended "
            "mentorship stays as it was at its end."
        ),
    ),
    "states": Words(
        _("Agreements by state"),
        _("The same mentorships. Only this is counted, and nothing of what they agreed upon."),
        lambda key: NAMES[key],
        _("All pairs and groups so far"),
    ),
}

SECTION = Section(
    slug="agreements",
    title=_("Agreements"),
    intro=_("Whether pairs and groups have put down how they mean to work together."),
    figures=figures,
    words=WORDS.__getitem__,
    needs="counts",
)
