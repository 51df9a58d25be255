"""Uploaded rosters, and what they changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models.cohort import Cohort
from programs.models.enrollment import Enrollment


class RosterImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")


class RosterImport(models.Model):
    """An uploaded roster on its way from file to enrollments, and back."""

    State = RosterImportState

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="roster_imports")
    file_name = models.CharField(max_length=255)
    content = models.BinaryField()
    # What a person says the file is; empty: as it reads best.
    encoding = models.CharField(max_length=20, blank=True, default="")
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    report = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [in_choices("state", RosterImportState, "roster_import_state_known")]

    def __str__(self) -> str:
        return self.file_name


class RosterChange(models.Model):
    """What an import did to one enrollment, so that it can be undone."""

    roster_import = models.ForeignKey(
        RosterImport, on_delete=models.CASCADE, related_name="changes"
    )
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created = models.BooleanField()
    created_person = models.BooleanField(default=False)
    # Changed facts by name: an undo gives back only what still is as the import left it.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    def __str__(self) -> str:
        return "created" if self.created else "updated"
