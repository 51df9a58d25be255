"""Certificates as they were issued, and their files."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import ALPHABET
from mentoring.paper import Paper, PaperFile
from programs.models import Enrollment

CODE_LENGTH = 24


def new_code() -> str:
    """24 unguessable characters (115 bits): whoever has them has seen the certificate."""
    return get_random_string(CODE_LENGTH, ALPHABET)


class CertificateKind(models.TextChoices):
    """What is certified."""

    ATTENDANCE = "attendance", _("Certificate of attendance")
    COMPLETION = "completion", _("Certificate of completion")


class Certificate(models.Model):
    """What was certified, in the words of that day. ``facts`` never change.

    Names, dates, minutes and titles alone: nothing that was said or written within a mentorship.
    """

    Kind = CertificateKind

    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    # A cohort with certificates is archived, not deleted: somebody may look one up in years.
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="certificates"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    facts = models.JSONField()
    issued_at = models.DateTimeField(default=clock.now, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # When a newer one of this kind took its place.
    superseded_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_why = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            in_choices("kind", CertificateKind, "certificate_kind_known"),
            models.UniqueConstraint(
                fields=["enrollment", "kind"],
                condition=Q(superseded_at=None, revoked_at=None),
                name="certificate_current_once",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_why="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_why="")),
                name="certificate_revoked_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.issued_at:%Y-%m-%d}"

    @property
    def is_current(self) -> bool:
        """Neither taken back nor replaced."""
        return self.superseded_at is None and self.revoked_at is None


class CertificateFile(PaperFile):
    """A certificate as PDF."""

    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="files")

    class Meta:
        constraints = [
            in_choices("paper", Paper, "certificate_paper_known"),
            models.UniqueConstraint(
                fields=["certificate", "paper", "language"], name="certificate_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.paper} {self.language}"
