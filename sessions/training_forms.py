"""Forms of trainings and supervisions. They validate and never save."""

from collections.abc import Collection
from datetime import datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mentoring.accounts.permissions import PARTICIPANT_ROLES, Role
from programs.models import Cohort, Enrollment
from sessions.forms import ClockInput, DayInput, ModeField, MomentForm
from sessions.models import MeetingReason, Mode, Participant, Series, SeriesKind, SupervisorGroup
from sessions.services.attendance import SAID
from sessions.services.series import EVERY_DAY

LENGTHS = [
    (n, format_lazy(_("{n} minutes"), n=n)) for n in (30, 45, 60, 90, 120, 180, 240, 360, 480)
]
EVERY = [
    (0, _("One date")),
    (EVERY_DAY, _("Every day")),
    (1, _("Every week")),
    (2, _("Every two weeks")),
    (3, _("Every three weeks")),
    (4, _("Every four weeks")),
]
# How two people get on is no matter of a training.
REASONS = [choice for choice in MeetingReason.choices if choice[0] != MeetingReason.RELATIONAL]


class DetailsForm(forms.Form):
    """What a series is called, where it is, and how many can come."""

    title = forms.CharField(label=_("Title"), max_length=120)
    topic = forms.CharField(label=_("Topic"), max_length=200, required=False)
    mode = ModeField(initial=Mode.IN_PERSON)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    video_link = forms.URLField(label=_("Video link"), required=False, assume_scheme="https")
    capacity = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=1000,
        required=False,
        help_text=_("Empty: no limit."),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("mode") == Mode.VIDEO and not data.get("video_link"):
            self.add_error("video_link", _("Give the link of the video room."))
        return data

    @property
    def details(self) -> dict[str, Any]:
        """What the services take."""
        return {name: self.cleaned_data[name] for name in DetailsForm.base_fields}


class SeriesForm(DetailsForm):
    """A new series, with the days on which it is held."""

    kind = forms.ChoiceField(
        label=_("What"), choices=SeriesKind.choices, initial=SeriesKind.TRAINING,
        widget=forms.RadioSelect,
    )  # fmt: skip
    audience = forms.ChoiceField(label=_("For whom"))
    group = forms.ModelChoiceField(
        label=_("Only for the group"),
        queryset=SupervisorGroup.objects.none(),
        required=False,
        empty_label=_("Everyone of that role"),
    )
    first = forms.DateField(label=_("First day"), widget=DayInput())
    at = forms.TimeField(label=_("From"), widget=ClockInput())
    minutes = forms.TypedChoiceField(label=_("How long"), choices=LENGTHS, coerce=int, initial=90)
    every = forms.TypedChoiceField(label=_("How often"), choices=EVERY, coerce=int, initial=0)
    until = forms.DateField(
        label=_("Until"),
        widget=DayInput(),
        required=False,
        help_text=_("Pauses and public holidays are left out."),
    )
    course = forms.BooleanField(
        label=_("All these dates are one course"),
        required=False,
        help_text=_("Who enrolls, enrolls for every day; it counts once, when she came to each."),
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        spec = cohort.spec
        roles = [role for role in Role if role in PARTICIPANT_ROLES and role in spec.roles]
        choices = [(str(role), role.label) for role in roles]
        self.fields["audience"].choices = choices  # type: ignore[attr-defined]
        wanted = next((part.role for part in spec.requirements if part.kind == "training"), None)
        self.fields["audience"].initial = wanted or (spec.mentoring_roles or spec.roles)[0]
        days = next((part.days for part in spec.requirements if part.days), None)
        if days and days > 1:
            self.fields["course"].help_text = format_lazy(
                "{text} {asked}",
                text=self.fields["course"].help_text,
                asked=format_lazy(_("The program asks for a course of {n} days."), n=ceil(days)),
            )
        groups = cohort.supervisor_groups.filter(ended_at=None)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        if not groups:
            del self.fields["group"]

    @property
    def days(self) -> dict[str, Any]:
        """What ``series.preview`` takes."""
        return {name: self.cleaned_data[name] for name in
                ("first", "at", "minutes", "every", "until")}  # fmt: skip


class DateForm(MomentForm):
    """One date, by the cohort's clock."""

    minutes = forms.TypedChoiceField(label=_("How long"), choices=LENGTHS, coerce=int, initial=90)

    def __init__(self, *args: Any, length: int = 90, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if length not in dict(LENGTHS):
            choices = [*LENGTHS, (length, format_lazy(_("{n} minutes"), n=length))]
            self.fields["minutes"].choices = sorted(choices)  # type: ignore[attr-defined]
        self.fields["minutes"].initial = length


class MoveDateForm(DateForm):
    """Another time, and why."""

    reason = forms.ChoiceField(label=_("Why"), choices=REASONS, widget=forms.RadioSelect)


class CancelDateForm(forms.Form):
    """Why a date is cancelled."""

    reason = forms.ChoiceField(label=_("Why"), choices=REASONS, widget=forms.RadioSelect)


class GroupForm(forms.Form):
    """A new group of a supervisor."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)
    supervisor = forms.ModelChoiceField(
        label=_("Supervisor"), queryset=Enrollment.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Enrollment.objects.filter(
            cohort=cohort, role=Role.SUPERVISOR, state__in=Enrollment.PRESENT
        ).select_related("person")
        field = self.fields["supervisor"]
        field.queryset = rows  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: row.person.full_name  # type: ignore[attr-defined]


class MembersForm(forms.Form):
    """Who is in a group."""

    members = forms.TypedMultipleChoiceField(
        label=_("Members"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = people  # type: ignore[attr-defined]


class ListForm(forms.Form):
    """An attendance list: a line for each place, and who came without one."""

    walk_ins = forms.ModelMultipleChoiceField(
        label=_("Came without a place"),
        queryset=Enrollment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        seats: Collection[Participant],
        audience: QuerySet[Enrollment],
        writer: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        known = [seat.person_id for seat in seats]
        field = self.fields["walk_ins"]
        rows = audience.exclude(person__in=[*known, writer])
        field.queryset = rows  # type: ignore[attr-defined]
        field.label_from_instance = lambda row: row.person.full_name  # type: ignore[attr-defined]
        for seat in seats:
            if seat.person_id == writer:
                continue
            kept = seat.attendance in SAID
            self.fields[f"seat-{seat.person.key}"] = forms.ChoiceField(
                label=seat.person.full_name,
                choices=[(value.value, value.label) for value in SAID],
                widget=forms.RadioSelect,
                initial=seat.attendance if kept else Participant.Attendance.PRESENT,
            )

    @property
    def lines(self) -> list[tuple[Participant, Any]]:
        """Each seat with its field; none for the writer's own."""
        names = {seat.pk: f"seat-{seat.person.key}" for seat in self.seats}
        return [
            (seat, self[names[seat.pk]] if names[seat.pk] in self.fields else None)
            for seat in self.seats
        ]

    @property
    def said(self) -> dict[int, str]:
        """What the service takes."""
        return {
            seat.enrollment_id: self.cleaned_data[f"seat-{seat.person.key}"]
            for seat in self.seats
            if f"seat-{seat.person.key}" in self.cleaned_data
        }


def details_of(series: Series) -> dict[str, Any]:
    """A series as ``DetailsForm`` shows it."""
    return {name: getattr(series, name) for name in DetailsForm.base_fields}


def moment_of(at: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """An instant as ``DateForm`` shows it."""
    local = at.astimezone(zone)
    return {"day": local.date(), "starts": local.time()}
