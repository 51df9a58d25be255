"""Wishes for another mentor, and concerns."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models import Cohort


class ChangeRequestState(models.TextChoices):
    OPEN = "open", _("Open")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    OVERTAKEN = "overtaken", _("The mentorship has ended")


class ChangeRequest(models.Model):
    """“I would like another mentor”: to the coordinator; the other side is never told why."""

    State = ChangeRequestState

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    mentorship = models.ForeignKey(
        Mentorship, on_delete=models.CASCADE, related_name="change_requests"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            in_choices("state", ChangeRequestState, "change_request_state_known"),
            models.UniqueConstraint(
                fields=["mentorship", "person"],
                condition=Q(state="open"),
                name="one_open_change_request",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class ChangeRequestBody(models.Model):
    """The sealed reason of a change request."""

    request = models.OneToOneField(
        ChangeRequest, on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    sealed = models.BinaryField()


class ConcernState(models.TextChoices):
    RAISED = "raised", _("Raised")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    CLOSED = "closed", _("Closed")


class Concern(models.Model):
    """“Something is wrong”: an urgent or quiet report to one named person."""

    State = ConcernState

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="concerns")
    mentorship = models.ForeignKey(
        Mentorship, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RAISED)
    created_at = models.DateTimeField(default=clock.now)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [in_choices("state", ConcernState, "concern_state_known")]

    def __str__(self) -> str:
        return self.key


class ConcernBody(models.Model):
    """The sealed text of a concern."""

    concern = models.OneToOneField(
        Concern, on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    sealed = models.BinaryField()
