"""Students who choose a mentor by themselves: when they may, and whom they ask."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models.mentorship import Mentorship
from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models import Cohort, Enrollment


class Way(models.TextChoices):
    """How a student comes to know mentors."""

    SUGGESTIONS = "suggestions", _("Suggestions")
    SEARCH = "search", _("Free search")
    RANKED = "ranked", _("Students rank mentors, and a run decides")


class ChoosingRound(models.Model):
    """A time in which the students of a cohort who have no mentor may ask mentors."""

    Way = Way

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="choosing_rounds")
    way = models.CharField(_("how students find mentors"), max_length=12, choices=Way.choices)
    suggestions = models.PositiveSmallIntegerField(_("suggestions"), default=10)
    asks = models.PositiveSmallIntegerField(_("mentors asked one after the other"), default=3)
    answer_days = models.PositiveSmallIntegerField(_("working days to answer in"), default=5)
    expert_after_days = models.PositiveSmallIntegerField(
        _("days until a coordinator looks for whoever found nobody"), default=28
    )
    ranks = models.PositiveSmallIntegerField(_("mentors a student may rank"), default=5)
    mentors_rank = models.BooleanField(_("mentors rank, too"), default=False)
    opened_at = models.DateTimeField(default=clock.now)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # From then on students' lists stand, and mentors rank those who named them.
    mentors_turn_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        constraints = [
            in_choices("way", Way, "choosing_way_known"),
            models.CheckConstraint(condition=Q(ranks__gte=1, ranks__lte=10), name="choosing_ranks"),
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(closed_at=None), name="choosing_once"
            ),
            models.CheckConstraint(
                condition=Q(asks__gte=1, asks__lte=3, answer_days__gte=1, suggestions__gte=1),
                name="choosing_numbers",
            ),
        ]

    def __str__(self) -> str:
        return self.get_way_display()

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_ranked(self) -> bool:
        return self.way == Way.RANKED

    @property
    def takes_wishes(self) -> bool:
        """Whether students can still change their lists."""
        return self.is_open and self.is_ranked and self.mentors_turn_at is None

    @property
    def is_mentors_turn(self) -> bool:
        """Whether mentors rank those who named them."""
        return self.is_open and self.is_ranked and self.mentors_turn_at is not None


class RequestState(models.TextChoices):
    WAITING = "waiting", _("Next in line")
    OPEN = "asked", _("Asked")
    ACCEPTED = "accepted", _("Said yes")
    DECLINED = "declined", _("Cannot")
    EXPIRED = "expired", _("Did not answer in time")
    WITHDRAWN = "withdrawn", _("Taken back")
    OVERTAKEN = "overtaken", _("No longer needed or possible")


class MentorRequest(models.Model):
    """A student asks a mentor, or will as soon as those before her in line have not said yes."""

    State = RequestState

    STANDING = (State.WAITING, State.OPEN)
    # The mentor did not say yes, whatever the reason; the student reads no difference.
    REFUSED = (State.DECLINED, State.EXPIRED)

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    round = models.ForeignKey(ChoosingRound, on_delete=models.CASCADE, related_name="requests")
    student = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="asked_mentors")
    mentor = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="asked_by")
    shape = models.SlugField(max_length=60)
    way = models.CharField(max_length=12, choices=Way.choices, default=Way.SUGGESTIONS)
    position = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(default=clock.now)
    asked_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    mentorship = models.ForeignKey(
        Mentorship, on_delete=models.SET_NULL, null=True, blank=True, related_name="requests"
    )

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["mentor", "state"]),
            models.Index(
                fields=["answer_by"], condition=Q(state="asked"), name="request_answer_by"
            ),
        ]
        constraints = [
            in_choices("state", RequestState, "request_state_known"),
            models.UniqueConstraint(
                fields=["student", "mentor", "shape"],
                condition=Q(state__in=["waiting", "asked"]),
                name="request_standing_once",
            ),
            models.UniqueConstraint(
                fields=["student", "shape"], condition=Q(state="asked"), name="one_open_request"
            ),
            models.UniqueConstraint(
                fields=["student", "shape", "position"], name="request_position_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="asked")
                | Q(asked_at__isnull=False, answer_by__isnull=False, ended_at=None),
                name="request_open_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def is_standing(self) -> bool:
        return self.state in self.STANDING

    @property
    def last_day(self) -> date | None:
        """The day until whose end the mentor can answer, where the cohort is."""
        if self.answer_by is None:
            return None
        return (self.answer_by - timedelta(seconds=1)).astimezone(self.round.cohort.zone).date()


class RequestWord(models.Model):
    """What the student wrote to the mentor, sealed; read by these two alone."""

    request = models.OneToOneField(
        MentorRequest, on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class RequestPause(models.Model):
    """A mentor takes no requests for now; no reason is asked."""

    enrollment = models.OneToOneField(
        Enrollment, on_delete=models.CASCADE, primary_key=True, related_name="request_pause"
    )
    since = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.since}"


class ExpertCaseWhy(models.TextChoices):
    WISH = "wish", _("would rather have somebody choose")
    TIME = "time", _("found nobody in time")
    NOBODY = "nobody", _("everybody asked could not")
    TRIAL = "trial", _("a coordinator matches her in the trial")


class ExpertCase(models.Model):
    """A student for whom a coordinator looks now; over as soon as she has a mentor."""

    Why = ExpertCaseWhy

    round = models.ForeignKey(ChoosingRound, on_delete=models.CASCADE, related_name="cases")
    student = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="expert_cases")
    why = models.CharField(max_length=8, choices=Why.choices)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            in_choices("why", ExpertCaseWhy, "expert_case_why_known"),
            models.UniqueConstraint(fields=["round", "student"], name="expert_case_once"),
        ]

    def __str__(self) -> str:
        return self.get_why_display()
