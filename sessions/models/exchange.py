"""What happens between meetings: contacts and messages."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from sessions.models.meeting import Side


class ContactChannel(models.TextChoices):
    MESSAGE = "message", _("Message or e-mail")
    PHONE = "phone", _("Telephone")
    VIDEO = "video", _("Video")
    IN_PERSON = "in_person", _("In person")


class Contact(models.Model):
    """An informal exchange between meetings, noted by either side; it counts for cadence."""

    Channel = ContactChannel

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="contacts")
    at = models.DateTimeField(default=clock.now)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    side = models.CharField(max_length=8, choices=Side.choices)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["mentorship", "at"])]
        constraints = [in_choices("channel", ContactChannel, "contact_channel_known")]

    def __str__(self) -> str:
        return self.get_channel_display()


class ContactCheck(models.Model):
    """“Were you contacted?”: asked once of a student, answered with one tap."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="checks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    contacted = models.BooleanField()
    answered_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mentorship", "person"], name="contact_check_once")
        ]

    def __str__(self) -> str:
        return "yes" if self.contacted else "no"


class Message(models.Model):
    """That a message was written in a mentorship's thread; what it says stands in its body."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    side = models.CharField(max_length=8, choices=Side.choices)
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["sent_at", "pk"]
        indexes = [models.Index(fields=["mentorship", "sent_at"])]

    def __str__(self) -> str:
        return self.key


class MessageBody(models.Model):
    """The sealed text of a message; read through ``sessions.private`` only."""

    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    sealed = models.BinaryField()


class ThreadRead(models.Model):
    """Up to when a person has read a thread; known to nobody else."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mentorship", "person"], name="thread_read_once")
        ]

    def __str__(self) -> str:
        return f"{self.read_at:%Y-%m-%d %H:%M}"
