"""Who mentors in another's place, for some days."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from matching.models.mentorship import Membership, Mentorship
from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models import Absence, Enrollment


class StandInState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    RUNNING = "running", _("Stands in")
    ENDED = "ended", _("Over")
    CANCELLED = "cancelled", _("Taken back")


class StandIn(models.Model):
    """Somebody mentors in another's place from one day to another.

    Her place in the mentorship begins and ends on these days: it is a plan until then, so that a
    live place is always one that holds today.
    """

    State = StandInState

    STANDING = (State.PLANNED, State.RUNNING)

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="stand_ins")
    absent = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="+")
    enrollment = models.ForeignKey(Enrollment, on_delete=models.PROTECT, related_name="stand_ins")
    absence = models.ForeignKey(
        Absence, on_delete=models.SET_NULL, null=True, blank=True, related_name="stand_ins"
    )
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    membership = models.OneToOneField(
        Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="stand_in"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["starts", "pk"]
        indexes = [
            models.Index(
                fields=["starts", "ends"],
                condition=Q(state__in=["planned", "running"]),
                name="stand_in_due",
            )
        ]
        constraints = [
            in_choices("state", StandInState, "stand_in_state_known"),
            models.UniqueConstraint(
                fields=["mentorship", "enrollment"],
                condition=Q(state__in=["planned", "running"]),
                name="stand_in_once",
            ),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="stand_in_forward"),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
