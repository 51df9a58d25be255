"""Runs of matching procedures, and the mentorships that they or people make."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.accounts.permissions import MENTOR_ROLES, Role
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
    GREEDY = "greedy", _("Greedy")


class MatchRunState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Ready for review")
    FAILED = "failed", _("Failed")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Not chosen")


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
    shape = models.SlugField(max_length=60, blank=True)
    # The number of the group in the run; empty where one mentor leads.
    group = models.PositiveIntegerField(null=True)

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


class MentorshipState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    COMPLETED = "completed", _("Completed")
    DISSOLVED = "dissolved", _("Ended early")


class EndReason(models.TextChoices):
    """Why a mentorship ended early: never whose fault."""

    FIT = "fit", _("Another pair suits them better")
    TIME = "time", _("Their calendars do not meet")
    ABSENCE = "absence", _("One of them is away for long")
    LEFT = "left", _("One of them left the program")
    NEED = "need", _("Mentoring is not needed now")
    REORGANIZED = "reorganized", _("The program was reorganized")


class Mentorship(models.Model):
    """What matching forms: one or more mentors with one or more students."""

    State = MentorshipState
    EndReason = EndReason

    LIVE = (State.ACTIVE, State.PAUSED)

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="mentorships")
    shape = models.SlugField(max_length=60)
    name = models.CharField(_("name"), max_length=100, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    run = models.ForeignKey(
        MatchRun, on_delete=models.SET_NULL, null=True, blank=True, related_name="mentorships"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=12, blank=True)
    end_reason = models.CharField(max_length=20, choices=EndReason.choices, blank=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaces"
    )

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["cohort", "state"])]
        constraints = [
            in_choices("state", MentorshipState, "mentorship_state_known"),
            models.CheckConstraint(
                condition=Q(end_reason__in=["", *EndReason.values]),
                name="mentorship_end_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, state__in=["proposed", "active", "paused"])
                | Q(ended_at__isnull=False, state__in=["completed", "dissolved"]),
                name="mentorship_end_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE


class Membership(models.Model):
    """A dated place in a mentorship. History is never overwritten: places end, others begin."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="memberships")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="memberships")
    # Copies that let the database hold the rules below; they never change.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    shape = models.SlugField(max_length=60)
    role = models.CharField(max_length=20, choices=Role.choices)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["person", "ended_at"])]
        constraints = [
            in_choices("role", Role, "membership_role_known"),
            models.UniqueConstraint(
                fields=["mentorship", "enrollment"],
                condition=Q(ended_at=None),
                name="membership_once",
            ),
            models.UniqueConstraint(
                fields=["enrollment", "shape"],
                condition=Q(ended_at=None, role=Role.STUDENT),
                name="one_mentorship_per_student_and_shape",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="membership_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()

    @property
    def is_mentor(self) -> bool:
        return self.role in MENTOR_ROLES
