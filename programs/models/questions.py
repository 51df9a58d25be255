"""What a cohort asks of those who apply, and what they answered."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models.cohort import Cohort
from programs.models.enrollment import Enrollment


class QuestionKind(models.TextChoices):
    SHORT = "short", _("Short text")
    LONG = "long", _("Long text")
    ONE = "one", _("One choice")
    SEVERAL = "several", _("Several choices")
    NUMBER = "number", _("Number")
    YES_NO = "yes_no", _("Yes or no")
    SCALE = "scale", _("Scale from 1 to 5")


class QuestionReader(models.TextChoices):
    STAFF = "staff", _("Coordinators only")
    PAIR = "pair", _("Coordinators, and the mentor or students matched")


class QuestionUse(models.TextChoices):
    NONE = "none", _("Not used for matching")
    WEIGHT = "weight", _("Counts: the more in common, the better")
    SHARE = "share", _("A must: a pair has something in common")
    DIFFER = "differ", _("A must: a pair has nothing in common")


class BuiltIn(models.TextChoices):
    """Questions whose wording is ours; ``programs.presenters.questions`` holds it."""

    MOTIVATION = "motivation", _("Motivation")
    MOTIVE = "motive", _("Interest or duty")
    EXPECTATION = "expectation", _("What a mentor is for")


class Question(models.Model):
    """One question of a cohort, asked of some of its roles, in one version.

    What an answer was given to does not change under it: another wording is another version, and
    the earlier one is retired with its answers. Of each slug one version is asked.
    """

    Kind, Reader, Use = QuestionKind, QuestionReader, QuestionUse

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="questions")
    slug = models.SlugField(max_length=40, editable=False)
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    builtin = models.CharField(max_length=12, choices=BuiltIn.choices, blank=True, editable=False)
    roles = models.JSONField(default=list)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=QuestionKind.choices)
    text = models.CharField(_("question"), max_length=300, blank=True)
    mentor_text = models.CharField(_("question to mentors"), max_length=300, blank=True)
    help_text = models.CharField(_("help below the question"), max_length=300, blank=True)
    options = models.JSONField(_("choices"), default=list, blank=True)
    low = models.CharField(_("1 means"), max_length=60, blank=True)
    high = models.CharField(_("5 means"), max_length=60, blank=True)
    required = models.BooleanField(_("must be answered"), default=False)
    reader = models.CharField(
        _("who reads the answers"),
        max_length=5,
        choices=QuestionReader.choices,
        default=QuestionReader.STAFF,
    )
    use = models.CharField(
        _("use for matching"), max_length=6, choices=QuestionUse.choices, default=QuestionUse.NONE
    )
    weight = models.FloatField(_("weight"), default=1)
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "slug"],
                condition=Q(retired_at=None),
                name="question_asked_once",
            ),
            models.UniqueConstraint(
                fields=["cohort", "slug", "version"], name="question_version_once"
            ),
            in_choices("kind", QuestionKind, "question_kind_known"),
            in_choices("reader", QuestionReader, "question_reader_known"),
            in_choices("use", QuestionUse, "question_use_known"),
        ]

    def __str__(self) -> str:
        return self.text or self.slug

    @property
    def criterion(self) -> str:
        """What matching calls it."""
        return self.builtin if self.builtin == BuiltIn.EXPECTATION else f"question:{self.slug}"


class Answer(models.Model):
    """What one person answered to one question: text, number, yes or no, or a list of choices."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="answers")
    value: Any = models.JSONField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "enrollment"], name="answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.enrollment_id}"
