"""What a coordinator notes from a talk with somebody she is to match."""

from django.conf import settings
from django.db import models

from mentoring import clock
from mentoring.keys import new_key
from programs.models import Enrollment


class InterviewNote(models.Model):
    """That somebody was talked to, by whom and when; what was said stands in its body."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="interview_notes"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.key


class InterviewNoteBody(models.Model):
    """The note itself, sealed."""

    note = models.OneToOneField(
        InterviewNote, on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)
