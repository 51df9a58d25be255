"""What surveys answer to the ports; ``evaluation.ports`` passes it on."""

from collections.abc import Iterable
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.surveys import answering, opening, results
from evaluation.surveys.models import Survey, SurveyInvitation, SurveyState
from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.ports import Card, Tab
from programs.models import Cohort


def tabs(user: User, cohort: Cohort) -> Iterable[Tab]:
    """The surveys, for those who may see their results, once there are any or will be."""
    if not access.can(user, Permission.VIEW_SURVEYS, cohort):
        return []
    if cohort.state not in opening.UNDER_WAY and not cohort.surveys.exists():
        return []
    url = reverse("evaluation:surveys", args=[cohort.key])
    return [Tab("surveys", _("Surveys"), url, order=50, under="/surveys/")]


def home_cards(user: User) -> Iterable[Card]:
    """A card for each open survey that this person has not answered yet."""
    for survey in answering.open_for(user):
        side: Literal["student", "mentor"] = "student" if survey.side == "student" else "mentor"
        context = {"survey": survey, "url": reverse("evaluation:answer", args=[survey.key])}
        yield Card(f"survey-{survey.key}", side, 15, "evaluation/surveys/home.html", context)


def export(user: User) -> dict[str, Any]:
    """In which surveys she was asked. Her answers are not found by anybody, so not by us."""
    rows = SurveyInvitation.objects.filter(person=user).select_related("survey").order_by("pk")
    return {
        "surveys": [
            {
                "title": row.survey.title,
                "asked_at": row.survey.opens_at,
                "answered": row.answered
                or (
                    row.survey.state == SurveyState.OPEN
                    and answering.has_answered(row.survey, user)
                ),
                "answers": "kept without a name; nobody can tell which are yours",
            }
            for row in rows
        ]
    }


def figures(cohort: Cohort) -> dict[str, Any]:
    """Asked, answered and the rate of each survey that was sent."""
    sent = Survey.objects.filter(cohort=cohort).exclude(state=SurveyState.SCHEDULED)
    found = {
        slug: {"sent": invited, "answered": answered, "rate": round(answered / invited, 4)}
        for slug, (invited, answered) in results.entered(sent).items()
    }
    return {"surveys": found} if found else {}
