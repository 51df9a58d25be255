"""What surveys answer to the ports; ``evaluation.ports`` passes it on."""

from collections.abc import Iterable
from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from evaluation.surveys import answering, opening, results
from evaluation.surveys.instruments import NEEDS
from evaluation.surveys.models import Survey, SurveyInvitation, SurveyState
from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.ports import Card, ReadinessItem, Tab
from programs.models import Cohort

HOMES: dict[str, Literal["student", "mentor", "coordinator"]] = {
    "student": "student",
    "mentor": "mentor",
    "staff": "coordinator",
}
# When what people need should have been asked.
ASKED = 35


def readiness(cohort: Cohort) -> Iterable[ReadinessItem]:
    """Whether people were asked what they need, before the program is what it is. Advice."""
    if cohort.state in opening.UNDER_WAY or cohort.is_over:
        return
    asked = [s for s in cohort.surveys.all() if any(p.startswith(NEEDS) for p in s.instruments)]
    url = reverse("evaluation:surveys", args=[cohort.key])
    sent = [one for one in asked if one.state != SurveyState.SCHEDULED]
    yield ReadinessItem(
        slug="needs",
        title=_("People were asked what they need"),
        state="green" if sent else "amber",
        detail=_("It was sent; what they said stands on its page.")
        if sent
        else _("A three-minute anonymous survey shows what the program should give."),
        url=url if sent else reverse("evaluation:new_survey", args=[cohort.key]),
        action="" if sent else _("Ask them"),
        must=False,
        order=ASKED,
    )


def tabs(user: User, cohort: Cohort) -> Iterable[Tab]:
    """The surveys, for those who may see their results, once there are any or will be."""
    if not access.can(user, Permission.VIEW_SURVEYS, cohort):
        return []
    early = not access.can(user, Permission.MANAGE_SURVEYS, cohort)
    if early and cohort.state not in opening.UNDER_WAY and not cohort.surveys.exists():
        return []
    url = reverse("evaluation:surveys", args=[cohort.key])
    return [Tab("surveys", _("Surveys"), url, order=50, under="/surveys/")]


def home_cards(user: User) -> Iterable[Card]:
    """A card for each open survey that this person has not answered yet."""
    for survey in answering.open_for(user):
        side = HOMES[survey.side]
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
