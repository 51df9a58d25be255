"""The form that a coordinator designs, and the one that comes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.accounts.permissions import Role
from programs import asking
from programs.models import Question, QuestionKind

MOST_LETTERS = {QuestionKind.SHORT: 200, QuestionKind.LONG: 3000}


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """One question, as a coordinator writes it."""

    roles = forms.MultipleChoiceField(
        label=_("Asked of"), required=False, widget=forms.CheckboxSelectMultiple
    )
    options = forms.CharField(
        label=_("Choices"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One on each line. For one or several choices only."),
    )
    weight = forms.FloatField(
        label=_("Weight"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        help_text=_("Relative to the other criteria: 4 counts twice as much as 2."),
    )

    class Meta:
        model = Question
        fields = [
            "kind",
            "text",
            "mentor_text",
            "help_text",
            "options",
            "low",
            "high",
            "required",
            "roles",
            "reader",
            "use",
            "weight",
        ]

    def __init__(self, *args: Any, offered: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = self.fields["roles"]
        assert isinstance(roles, forms.MultipleChoiceField)  # noqa: S101
        roles.choices = [(role, Role(role).label) for role in offered]
        self.fields["text"].required = True
        self.fields["mentor_text"].help_text = _("Empty: mentors read the same words.")
        if isinstance(self.initial.get("options"), list):
            self.initial["options"] = "\n".join(self.initial["options"])
        self.initial["weight"] = f"{self.instance.weight:g}"

    def clean_options(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]

    def values(self) -> dict[str, Any]:
        """The checked fields, for the service."""
        return {name: self.cleaned_data[name] for name in self.fields}


def _field(question: Question, role: str) -> forms.Field:
    common: dict[str, Any] = {
        "label": asking.text_for(question, role),
        "required": question.required,
        "help_text": asking.help_for(question),
    }
    # What was chosen can be unchosen.
    open_: list[tuple[str, Any]] = [] if question.required else [("", _("No answer"))]
    match question.kind:
        case QuestionKind.ONE:
            choices = [*asking.choices_for(question, role), *open_]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        case QuestionKind.SEVERAL:
            return forms.MultipleChoiceField(
                choices=asking.choices_for(question, role),
                widget=forms.CheckboxSelectMultiple,
                **common,
            )
        case QuestionKind.YES_NO:
            choices = [("yes", _("Yes")), ("no", _("No")), *open_]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        case QuestionKind.SCALE:
            choices = [*((str(number), str(number)) for number in asking.SCALE), *open_]
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        case QuestionKind.NUMBER:
            number = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"})
            return forms.FloatField(min_value=-1e9, max_value=1e9, widget=number, **common)
        case kind:
            long = forms.Textarea(attrs={"rows": 4}) if kind == QuestionKind.LONG else None
            return forms.CharField(
                max_length=MOST_LETTERS[QuestionKind(kind)], widget=long, **common
            )


@dataclass(frozen=True)
class Entry:
    """A question on the page: its field, and who reads the answer."""

    question: Question
    field: forms.BoundField
    reader: str
    ends: tuple[str, str]

    @property
    def grouped(self) -> bool:
        """Whether it is a group of choices rather than one control."""
        return self.question.kind in {
            QuestionKind.ONE,
            QuestionKind.SEVERAL,
            QuestionKind.YES_NO,
            QuestionKind.SCALE,
        }

    @property
    def in_a_row(self) -> bool:
        return self.question.kind == QuestionKind.SCALE


class AnswersForm(forms.Form):
    """What a cohort asks of one role."""

    def __init__(
        self,
        *args: Any,
        questions: Iterable[Question],
        role: str,
        answers: Mapping[int, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.role = role
        self.questions = asking.asked_of(questions, role)
        for question in self.questions:
            self.fields[question.key] = _field(question, role)
            known = (answers or {}).get(question.pk)
            if known is not None:
                self.initial[question.key] = _shown(question, known)

    def add_prefix(self, field_name: str) -> str:
        """Beside the profile on one page: no question can take the name of one of its fields."""
        return f"q-{field_name}"

    def entries(self) -> list[Entry]:
        """The questions in order, for the template."""
        return [
            Entry(
                question,
                self[question.key],
                asking.reader_words(question, self.role),
                asking.ends_of(question),
            )
            for question in self.questions
        ]

    def answers(self) -> dict[Question, Any]:
        """The checked answers, as they are kept; what was left open is ``None``."""
        return {
            question: _kept(question, self.cleaned_data.get(question.key))
            for question in self.questions
        }


def _shown(question: Question, value: Any) -> Any:
    match question.kind:
        case QuestionKind.ONE:
            return value[0] if value else None
        case QuestionKind.YES_NO:
            return "yes" if value else "no"
        case _:
            return value


def _kept(question: Question, value: Any) -> Any:
    if value in (None, "", []):
        return None
    match question.kind:
        case QuestionKind.ONE:
            return [value]
        case QuestionKind.YES_NO:
            return value == "yes"
        case QuestionKind.SCALE:
            return int(value)
        case QuestionKind.NUMBER:
            return int(value) if value == int(value) else value
        case _:
            return value
