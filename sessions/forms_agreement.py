"""Forms for agreements and goals. They validate and never save."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sessions import agreement_terms as terms
from sessions.agreement_terms import Terms
from sessions.forms import DayInput
from sessions.models import ContactChannel, Driver, GoalHorizon, GoalState, Rhythm
from sessions.services import goals

_OFTEN = [
    *((f"{Rhythm.WEEKS}-{n}", terms.often(Rhythm.WEEKS, n)) for n in terms.EVERY_WEEKS),
    *((f"{Rhythm.MONTH}-{n}", terms.often(Rhythm.MONTH, n)) for n in terms.A_MONTH),
    (f"{Rhythm.OPEN}-0", terms.often(Rhythm.OPEN, 0)),
]
PERCENTS = [(n, f"{n} %") for n in range(0, 101, 10)]


def _number(label: Any, numbers: tuple[int, ...], word: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=[(n, word(n)) for n in numbers], coerce=int)


class AgreementForm(forms.Form):
    """Ten questions, each with an answer suggested: two minutes on a phone."""

    often = forms.ChoiceField(label=_("How often do we meet?"), choices=_OFTEN)
    minutes = _number(_("For how long?"), terms.MINUTES, terms.minutes)
    contact_weeks = _number(_("In touch between meetings"), terms.CONTACT_WEEKS, terms.contact)
    channels = forms.MultipleChoiceField(
        label=_("How do we reach each other?"),
        choices=ContactChannel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    answer_days = _number(_("How soon do we answer?"), terms.ANSWER_DAYS, terms.answer)
    notice_hours = _number(
        _("How long before do we call off a meeting?"), terms.NOTICE_HOURS, terms.notice
    )
    driver = forms.ChoiceField(
        label=_("Who proposes times and topics?"),
        choices=Driver.choices,
        widget=forms.RadioSelect,
    )
    check_in_weeks = _number(
        _("When do we look at how it goes?"), terms.CHECK_IN_WEEKS, terms.check_in
    )
    end_days = _number(_("How can either of us end it?"), terms.END_DAYS, terms.ending)
    aims = forms.CharField(
        label=_("What do we want to reach?"),
        required=False,
        max_length=terms.MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A sentence or two, if you like. Only the two sides read it."),
    )
    confidentiality = forms.CharField(
        label=_("Confidentiality: anything to add or to except?"),
        required=False,
        max_length=terms.MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=terms.CONFIDENTIAL,
    )

    @staticmethod
    def starting(said: Terms) -> dict[str, Any]:
        """The form's first answers."""
        answers = {**said.facts, "often": f"{said.rhythm}-{said.every}"}
        return answers | {name: getattr(said, name) for name in terms.WORDS}

    def terms(self) -> Terms:
        """What a valid form says."""
        data = dict(self.cleaned_data)
        rhythm, every = data.pop("often").split("-")
        channels = tuple(data.pop("channels"))
        return Terms(rhythm=rhythm, every=int(every), channels=channels, **data)


class GoalForm(forms.Form):
    """One goal."""

    title = forms.CharField(
        label=_("What do we want to reach?"),
        max_length=goals.MAX_TITLE,
        help_text=_("Small enough to see it happen. Only the members of the mentorship read it."),
    )
    horizon = forms.ChoiceField(
        label=_("By when, roughly?"),
        choices=GoalHorizon.choices,
        widget=forms.RadioSelect,
        initial=GoalHorizon.SHORT,
    )
    due_on = forms.DateField(
        label=_("On a day, if there is one"), widget=DayInput(), required=False
    )


class ProgressForm(forms.Form):
    """How far a goal has come."""

    percent = forms.TypedChoiceField(label=_("How far are we?"), choices=PERCENTS, coerce=int)


class SettleForm(forms.Form):
    """Reached, let go, or taken up again."""

    state = forms.ChoiceField(choices=GoalState.choices)
    reason = forms.CharField(
        label=_("Why, if you want to say"),
        required=False,
        max_length=goals.MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
