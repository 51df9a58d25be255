"""What can be tried on a finished run. Forms check; services write."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from matching.forms import COMPUTED, StartForm, people
from matching.models import MatchRun
from matching.services.trying import MARKED, NONE, Mark, Marked
from mentoring.accounts.permissions import MENTOR_ROLES, Role

Said = tuple[str, str, str]


class MarksField(forms.Field):
    """Lines of ``kind:student:mentor`` with keys; empty ones say nothing, a pair's last counts."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[Said]:
        found: dict[tuple[str, str], Said] = {}
        for line in filter(None, value or []):
            kind, _colon, pair = str(line).partition(":")
            student, colon, mentor = pair.partition(":")
            if kind not in {*MARKED, NONE} or not (student and colon and mentor):
                raise ValidationError(_("There is no such rule."))
            found[student, mentor] = (kind, student, mentor)
        return list(found.values())


class TryForm(StartForm):
    """A procedure, weights, and pairs to be kept together or apart."""

    procedure = forms.ChoiceField(label=_("Procedure"), choices=COMPUTED)
    seed = None  # type: ignore[assignment]  # the run's own
    leave_untrained = None  # type: ignore[assignment]  # as in the run
    mark = MarksField(required=False)

    def __init__(
        self, *args: Any, run: MatchRun, asked: Iterable[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, asked=asked, pairs=False, **kwargs)
        self.run = run
        for name in self.criteria:
            del self.fields[f"must_{name}"]

    @staticmethod
    def initial_of(procedure: str, weights: dict[str, float]) -> dict[str, Any]:
        """Initial values from a run, or from what was tried last."""
        found = {f"weight_{name}": f"{weight:g}" for name, weight in weights.items()}
        return {"procedure": procedure, **found}

    def clean_mark(self) -> list[Marked]:
        said: list[Said] = self.cleaned_data["mark"]
        keys = {key for _kind, student, mentor in said for key in (student, mentor)}
        rows = people(self.run.cohort, Role.STUDENT, *MENTOR_ROLES).filter(key__in=keys)
        found = {row.key: row for row in rows}
        if set(found) != keys:
            raise ValidationError(_("Somebody of a marked pair has left the cohort."))
        return [Marked(kind, found[student], found[mentor]) for kind, student, mentor in said]

    def marked(self) -> list[Marked]:
        """The pairs marked so far, whatever else may be wrong."""
        found: list[Marked] = self.cleaned_data.get("mark", [])
        return found

    def marks(self) -> list[Mark]:
        return [one.mark for one in self.marked()]

    def weight_rows(self) -> list[tuple[forms.BoundField, str]]:
        """Each weight with what it is in the run."""
        now = self.run.weights
        return [(self[f"weight_{c}"], f"{now.get(c, 0):g}") for c in self.criteria]
