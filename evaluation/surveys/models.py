"""Surveys, who is invited, and answers that belong to nobody.

Four tables hold what is answered, and no key leads from one to another or to a person: see
``docs/surveys.md``. Primary keys here are random numbers of our own making, and they are declared
as automatic ones because only those order the rows of a table in SQLite.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models import Cohort

# Fewer answers than this are never entered, counted aloud or shown.
FEWEST = 5


class SurveySide(models.TextChoices):
    STUDENT = "student", _("Students")
    MENTOR = "mentor", _("Mentors")
    STAFF = "staff", _("Staff")


class SurveyState(models.TextChoices):
    SCHEDULED = "scheduled", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Survey(models.Model):
    """Instruments sent to one side of a cohort at a moment.

    ``occurrence`` says which moment of the plan it is, so that none is sent twice. ``invited`` is
    the denominator of its response rate and does not change; ``answered`` moves in batches.
    """

    State = SurveyState
    Side = SurveySide

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="surveys")
    occurrence = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60)
    title = models.CharField(_("title"), max_length=150)
    side = models.CharField(max_length=8, choices=SurveySide.choices)
    instruments = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SCHEDULED)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    leaves_out_unmet = models.BooleanField(default=False)
    invited = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-opens_at", "side", "pk"]
        indexes = [models.Index(fields=["state", "opens_at"], name="survey_due")]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "occurrence"], name="survey_once"),
            models.UniqueConstraint(fields=["cohort", "slug"], name="survey_slug_once"),
            in_choices("side", SurveySide, "survey_side_known"),
            in_choices("state", SurveyState, "survey_state_known"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="survey_forward"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> str:
        """What its mails are about, for the outbox."""
        return f"survey:{self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether an answer is taken now."""
        return self.state == self.State.OPEN and clock.now() < self.closes_at

    @property
    def is_shown(self) -> bool:
        """Whether there are results to show: closed, and answered by enough."""
        return self.state == self.State.CLOSED and self.answered >= FEWEST


class SurveyInvitation(models.Model):
    """Who is asked; ``answered`` without a time, and set only for a whole batch at once."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="survey_invitations"
    )
    answered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "person"], name="survey_invitation_once")
        ]

    def __str__(self) -> str:
        return f"{self.survey_id}"


class WaitingAnswer(models.Model):
    """A sealed answer that waits for its batch. Its number is made with a secret key, so that
    nobody answers twice and no reader of the table learns whose it is."""

    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="waiting")
    sealed = models.BinaryField()


class SurveyResponse(models.Model):
    """The ratings of one unknown person, in a row with a random number and no time."""

    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="responses")
    ratings = models.JSONField(default=dict)


class SurveyComment(models.Model):
    """What one unknown person wrote to an open question; nothing ties it to her ratings."""

    id = models.BigAutoField(primary_key=True)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="comments")
    question = models.CharField(max_length=90)
    text = models.TextField()
