"""Reports as they were issued."""

from django.conf import settings
from django.db import models

from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from mentoring.paper import Paper, PaperFile
from programs.models import Cohort


class Report(models.Model):
    """The figures of a cohort as they were issued; they stay, whatever becomes of the facts."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="reports")
    as_of = models.DateField()
    definitions = models.PositiveSmallIntegerField()
    figures = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-made_at", "-pk"]
        indexes = [models.Index(fields=["cohort", "-made_at"])]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.as_of}"


class ReportFile(PaperFile):
    """An issued report as PDF."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="files")

    class Meta:
        constraints = [
            in_choices("paper", Paper, "report_paper_known"),
            models.UniqueConstraint(
                fields=["report", "paper", "language"], name="report_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.paper} {self.language}"
