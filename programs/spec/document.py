"""The program document as a whole, and the questions the code may ask it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import Field

from programs.spec.base import MENTORING_ROLES, ClassYear, Part, Slug, Span, Text, hull
from programs.spec.cadence import CadenceRule, Phase
from programs.spec.modes import Mode, modes
from programs.spec.published import Assumption, Example, Figure
from programs.spec.structure import Capacity, Container, Shape
from programs.spec.support import (
    AtRisk,
    Certificates,
    Confidentiality,
    Enrollment,
    Evaluation,
    Incentive,
    Matching,
    Monitoring,
    Requirement,
)
from programs.spec.year import Year

# Channels in which people meet; a message counts as contact, not as a meeting.
MEETING_CHANNELS = (None, "any", "in_person", "video", "phone")
MEETING_KINDS = (None, "mentoring", "group")


class Duration(Part):
    """How long the program lasts for one student."""

    kind: Literal["fixed", "degree", "per_pair"] = "fixed"
    years: float | None = Field(default=None, gt=0)
    months: float | None = Field(default=None, gt=0)


class ProgramSpec(Part):
    """One version of a program. Build it with ``ProgramSpec.load``."""

    format: Literal[1] = 1
    slug: Slug
    title: Text
    school: Text
    model: Text
    summary: Text | None = None
    source: Text
    since: int | None = Field(default=None, ge=1900, le=2100)
    tracks: tuple[Text, ...] = ()
    duration: Duration
    enrollment: Enrollment = Enrollment()
    containers: tuple[Container, ...] = ()
    shapes: tuple[Shape, ...] = Field(min_length=1)
    phases: tuple[Phase, ...] = ()
    cadence: tuple[CadenceRule, ...] = ()
    paused_class_years: tuple[ClassYear, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    matching: Matching = Matching()
    confidentiality: Confidentiality = Confidentiality()
    monitoring: Monitoring = Monitoring()
    incentives: tuple[Incentive, ...] = ()
    certificates: Certificates = Certificates()
    evaluation: tuple[Evaluation, ...] = ()
    at_risk: AtRisk | None = None
    second_mentor: bool = Field(default=False, description="an informal one may be recorded")
    resources: tuple[Text, ...] = ()
    topics: tuple[Text, ...] = ()
    year: Year = Year()
    stated: dict[Slug, Figure] = Field(default_factory=dict)
    example: Example | None = None
    from_source: tuple[Text, ...] = Field(default=(), description="paths the source states")
    assumed: tuple[Assumption, ...] = ()

    @classmethod
    def load(cls, source: str | bytes | Mapping[str, Any]) -> "ProgramSpec":
        """The program that a YAML text or a dictionary says; ``SpecError`` names what is wrong."""
        from programs.spec.loading import load  # noqa: PLC0415 (it imports this module)

        return load(source)

    # --- Structure -------------------------------------------------------------------------------

    def shape(self, slug: str) -> Shape:
        """The shape of that name; ``KeyError`` when there is none."""
        for shape in self.shapes:
            if shape.slug == slug:
                return shape
        raise KeyError(slug)

    @property
    def modes(self) -> tuple[Mode, ...]:
        """One-to-one, group, virtual and so on, as its shapes and meetings say."""
        return modes(self)

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of its groups, in order of first mention."""
        return tuple(dict.fromkeys(seat.role for shape in self.shapes for seat in shape.seats))

    @property
    def mentoring_roles(self) -> tuple[str, ...]:
        """The roles of its groups that mentor."""
        return tuple(role for role in self.roles if role in MENTORING_ROLES)

    def class_years(self, role: str) -> tuple[int, ...]:
        """The class years a role is open to; empty means any."""
        return tuple(sorted({y for shape in self.shapes for y in shape.class_years(role)}))

    def capacity(self, role: str) -> Capacity:
        """What one person of a role takes on unless she says otherwise: a student, or a group."""
        sits = [(shape, seat) for shape in self.shapes for seat in shape.seats if seat.role == role]
        stated = next((seat.capacity for _shape, seat in sits if seat.capacity), None)
        if stated is not None:
            return stated
        pairs = any(
            (people := shape.people("student")) is not None and people.max == 1
            for shape, _seat in sits
        )
        return Capacity() if pairs or not sits else Capacity(unit="groups")

    def students_per_mentorship(self) -> Span | None:
        """Students in one group, over all shapes; ``None``: not stated."""
        return hull([shape.people("student") for shape in self.shapes])

    def mentors_per_mentorship(self) -> Span | None:
        """Mentors of any kind in one group, over all shapes; ``None``: not stated."""
        return hull([shape.people(*MENTORING_ROLES) for shape in self.shapes])

    # --- Cadence ---------------------------------------------------------------------------------

    def cadence_for(
        self,
        *,
        phase: str | None = None,
        kind: str | None = None,
        channel: str | None = None,
        class_year: int | None = None,
        role: str | None = None,
        shape: str | None = None,
    ) -> CadenceRule | None:
        """The most specific rule that holds there, or ``None`` where nothing is said."""
        fitting = [
            rule
            for rule in self.cadence
            if rule.fits(
                phase=phase,
                kind=kind,
                channel=channel,
                class_year=class_year,
                role=role,
                shape=shape,
            )
        ]
        return max(fitting, key=lambda rule: rule.conditions, default=None)

    def meeting_rules(
        self, *, phase: str | None = None, class_year: int | None = None
    ) -> list[CadenceRule]:
        """The rules about meetings, not messages, that hold there; the most specific first."""
        rules = [
            rule
            for rule in self.cadence
            if rule.channel in MEETING_CHANNELS
            and rule.kind in MEETING_KINDS
            and rule.phase in (None, phase)
            and (not rule.class_years or class_year in (None, *rule.class_years))
        ]
        return sorted(rules, key=lambda rule: -rule.conditions)

    def meeting_interval_days(
        self, *, phase: str | None = None, class_year: int | None = None
    ) -> float:
        """The longest time meant to pass between two meetings; 30 where nothing is stated."""
        for rule in self.meeting_rules(phase=phase, class_year=class_year):
            days = rule.interval_days(terms_per_year=self.terms_per_year)
            if days is not None:
                return days
        return 30.0

    def contact_interval_days(
        self, *, phase: str | None = None, class_year: int | None = None
    ) -> float | None:
        """The longest time meant to pass without any contact; ``None``: nothing is stated."""
        found = [
            rule.interval_days(terms_per_year=self.terms_per_year)
            for rule in self.cadence
            if rule.phase in (None, phase)
            and (not rule.class_years or class_year in (None, *rule.class_years))
        ]
        return min((days for days in found if days is not None), default=None)

    def meetings_per_year(self) -> tuple[float | None, float | None]:
        """Least and most meetings of one student in a year, as far as the program says."""
        rules = self.meeting_rules()
        said = [pair for rule in rules if not rule.event and any(pair := self._per_year(rule))]
        if not said:
            return None, None
        # What is tied to an event comes on top of the rest.
        extra = [self._per_year(rule) for rule in rules if rule.event]
        least = [low for low, _ in said if low is not None]
        most = [high for _, high in said if high is not None]
        low = min(least) + sum(one or 0 for one, _ in extra) if least else None
        high = max(most) + sum(one or 0 for _, one in extra) if len(most) == len(said) else None
        return low, high

    def _per_year(self, rule: CadenceRule) -> tuple[float | None, float | None]:
        return rule.per_year(terms_per_year=self.terms_per_year, years=self.years)

    def phase(self, slug: str) -> Phase:
        """The phase of that name; ``KeyError`` when there is none."""
        for phase in self.phases:
            if phase.slug == slug:
                return phase
        raise KeyError(slug)

    @property
    def terms_per_year(self) -> int:
        """How many terms its year has; two where it does not say."""
        return len(self.year.terms) or 2

    @property
    def years(self) -> float:
        """How many years one student is in it; a degree of unknown length counts as one."""
        if self.duration.years is not None:
            return self.duration.years
        return self.duration.months / 12 if self.duration.months is not None else 1.0

    @property
    def short(self) -> bool:
        """Under three months: allowed, but marked."""
        return self.duration.kind == "fixed" and self.years < 0.25

    # --- The rest --------------------------------------------------------------------------------

    def required(self, *, role: str, kind: str | None = None) -> tuple[Requirement, ...]:
        """What a role has to do, of one kind or of all."""
        return tuple(
            part
            for part in self.requirements
            if part.role == role and part.mandatory and kind in (None, part.kind)
        )

    def before_activation(self, role: str) -> tuple[Requirement, ...]:
        """What a role has to have done before it may be active."""
        return tuple(part for part in self.required(role=role) if part.before == "activation")

    @property
    def requires_agreement(self) -> bool:
        """Whether a mentorship has to sign an agreement, or a phase ends with one."""
        asked = any(part.kind == "agreement" and part.mandatory for part in self.requirements)
        return asked or any("agreement_signed" in phase.exit for phase in self.phases)

    def threshold(self, rule: str, name: str, default: float) -> float:
        """A threshold of a monitoring rule, the product's default unless overridden."""
        return self.monitoring.thresholds.get(rule, {}).get(name, default)

    def watches(self, rule: str) -> bool:
        """Whether a monitoring rule is on."""
        return rule not in self.monitoring.off

    def may_leave_the_pair(self, what: Literal["facts", "counts", "topics"]) -> bool:
        """Whether meeting facts, counts or topics may be shown outside the pair."""
        level = self.confidentiality.level
        if what == "topics":
            return level == "open" and self.confidentiality.topics_to_coordinator
        return level == "open" or (what == "counts" and level == "counts")

    @property
    def published_students(self) -> int | None:
        """Students of one run, where a number is published."""
        return self._published("students")

    @property
    def published_mentors(self) -> int | None:
        """Mentors of all mentoring roles in one run, where a number is published."""
        return self._published("mentors")

    @property
    def usual_people(self) -> tuple[int | None, int | None]:
        """Students and mentors to try it with: the published numbers, else the example's."""
        example = self.example or Example()
        return (
            self.published_students or example.students,
            self.published_mentors or example.mentors,
        )

    def _published(self, name: str) -> int | None:
        value = self.stated[name].value if name in self.stated else None
        return value if isinstance(value, int) else None

    @cached_property
    def document(self) -> dict[str, Any]:
        """The document as plain data, without what is not said; ``load`` takes it back."""
        return self.model_dump(mode="json", exclude_defaults=True) | {"format": self.format}
