"""The Celery application: broker from the settings, tasks from every app's ``tasks.py``."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from mentoring.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")

app = Celery("mentoring")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def follow_parent(**kwargs: Any) -> None:  # noqa: ARG001 - the signal's arguments
    """A pool process must not outlive its worker: it would go on with claimed work."""
    die_with_parent()
