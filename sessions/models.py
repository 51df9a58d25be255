"""Availability, meetings, contacts, messages, and what goes wrong.

The app's label is ``meetings``: Django's own sessions app holds the label ``sessions``.
"""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import clock
from mentoring.accounts.models import validate_zone
from mentoring.accounts.permissions import Role
from mentoring.constraints import NoOverlap, in_choices
from mentoring.keys import new_key
from programs.models import Cohort, Enrollment


class Mode(models.TextChoices):
    """How people meet; channels are counted apart."""

    IN_PERSON = "in_person", _("In person")
    VIDEO = "video", _("Video")
    PHONE = "phone", _("Telephone")


class BookingPreferences(models.Model):
    """How a mentor can be booked. One for all her cohorts: availability is published once."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="booking_preferences"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    slot_minutes = models.PositiveSmallIntegerField(_("length of a meeting, minutes"), default=45)
    buffer_minutes = models.PositiveSmallIntegerField(_("pause between meetings"), default=0)
    notice_hours = models.PositiveSmallIntegerField(_("minimum notice, hours"), default=24)
    horizon_days = models.PositiveSmallIntegerField(_("bookable ahead, days"), default=42)
    max_per_day = models.PositiveSmallIntegerField(_("at most a day"), null=True, blank=True)
    max_per_week = models.PositiveSmallIntegerField(_("at most a week"), null=True, blank=True)
    mode = models.CharField(
        _("usually"), max_length=10, choices=Mode.choices, default=Mode.IN_PERSON
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    video_link = models.URLField(_("video link"), blank=True)

    class Meta:
        constraints = [in_choices("mode", Mode, "booking_mode_known")]

    def __str__(self) -> str:
        return f"{self.slot_minutes} min"


class WeeklyHours(models.Model):
    """Bookable hours of a weekday, by the clock on the mentor's wall."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="weekly_hours"
    )
    weekday = models.PositiveSmallIntegerField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekday_range"),
            models.CheckConstraint(
                # An end of 00:00 is midnight.
                condition=Q(ends__gt=F("starts")) | Q(ends=time(0)),
                name="hours_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts:%H:%M}–{self.ends:%H:%M}"


class HoursExceptionKind(models.TextChoices):
    OFF = "off", _("Not available")
    EXTRA = "extra", _("Extra hours")


class HoursException(models.Model):
    """A date on which other hours hold: off, or extra hours."""

    Kind = HoursExceptionKind

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="hours_exceptions"
    )
    kind = models.CharField(max_length=5, choices=Kind.choices)
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ["day", "starts"]
        constraints = [
            in_choices("kind", HoursExceptionKind, "hours_exception_kind_known"),
            models.CheckConstraint(
                condition=Q(starts=None, ends=None, kind="off") | Q(ends__gt=F("starts")),
                name="exception_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class Side(models.TextChoices):
    """Which side of a mentorship."""

    STUDENT = "student", _("Student")
    MENTOR = "mentor", _("Mentor")
    BOTH = "both", _("Both")
    STAFF = "staff", _("Coordinator")


class MeetingKind(models.TextChoices):
    MENTORING = "mentoring", _("Mentoring")
    GROUP = "group", _("Group")
    PLENARY = "plenary", _("Plenary")
    TRAINING = "training", _("Training")
    ORIENTATION = "orientation", _("Orientation")
    SUPERVISION = "supervision", _("Supervision")


class MeetingState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    BOOKED = "booked", _("Booked")
    HELD = "held", _("Held")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")


class MeetingReason(models.TextChoices):
    """Why a meeting was moved, missed or cancelled (R66 of the domain)."""

    PERSONAL = "personal", _("Personal, such as illness")
    CLINICAL = "clinical", _("Ward or duty")
    ACADEMIC = "academic", _("Lecture or exam")
    RELATIONAL = "relational", _("About how we get on")
    OTHER = "other", _("Something else")


class Meeting(models.Model):
    """A dated encounter of any kind."""

    Kind = MeetingKind
    State = MeetingState
    Reason = MeetingReason

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="meetings")
    mentorship = models.ForeignKey(
        Mentorship, on_delete=models.CASCADE, related_name="meetings", null=True, blank=True
    )
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.MENTORING)
    state = models.CharField(max_length=10, choices=State.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.IN_PERSON)
    place = models.CharField(_("place"), max_length=200, blank=True)
    video_link = models.URLField(_("video link"), blank=True)
    # The zone of the venue, for in-person meetings; readers otherwise see their own.
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, help_text=_("SEQUENCE of RFC 5545."))
    unplanned = models.BooleanField(default=False, help_text=_("Recorded without a booking."))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_side = models.CharField(max_length=8, choices=Side.choices, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    booked_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_side = models.CharField(max_length=8, choices=Side.choices, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the other side agreed with the record.")
    )
    disputed_at = models.DateTimeField(null=True, blank=True)
    missed_by = models.CharField(max_length=8, choices=Side.choices, blank=True)
    cancelled_by = models.CharField(max_length=8, choices=Side.choices, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["mentorship", "starts_at"], include=["state"], name="meet_pair"),
            models.Index(
                fields=["mentorship", "starts_at"], condition=Q(state="held"), name="meet_held"
            ),
            models.Index(fields=["state", "starts_at"]),
            models.Index(fields=["cohort", "starts_at"]),
        ]
        constraints = [
            in_choices("kind", MeetingKind, "meeting_kind_known"),
            in_choices("state", MeetingState, "meeting_state_known"),
            in_choices("mode", Mode, "meeting_mode_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_forward"),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at=None)),
                name="meeting_cancel_dated",
            ),
            models.CheckConstraint(
                condition=Q(state="missed", missed_by__in=["student", "mentor", "both"])
                | (~Q(state="missed") & Q(missed_by="")),
                name="meeting_missed_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "missed"]) | Q(recorded_at__isnull=False),
                name="meeting_record_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        """Still to come or to be recorded."""
        return self.state in {self.State.PROPOSED, self.State.BOOKED}


class ParticipantAttendance(models.TextChoices):
    UNKNOWN = "unknown", _("Not recorded")
    PRESENT = "present", _("Present")
    EXCUSED = "excused", _("Excused")
    ABSENT = "absent", _("Absent")


class ParticipantAnswer(models.TextChoices):
    OPEN = "open", _("Not answered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class Participant(models.Model):
    """A person's place in a meeting: holding the time, or only invited."""

    Attendance = ParticipantAttendance
    Answer = ParticipantAnswer

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="participations"
    )
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.PROTECT, related_name="participations"
    )
    role = models.CharField(max_length=20, choices=Role.choices)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN)
    # When this person last said something about the meeting: agreed, declined, moved it.
    answered_at = models.DateTimeField(null=True, blank=True)
    # `holds` and the meeting's period stand here so that the database can refuse an overlap.
    holds = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    attendance = models.CharField(
        max_length=10, choices=Attendance.choices, default=Attendance.UNKNOWN
    )

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["person", "starts_at"])]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="participant_once"),
            models.UniqueConstraint(fields=["meeting", "place"], name="place_once"),
            in_choices("attendance", ParticipantAttendance, "attendance_known"),
            in_choices("answer", ParticipantAnswer, "answer_known"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="participant_forward"
            ),
            NoOverlap(
                owner="person",
                start="starts_at",
                end="ends_at",
                flag="holds",
                name="no_double_booking",
            ),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


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


class ChangeRequestState(models.TextChoices):
    OPEN = "open", _("Open")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


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


class CalendarFeed(models.Model):
    """A private, revocable address from which a calendar reads a person's busy times."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at=None), name="one_live_feed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
