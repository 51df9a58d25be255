"""Requirements, enrollment, matching, confidentiality and incentives of a program."""

from typing import Literal

from pydantic import Field

from programs.spec.base import ClassYear, Part, Range, Role, Slug, Text, Unit

Procedure = Literal[
    "optimal",
    "fair",
    "stable",
    "random",
    "greedy",
    "wishes",
    "expert",
    "suggestions",
    "search",
    "trial",
    "by_container",
    "assigned",
]
Criterion = Literal[
    "interests",
    "languages",
    "campus",
    "free_time",
    "track",
    "gender",
    "class_year",
    "preference",
    "expectation",
]


class Requirement(Part):
    """What a role has to do: training, supervision, diary, reflection, attendance and so on."""

    slug: Slug
    kind: Literal[
        "training",
        "orientation",
        "supervision",
        "diary",
        "reflection",
        "portfolio",
        "attendance",
        "agreement",
        "needs_survey",
        "handbook",
        "documentation",
        "prepared_tasks",
    ]
    role: Role
    title: Text | None = None
    before: Literal["activation", "start"] | None = None
    times: Range | None = None
    per: Unit | None = None
    minutes: Range | None = None
    days: float | None = Field(default=None, gt=0)
    share: float | None = Field(default=None, gt=0, le=1, description="of meetings, to attend")
    due_days: int | None = Field(default=None, ge=0)
    class_years: tuple[ClassYear, ...] = ()
    mandatory: bool = True
    in_group: bool = False
    decides: Literal["pass_fail", "credits"] | None = None
    topics: tuple[Text, ...] = ()


class Enrollment(Part):
    """How people come in."""

    students: Literal["mandatory", "opt_in", "opt_out"] | None = None
    mentors: Literal["volunteer", "selected", "assigned", "trained"] | None = None
    attendance: Literal["compulsory", "voluntary"] | None = None
    students_apply: bool = True
    mentors_apply: bool = True
    course: bool = False
    returning: bool = Field(default=False, description="mentors may serve again")
    note: Text | None = None


class Weight(Part):
    """One criterion of the score, with its share of the whole."""

    criterion: Criterion
    weight: float = Field(gt=0, le=100)


class Rule(Part):
    """A hard rule of matching: what must, or must not, be shared."""

    criterion: Criterion
    must: Literal["share", "differ"]


class Arm(Part):
    """One arm of a trial of matching procedures."""

    slug: Slug
    procedure: Procedure
    title: Text
    suggestions: int | None = Field(default=None, ge=1)


class Choosing(Part):
    """How students find a mentor by themselves. Source of the ten: the trial of LMU Munich."""

    suggestions: int = Field(default=10, ge=3, le=20, description="mentors suggested to a student")
    asks: int = Field(default=3, ge=1, le=3, description="mentors asked one after the other")
    answer_days: int = Field(default=5, ge=1, le=30, description="working days to answer in")
    expert_after_days: int = Field(
        default=28, ge=1, le=180, description="until a coordinator looks for whoever found nobody"
    )
    ranks: int = Field(default=5, ge=1, le=10, description="mentors a student may rank")
    mentors_rank: bool = Field(default=False, description="mentors rank those who named them")


class Matching(Part):
    """How mentorships are formed."""

    procedure: Procedure | None = None
    moment: Literal["at_entry", "at_start", "placement_start", "on_request"] | None = None
    balanced_by: tuple[Literal["class_year", "container", "campus", "track", "gender"], ...] = ()
    equity: tuple[Literal["gender", "campus", "track", "class_year"], ...] = Field(
        default=(), description="whose groups of students each run is to compare"
    )
    criteria: tuple[Weight, ...] = ()
    rules: tuple[Rule, ...] = ()
    assessor: Literal["barred", "declared", "allowed"] = "declared"
    arms: tuple[Arm, ...] = ()
    choosing: Choosing = Choosing()
    unmatched: Literal["expert", "list"] = "list"
    mentors_unlike: bool = Field(default=False, description="co-mentors of unlike experience")
    reserve: bool = Field(default=False, description="keeps reserve mentors and stand-ins")
    note: Text | None = None


class Confidentiality(Part):
    """What leaves the pair. A program may be stricter than the product's table, never looser."""

    level: Literal["open", "counts", "strict"] = "open"
    topics_to_coordinator: bool = False
    at_risk_to_mentor: bool = False
    statement: Text | None = None


class Monitoring(Part):
    """Departures from the product's rules: other thresholds, or a rule switched off."""

    thresholds: dict[Slug, dict[str, float]] = Field(default_factory=dict)
    off: tuple[Slug, ...] = ()


class Incentive(Part):
    """What people get for taking part."""

    slug: Slug
    role: Role
    kind: Literal["credits", "title", "certificate", "payment", "portfolio", "elective"]
    title: Text | None = None
    amount: float | None = Field(default=None, gt=0)
    unit: Text | None = None
    needs: tuple[Slug, ...] = Field(default=(), description="requirements to be met first")


class Certificates(Part):
    """Which certificates people fetch themselves; coordinators issue either kind."""

    own: tuple[Literal["attendance", "completion"], ...] = ("attendance",)


class Evaluation(Part):
    """One moment of the evaluation plan."""

    slug: Slug
    title: Text
    method: Literal["survey", "interview", "focus_group", "observation"] = "survey"
    audience: tuple[Role, ...] = Field(min_length=1)
    moment: Literal[
        "before", "start", "middle", "term_end", "year_end", "end", "after_end", "after_training"
    ]
    months_after: Range | None = None
    instruments: tuple[Text, ...] = ()
    paired_with: Slug | None = Field(default=None, description="its other half, before or after")
    anonymity: Literal["anonymous", "confidential", "optional_signature", "named"] | None = None
    compulsory: bool = False
    leaves_out: tuple[Literal["never_met"], ...] = ()


class AtRisk(Part):
    """Who is offered extra support, without a public label."""

    measure: Text
    below: float
    or_equal: bool = False
