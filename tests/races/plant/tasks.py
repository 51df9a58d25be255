"""What the two beats of a kill test start, over and over."""

import os
import signal
import time

from celery import shared_task
from django.db import transaction

from mentoring import jobs, outbox
from mentoring.accounts.models import User
from mentoring.ports import Periodic

MAILS_EACH = int(os.environ.get("PLANT_MAILS_EACH", "30"))


def periodic():
    return [
        Periodic("derive", "plant.derive", 1),
        Periodic("deliver more often", "outbox.deliver", 1),
        Periodic("resume more often", "jobs.resume", 2),
        Periodic("surveys more often", "evaluation.surveys", 1),
    ]


@shared_task(name="plant.derive")
def derive() -> None:
    """Queue whatever is not queued yet, as reminders are: by looking, not by remembering."""
    for user in User.objects.order_by("pk"):
        outbox.enqueue_many(
            outbox.Draft(
                kind="plant_probe",
                recipient=user,
                dedupe_key=f"plant:{user.pk}:{number}",
                context={"number": number},
            )
            for number in range(MAILS_EACH)
        )


@outbox.kind("plant_probe", title="Probe", mutable=False)
def build(note):
    time.sleep(0.01)  # as long as a builder's queries, so that a kill hits in mid-batch
    return outbox.Mail({"key": note.dedupe_key})


@jobs.handler("plant.deadly", title="Deadly work")
def deadly(job, progress):
    """Leaves one person behind; the first worker dies before its transaction ends."""
    with transaction.atomic():
        User.objects.create(email=f"job{job.pk}@example.edu")
        progress(1, 2)
        if job.attempts == 1:
            for pid in (os.getppid(), os.getpid()):
                os.kill(pid, signal.SIGKILL)
    return {"attempt": job.attempts}
