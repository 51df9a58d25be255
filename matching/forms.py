"""What people may say on the pages of matching. Forms check; services write."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.judging import PROFILE
from matching.models import EndReason, MatchRun, Membership, Mentorship, PairRule
from matching.presenters import PROCEDURES
from matching.reasons import CRITERIA
from matching.services.runs import MOST_SEED
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from programs.forms.fields import date_input
from programs.models import Cohort, Enrollment

MOST_WEIGHT = 100
COMPUTED = [one for one in MatchRun.Procedure.choices if one[0] != MatchRun.Procedure.EXPERT]


class StartForm(forms.Form):
    """A procedure, what counts how much, and what a pair must share."""

    procedure = forms.ChoiceField(label=_("Procedure"), choices=COMPUTED, widget=forms.RadioSelect)
    seed = forms.IntegerField(
        label=_("Seed"),
        required=False,
        min_value=0,
        max_value=MOST_SEED,
        help_text=_("Decides ties and chance. Empty: drawn, and kept with the run."),
    )

    leave_untrained = forms.BooleanField(
        label=_("Leave them out of this run"),
        required=False,
        help_text=_("They are matched in a later run, once they have attended it."),
    )

    def __init__(
        self,
        *args: Any,
        asked: Iterable[tuple[str, str]] = (),
        pairs: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not pairs:
            # Without pairs there is nothing to be changed.
            field: Any = self.fields["procedure"]
            field.choices = [one for one in field.choices if one[0] != MatchRun.Procedure.KEEPING]
        # A question of ours has its criterion's name, as everywhere in matching.
        labels = {str(one): cast("str", CRITERIA[one]) for one in PROFILE}
        labels |= {name: cast("str", CRITERIA.get(name, text)) for name, text in asked}
        self.criteria = list(labels)
        for name in labels:
            self.initial.setdefault(f"weight_{name}", "0")
        for criterion, label in labels.items():
            self.fields[f"weight_{criterion}"] = forms.FloatField(
                label=label,
                required=False,
                min_value=0,
                max_value=MOST_WEIGHT,
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )
            self.fields[f"must_{criterion}"] = forms.BooleanField(required=False)

    @staticmethod
    def initial_for(
        procedure: str, weights: dict[str, float], required: list[str]
    ) -> dict[str, Any]:
        """Initial values from a program, or from an earlier run."""
        found: dict[str, Any] = {"procedure": procedure}
        for criterion in {*map(str, PROFILE), *weights, *required}:
            found[f"weight_{criterion}"] = f"{weights.get(criterion, 0):g}"
            found[f"must_{criterion}"] = criterion in required
        return found

    def weights(self) -> dict[str, float]:
        """What counts, without what does not."""
        found = {c: self.cleaned_data[f"weight_{c}"] for c in self.criteria}
        return {name: weight for name, weight in found.items() if weight}

    def required(self) -> list[str]:
        return [c for c in self.criteria if self.cleaned_data[f"must_{c}"]]

    def criteria_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Weight and must of each criterion, for the template."""
        return [(self[f"weight_{c}"], self[f"must_{c}"]) for c in self.criteria]

    def procedure_rows(self) -> list[tuple[Any, Any]]:
        """Each radio button with what the procedure does."""
        return [(radio, PROCEDURES[radio.data["value"]]) for radio in self["procedure"]]


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A select of people of a cohort, by name."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.family_name}, {obj.person.given_name}".strip(", ") or obj.person.email


def people(cohort: Cohort, *roles: Role) -> Any:
    """Who takes part in one of these roles, by name."""
    return (
        Enrollment.objects.filter(cohort=cohort, role__in=roles, state__in=Enrollment.PRESENT)
        .select_related("person")
        .order_by("person__family_name", "person__given_name", "pk")
    )


class RuleForm(forms.Form):
    """A rule about one student and one mentor."""

    student = PersonChoice(label=_("Student"), queryset=None, to_field_name="key")
    kind = forms.ChoiceField(label=_("Rule"), choices=PairRule.Kind.choices)
    mentor = PersonChoice(label=_("Mentor"), queryset=None, to_field_name="key")

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["student"].queryset = people(cohort, Role.STUDENT)  # type: ignore[attr-defined]
        self.fields["mentor"].queryset = people(cohort, *MENTOR_ROLES)  # type: ignore[attr-defined]


class NameForm(forms.Form):
    """By what name a group goes."""

    name = forms.CharField(
        label=_("Name of the group"),
        max_length=100,
        required=False,
        help_text=_("Empty: the names of its people."),
    )


class LeaderForm(forms.Form):
    """Who mentors beside those who do."""

    leader = PersonChoice(label=_("Mentor"), queryset=None, to_field_name="key")

    def __init__(self, *args: Any, mentorship: Mentorship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = Membership.objects.filter(mentorship=mentorship, ended_at=None)
        rows = people(mentorship.cohort, *MENTOR_ROLES).exclude(person__in=there.values("person"))
        self.fields["leader"].queryset = rows  # type: ignore[attr-defined]


class StandInForm(forms.Form):
    """Who stands in for whom, and on which days."""

    absent = PersonChoice(label=_("Who is away"), queryset=None, to_field_name="key")
    starts = forms.DateField(label=_("First day"), widget=date_input())
    ends = forms.DateField(label=_("Last day"), widget=date_input())
    enrollment = PersonChoice(label=_("Who stands in"), queryset=None, to_field_name="key")

    def __init__(self, *args: Any, mentorship: Mentorship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = Membership.objects.filter(
            mentorship=mentorship, ended_at=None, ends_at=None, role__in=MENTOR_ROLES
        )
        everyone = Enrollment.objects.filter(cohort=mentorship.cohort).select_related("person")
        absent = everyone.filter(pk__in=there.values("enrollment"))
        self.fields["absent"].queryset = absent  # type: ignore[attr-defined]
        rows = people(mentorship.cohort, *MENTOR_ROLES)
        self.fields["enrollment"].queryset = rows  # type: ignore[attr-defined]
        if not self.initial.get("absent") and len(absent) == 1:
            self.initial["absent"] = absent[0].key

    def days(self, initial: Mapping[str, Any]) -> tuple[date, date]:
        """The days asked about, as far as they make sense; else the proposed ones."""
        said = getattr(self, "cleaned_data", {})
        starts, ends = said.get("starts"), said.get("ends")
        return (starts, ends) if starts and ends else (initial["starts"], initial["ends"])


class NoteForm(forms.Form):
    """A note from a talk."""

    text = forms.CharField(
        label=_("From the talk"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Coordinators of this cohort read it, and the person herself in her data. Keep to what "
            "helps to find a mentor."
        ),
    )


class ReasonForm(forms.Form):
    """Why a mentorship ends: never whose fault."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[one for one in EndReason.choices if one[0] != EndReason.UNDONE],
        help_text=_("Neither side is told. No reason blames anybody."),
    )
