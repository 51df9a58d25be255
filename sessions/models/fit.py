"""Whether two go together, asked of each of them after the first meeting."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import clock
from mentoring.constraints import in_choices


class Fit(models.TextChoices):
    GOOD = "good", _("A good fit")
    UNSURE = "unsure", _("Not sure yet")
    NOT = "not", _("Not a fit")


class FitAnswer(models.Model):
    """What one of the two said. The other never reads it; a later answer replaces it."""

    Fit = Fit

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="fits")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=20)
    answer = models.CharField(max_length=6, choices=Fit.choices)
    answered_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            in_choices("answer", Fit, "fit_answer_known"),
            models.UniqueConstraint(fields=["mentorship", "person"], name="fit_answer_once"),
        ]

    def __str__(self) -> str:
        return self.get_answer_display()
