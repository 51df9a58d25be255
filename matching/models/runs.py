"""Rules about pairs, and runs of matching procedures."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models import Cohort, Enrollment


class PairRuleKind(models.TextChoices):
    PIN = "pin", _("Keep together")
    MUST = "must", _("Only this mentor, or another one named so")
    FORBID = "forbid", _("Keep apart")
    ASSESSES = "assesses", _("The mentor assesses the student")


class PairRule(models.Model):
    """What must or must not be, for one student and one mentor."""

    Kind = PairRuleKind

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="pair_rules")
    student = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "mentor"], name="pair_rule_once"),
            in_choices("kind", PairRuleKind, "pair_rule_kind_known"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class MatchRunProcedure(models.TextChoices):
    OPTIMAL = "optimal", _("Optimal")
    FAIR = "fair", _("Fair")
    STABLE = "stable", _("Stable")
    RANDOM = "random", _("Random, balanced")
    WISHES = "wishes", _("Ranked choices, then optimal")
    KEEPING = "keeping", _("Fewest changes")
    GREEDY = "greedy", _("Greedy")
    EXPERT = "expert", _("By hand, on the board")


class MatchRunState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Ready for review")
    BOARD = "board", _("On the board")
    FAILED = "failed", _("Failed")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Not chosen")
    UNDONE = "undone", _("Taken back")


class MatchRun(models.Model):
    """One run of a procedure, kept with everything that is needed to repeat it."""

    Procedure = MatchRunProcedure
    State = MatchRunState

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="match_runs")
    number = models.PositiveIntegerField()
    procedure = models.CharField(max_length=10, choices=Procedure.choices)
    seed = models.PositiveBigIntegerField()
    weights = models.JSONField(default=dict)
    engine_version = models.CharField(max_length=20, blank=True)
    inputs = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    result = models.JSONField(default=dict)
    # Groups that several people lead, as the run forms them: number, shape, members, mentorship.
    groups = models.JSONField(default=list)
    # Of a board: everything somebody can be placed in, with its places.
    columns = models.JSONField(default=list)
    job_key = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="match_run_number_once"),
            in_choices("state", MatchRunState, "match_run_state_known"),
            in_choices("procedure", MatchRunProcedure, "match_run_procedure_known"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def is_lot(self) -> bool:
        """Whether it drew: scores did not matter, and are not shown."""
        return self.procedure == MatchRunProcedure.RANDOM

    @property
    def is_board(self) -> bool:
        """Whether people place its pairs, one by one."""
        return self.procedure == MatchRunProcedure.EXPERT


class MatchPair(models.Model):
    """What a run proposes for one student: a mentor, or none, and the reasons.

    The score is in millionths. Reasons are codes with data, put into words where they are read.
    """

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="pairs")
    student = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="+")
    mentor = models.ForeignKey(Enrollment, on_delete=models.CASCADE, null=True, related_name="+")
    score = models.PositiveIntegerField(null=True)
    reasons = models.JSONField(default=list)
    pinned = models.BooleanField(default=False)
    # A coordinator leaves this pair out when the run is published.
    kept_out = models.BooleanField(default=False)
    shape = models.SlugField(max_length=60, blank=True)
    # The number of the group in the run; empty where one mentor leads.
    group = models.PositiveIntegerField(null=True)
    # On a board: the columns that suit her best with their scores, hers, and who put her there.
    best = models.JSONField(default=list)
    column = models.PositiveIntegerField(null=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    placed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["run", "score"])]
        constraints = [
            models.UniqueConstraint(fields=["run", "student", "shape"], name="match_pair_once"),
            models.CheckConstraint(
                condition=Q(mentor=None, score=None) | Q(mentor__isnull=False, score__isnull=False),
                name="match_pair_scored",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.score}"
