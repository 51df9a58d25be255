"""From one year of a cohort to the next: what is planned, what became of whom, who goes on."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models.cohort import Cohort, Edition, forward
from programs.models.enrollment import Enrollment
from programs.models.program import ProgramVersion


class RollOverState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    DONE = "done", _("Done")


class RollOver(models.Model):
    """The step of a cohort into its year ``number``: a draft until it is done or after an undo.

    Without a version it adopts what the template says on the day, in a version made then.
    ``record`` keeps what each floor did, so that it can be undone.
    """

    State = RollOverState

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="roll_overs")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    version = models.ForeignKey(
        ProgramVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )
    edition = models.OneToOneField(
        Edition, on_delete=models.SET_NULL, null=True, related_name="roll_over"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    record = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="roll_over_once"),
            in_choices("state", RollOverState, "roll_over_state_known"),
            forward("roll_over_forward"),
            models.CheckConstraint(
                condition=Q(state="draft", done_at=None) | Q(state="done", done_at__isnull=False),
                name="roll_over_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} {self.number}"

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def is_kept(self) -> bool:
        """Whether somebody has saved it; a plan that is only proposed is not."""
        return bool(self.pk)


class PassageFate(models.TextChoices):
    """What becomes of a person's place when the year changes."""

    UP = "up", _("Moves up")
    STAYS = "stays", _("Goes on")
    COMPLETES = "completes", _("Completes")
    REPEATS = "repeats", _("Repeats the year")
    PAUSES = "pauses", _("Pauses")
    INTERCALATES = "intercalates", _("Intercalates")
    LEAVES = "leaves", _("Leaves")


class Passage(models.Model):
    """One person's way into the next year: chosen in a draft, and kept once it is done."""

    Fate = PassageFate

    roll_over = models.ForeignKey(RollOver, on_delete=models.CASCADE, related_name="passages")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="passages")
    fate = models.CharField(max_length=12, choices=Fate.choices)
    # By a coordinator, against or ahead of what the program proposes.
    chosen = models.BooleanField(default=False)
    state_before = models.CharField(max_length=12, blank=True)
    class_before = models.PositiveSmallIntegerField(null=True)
    class_after = models.PositiveSmallIntegerField(null=True)
    places_before = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll_over", "enrollment"], name="passage_once"),
            in_choices("fate", PassageFate, "passage_fate_known"),
        ]

    def __str__(self) -> str:
        return self.get_fate_display()


class StayAnswer(models.TextChoices):
    NONE = "", _("No answer yet")
    YES = "yes", _("Goes on")
    FEWER = "fewer", _("Goes on with fewer places")
    NO = "no", _("Stops")


class StayQuestion(models.Model):
    """“Will you go on next year?”: asked of one mentor, and what she said last."""

    Answer = StayAnswer

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    roll_over = models.ForeignKey(RollOver, on_delete=models.CASCADE, related_name="questions")
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="stay_questions"
    )
    answer = models.CharField(max_length=6, choices=Answer.choices, blank=True, default=Answer.NONE)
    places = models.PositiveSmallIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll_over", "enrollment"], name="stay_asked_once"),
            in_choices("answer", StayAnswer, "stay_answer_known"),
            models.CheckConstraint(
                condition=Q(answer="fewer", places__isnull=False)
                | (~Q(answer="fewer") & Q(places=None)),
                name="stay_places_of_fewer",
            ),
        ]

    def __str__(self) -> str:
        return self.get_answer_display()
