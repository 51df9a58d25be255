"""What beat starts for mentorships."""

from celery import shared_task

from matching.services import choosing, stand_ins


@shared_task(name="matching.stand_ins")
def follow_calendar() -> int:
    """Begin and end stand-ins that are due; safe to run twice and at any moment."""
    return stand_ins.follow_calendar()


@shared_task(name="matching.choosing")
def follow_choosing() -> int:
    """Move requests on and hand over who found nobody; safe to run twice and at any moment."""
    return choosing.follow()
