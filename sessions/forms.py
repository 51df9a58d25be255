"""Forms of this floor. They validate and never save."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.keys import new_key
from programs.models import Enrollment
from sessions.models import BookingPreferences, HoursException, MeetingReason, Mode
from sessions.services import change_requests, concerns, diaries, messages
from sessions.services.records import Outcome

LENGTHS = [(n, format_lazy(_("{n} minutes"), n=n)) for n in (15, 20, 30, 45, 60, 75, 90, 120, 180)]


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%Y-%m-%d", attrs=attrs)


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(format="%H:%M", attrs=attrs)


class MomentForm(forms.Form):
    """A day and a time by the clock of ``zone`` (the reader's, unless said otherwise)."""

    day = forms.DateField(label=_("Day"), widget=DayInput())
    starts = forms.TimeField(label=_("From"), widget=ClockInput())
    minutes = forms.TypedChoiceField(label=_("How long"), choices=LENGTHS, coerce=int, initial=45)

    def __init__(self, *args: Any, zone: ZoneInfo | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone or timezone.get_current_timezone()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("day") and data.get("starts") is not None:
            local = datetime.combine(data["day"], data["starts"], self.zone)
            moment = local.astimezone(clock.now().tzinfo)
            if moment.astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                self.add_error(
                    "starts", _("The clocks are put forward then: this time does not exist.")
                )
            data["starts_at"] = moment
            if data.get("minutes"):
                data["ends_at"] = moment + timedelta(minutes=data["minutes"])
        return data


class ModeField(forms.ChoiceField):
    """How people meet, as large targets."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("How"))
        super().__init__(choices=Mode.choices, widget=forms.RadioSelect, **kwargs)


class ProposeForm(MomentForm):
    """A time outside the published hours."""

    # Names what is sent: the same form sent twice is one of it.
    key = forms.CharField(widget=forms.HiddenInput, initial=new_key, max_length=12, required=False)
    despite = forms.BooleanField(required=False, widget=forms.HiddenInput)
    mode = ModeField(initial=Mode.IN_PERSON)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    video_link = forms.URLField(label=_("Video link"), required=False, assume_scheme="https")


class ReasonField(forms.ChoiceField):
    """Why a meeting is moved or cancelled, and who reads that."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [
            (reason, _("I would rather not say, or something else"))
            if reason == MeetingReason.OTHER
            else (reason, reason.label)
            for reason in MeetingReason
        ]
        super().__init__(
            label=_("Why"),
            choices=choices,
            widget=forms.RadioSelect,
            help_text=_(
                "The others read “Ward or duty” and “Lecture or exam”. Every other reason is shown "
                "to nobody: they only see that the meeting was moved or cancelled."
            ),
            **kwargs,
        )


class MoveForm(MomentForm):
    """Another time, and why."""

    despite = forms.BooleanField(required=False, widget=forms.HiddenInput)
    reason = ReasonField()


class ReasonForm(forms.Form):
    """Why a meeting is moved or cancelled."""

    reason = ReasonField()


class RecordForm(forms.Form):
    """What became of a meeting; who was there, in a group."""

    outcome = forms.ChoiceField(
        label=_("Did it take place?"), choices=Outcome.choices, widget=forms.RadioSelect
    )


class UnplannedForm(MomentForm):
    """A meeting that nobody had booked."""

    mode = ModeField(initial=Mode.IN_PERSON)
    present = forms.TypedMultipleChoiceField(
        label=_("Who was there?"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    despite_clash = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].choices = people  # type: ignore[attr-defined]
        self.fields["present"].initial = [pk for pk, _name in people]


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a mentor can be booked."""

    video_link = forms.URLField(
        label=_("Video link"),
        required=False,
        assume_scheme="https",
        help_text=_("Your usual room, such as https://…"),
    )

    class Meta:
        model = BookingPreferences
        fields = [
            "mode", "place", "video_link", "slot_minutes", "buffer_minutes", "notice_hours",
            "horizon_days", "max_per_day", "max_per_week",
        ]  # fmt: skip
        widgets = {"mode": forms.RadioSelect}
        help_texts = {
            "place": _("Where students find you, such as “Library, room 3”."),
            "notice_hours": _("Nobody can book you later than this before the meeting."),
            "horizon_days": _("How far ahead students see your hours."),
            "buffer_minutes": _("Minutes kept free before and after each meeting."),
            "max_per_day": _("Empty: no limit."),
            "max_per_week": _("Empty: no limit."),
        }

    def clean_slot_minutes(self) -> int:
        return self._within("slot_minutes", 10, 480)

    def clean_buffer_minutes(self) -> int:
        return self._within("buffer_minutes", 0, 120)

    def clean_notice_hours(self) -> int:
        return self._within("notice_hours", 0, 24 * 14)

    def clean_horizon_days(self) -> int:
        return self._within("horizon_days", 1, 180)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("mode") == Mode.VIDEO and not data.get("video_link"):
            self.add_error("video_link", _("Give the link of your video room."))
        return data

    def _within(self, field: str, low: int, high: int) -> int:
        value: int = self.cleaned_data[field]
        if not low <= value <= high:
            raise forms.ValidationError(
                _("Choose a number from %(low)d to %(high)d."), params={"low": low, "high": high}
            )
        return value


class HoursLine(forms.Form):
    """One line of weekly hours; an empty one is no line."""

    starts = forms.TimeField(required=False, widget=ClockInput(step=300))
    ends = forms.TimeField(required=False, widget=ClockInput(step=300))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        if (data.get("starts") is None) != (data.get("ends") is None):
            raise forms.ValidationError(_("Give both times, or none."))
        return data

    @property
    def span(self) -> tuple[time, time] | None:
        """From and to, if the line says something."""
        data = self.cleaned_data
        return (data["starts"], data["ends"]) if data.get("starts") is not None else None


class ExceptionForm(forms.Form):
    """Days off, or extra hours on one date."""

    kind = forms.ChoiceField(
        label=_("What"),
        choices=HoursException.Kind.choices,
        widget=forms.RadioSelect,
        initial=HoursException.Kind.OFF,
    )
    first = forms.DateField(label=_("Day"), widget=DayInput())
    last = forms.DateField(
        label=_("Until (if more than one day)"), widget=DayInput(), required=False
    )
    starts = forms.TimeField(label=_("From (empty: all day)"), widget=ClockInput(), required=False)
    ends = forms.TimeField(label=_("To"), widget=ClockInput(), required=False)


class MessageForm(forms.Form):
    """A message to the others of the mentorship."""

    # Names what is sent: the same form sent twice is one of it.
    key = forms.CharField(widget=forms.HiddenInput, initial=new_key, max_length=12, required=False)
    text = forms.CharField(
        label=_("Your message"),
        max_length=messages.MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ChangeForm(forms.Form):
    """“I would like another mentor”; a reason may be given, none is needed."""

    reason = forms.CharField(
        label=_("What should the coordinator know? (optional)"),
        required=False,
        max_length=change_requests.MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ConcernForm(forms.Form):
    """“Something is wrong”, to one named person."""

    recipient = forms.ModelChoiceField(
        label=_("Who shall read this?"),
        queryset=Enrollment.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    urgent = forms.BooleanField(
        label=_("It is urgent: tell this person at once, also at night"), required=False
    )
    text = forms.CharField(
        label=_("What is wrong?"),
        max_length=concerns.MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, recipients: QuerySet[Enrollment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["recipient"].queryset = recipients  # type: ignore[attr-defined]


class DiaryForm(forms.Form):
    """A diary entry, and which window it is saved from."""

    key = forms.CharField(max_length=12, widget=forms.HiddenInput())
    version = forms.IntegerField(min_value=0, initial=0, widget=forms.HiddenInput())
    tab = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput())
    turn = forms.IntegerField(min_value=1, initial=1, widget=forms.HiddenInput())
    meeting = forms.CharField(max_length=12, required=False, widget=forms.HiddenInput())
    day = forms.DateField(label=_("Day"), widget=DayInput())
    text = forms.CharField(
        label=_("Your entry"),
        required=False,
        strip=False,
        max_length=diaries.MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8, "class": "diary-text", "autocomplete": "off"}),
    )


class AudienceForm(forms.Form):
    """Who else may read one entry."""

    members = forms.BooleanField(required=False)
    supervisor = forms.BooleanField(required=False)
