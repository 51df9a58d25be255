"""What the people of a mentorship agree upon: version by version, signed by each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key

MONTH = 30


class Rhythm(models.TextChoices):
    """How ``every`` is meant."""

    WEEKS = "weeks", _("every so many weeks")
    MONTH = "month", _("so many times a month")
    OPEN = "open", _("when we need it")


class Driver(models.TextChoices):
    """Who proposes times and topics."""

    MENTOR = "mentor", _("The mentor")
    STUDENT = "student", _("The student")
    BOTH = "both", _("Both of us")


class Agreement(models.Model):
    """One version of a mentorship's agreement.

    It holds while everyone who is in the mentorship has signed it and nothing newer is signed by
    all (``sessions.agreements``); that is derived, not stored. ``closed_at``: withdrawn,
    overtaken by another proposal, or replaced. Words of their own stand in its body.
    """

    Rhythm = Rhythm
    Driver = Driver

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices)
    every = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField()
    contact_weeks = models.PositiveSmallIntegerField(default=0)
    channels = models.JSONField(default=list)
    answer_days = models.PositiveSmallIntegerField()
    notice_hours = models.PositiveSmallIntegerField()
    driver = models.CharField(max_length=8, choices=Driver.choices)
    check_in_weeks = models.PositiveSmallIntegerField(default=0)
    end_days = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["mentorship", "number"], name="agreement_number_once"),
            in_choices("rhythm", Rhythm, "agreement_rhythm_known"),
            in_choices("driver", Driver, "agreement_driver_known"),
            models.CheckConstraint(
                condition=Q(rhythm="open", every=0) | (~Q(rhythm="open") & Q(every__gte=1)),
                name="agreement_says_how_often",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"

    @property
    def meeting_days(self) -> float | None:
        """The longest time meant to pass between two meetings; ``None``: left open."""
        if self.rhythm == Rhythm.WEEKS:
            return self.every * 7.0
        return MONTH / self.every if self.rhythm == Rhythm.MONTH else None

    @property
    def contact_days(self) -> float | None:
        """The longest time meant to pass without any contact; ``None``: left open."""
        days = [self.meeting_days, self.contact_weeks * 7.0 or None]
        return min((one for one in days if one is not None), default=None)


class AgreementBody(models.Model):
    """The sealed words of a version; read through ``sessions.private`` only."""

    agreement = models.OneToOneField(
        Agreement, on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    sealed = models.BinaryField()


class AgreementSignature(models.Model):
    """Who signed a version, and when."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatures")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures"
    )
    signed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "person"], name="agreement_signed_once")
        ]

    def __str__(self) -> str:
        return f"{self.signed_at:%Y-%m-%d %H:%M}"
