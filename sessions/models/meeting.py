"""Meetings, and who takes part in them."""

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
from sessions.models.availability import Mode
from sessions.models.training import Series


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


# What the other side is told of a reason: never how somebody feels or what she suffers from.
_HARMLESS = frozenset({MeetingReason.CLINICAL, MeetingReason.ACADEMIC})


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
    # Trainings, orientations and supervisions belong to a series, and through it to their owner.
    series = models.ForeignKey(
        Series, on_delete=models.CASCADE, related_name="meetings", null=True, blank=True
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
    # What the other side says it was instead, in the words of `records.Outcome`.
    disputed_as = models.CharField(max_length=8, blank=True)
    missed_by = models.CharField(max_length=8, choices=Side.choices, blank=True)
    cancelled_by = models.CharField(max_length=8, choices=Side.choices, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    moved_from = models.DateTimeField(null=True, blank=True)
    moved_by = models.CharField(max_length=8, choices=Side.choices, blank=True)
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
            models.CheckConstraint(
                condition=Q(kind__in=["training", "orientation", "supervision"], mentorship=None)
                | (
                    ~Q(kind__in=["training", "orientation", "supervision"]) & Q(series__isnull=True)
                ),
                name="meeting_of_one_owner",
            ),
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
    def shown_reason(self) -> str:
        """The reason as others may read it, on pages and in mails; mostly none."""
        return str(self.Reason(self.reason).label) if self.reason in _HARMLESS else ""

    @property
    def of_cohort(self) -> bool:
        """A training, orientation or supervision: staff opens, moves and records it."""
        return self.series_id is not None

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
