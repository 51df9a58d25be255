"""What the people of a mentorship want to reach, and how far they have come."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key

WHOLE = 100


class GoalHorizon(models.TextChoices):
    SHORT = "short", _("Within weeks")
    LONG = "long", _("In the long run")


class GoalState(models.TextChoices):
    ACTIVE = "active", _("Under way")
    REACHED = "reached", _("Reached")
    DROPPED = "dropped", _("Let go")


class Goal(models.Model):
    """That there is a goal, and how far it has come; what it is stands in its body."""

    State = GoalState

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="goals")
    horizon = models.CharField(max_length=8, choices=GoalHorizon.choices)
    due_on = models.DateField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=GoalState.choices, default=GoalState.ACTIVE)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Who has left reads no goal that was touched since.
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["rank", "pk"]
        indexes = [models.Index(fields=["mentorship", "state"])]
        constraints = [
            in_choices("horizon", GoalHorizon, "goal_horizon_known"),
            in_choices("state", GoalState, "goal_state_known"),
            models.CheckConstraint(condition=Q(percent__lte=WHOLE), name="goal_percent_whole"),
            models.CheckConstraint(
                condition=Q(state="active", settled_at=None)
                | (~Q(state="active") & Q(settled_at__isnull=False)),
                name="goal_settled_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_live(self) -> bool:
        return self.state == GoalState.ACTIVE


class GoalBody(models.Model):
    """The sealed title of a goal, and why it was let go; read through ``sessions.private`` only."""

    goal = models.OneToOneField(
        Goal, on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    sealed = models.BinaryField()


class GoalProgress(models.Model):
    """How far a goal had come at a moment, and who said so."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="progress")
    at = models.DateTimeField(default=clock.now)
    percent = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=GoalState.choices)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            in_choices("state", GoalState, "goal_progress_state_known"),
            models.CheckConstraint(
                condition=Q(percent__lte=WHOLE), name="goal_progress_percent_whole"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"
