"""Who waits for a place in a full training or supervision, and who need not attend before."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from programs.models import Enrollment
from sessions.models.meeting import Meeting
from sessions.models.training import Series


class Waiting(models.Model):
    """A person on the waiting list of a date, or of a course as a whole (no ``meeting`` then).

    The order of arrival is the order of the rows. A row goes when she gets a place or steps down.
    """

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="waiting")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="waiting", null=True, blank=True
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="waiting_for_places"
    )
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="waiting_for_places"
    )
    since = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        verbose_name_plural = "waiting"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="waits_once_for_a_date"),
            models.UniqueConstraint(
                fields=["series", "person"],
                condition=Q(meeting=None),
                name="waits_once_for_a_course",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.since:%Y-%m-%d}"


class Waiver(models.Model):
    """A coordinator's word that somebody may become active before she attended what is asked."""

    enrollment = models.OneToOneField(
        Enrollment, on_delete=models.CASCADE, related_name="training_waiver"
    )
    reason = models.CharField(_("reason"), max_length=200)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    given_at = models.DateTimeField(default=clock.now)
    # Taken back: she stays what she is, and is asked to attend it after all.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.enrollment} {self.given_at:%Y-%m-%d}"
