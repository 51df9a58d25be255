"""What happens to surveys by itself, each hour."""

from datetime import datetime

from evaluation.surveys import batches, mails, opening
from evaluation.surveys.models import Survey, SurveyState


def tick(now: datetime) -> None:
    """Open, write, take in and close what is due; twice, or at any moment, is the same as once."""
    opening.open_due(now)
    for survey in Survey.objects.filter(state=SurveyState.OPEN):
        if survey.closes_at <= now:
            batches.close(survey=survey)
        else:
            batches.take_in(survey=survey)
    mails.enqueue_due(now)
