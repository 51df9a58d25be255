"""How fast mails leave the outbox into the mail folder, on SQLite."""

import os
import tempfile
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from time import perf_counter
from typing import Any

MAILS, PEOPLE = 5_000, 100


def measure() -> Iterator[dict[str, Any]]:
    """Queue and deliver mails with their templates, links and headers."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(DATA_DIR=folder, TASKS_EAGER="1")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mentoring.settings")
        import django

        django.setup()
        yield _play()


def _play() -> dict[str, Any]:
    from django.conf import settings
    from django.core.management import call_command

    from mentoring import outbox
    from mentoring.accounts.models import User

    settings.TEMPLATES[0]["DIRS"].append(Path(__file__).parent / "templates")
    call_command("migrate", verbosity=0)

    @outbox.kind("bench", title="Bench")
    def build(note: outbox.Notification) -> outbox.Mail:
        person = User.objects.get(pk=note.recipient_id)  # as builders do: read the facts now
        return outbox.Mail({"name": person.full_name})

    people = [
        User.objects.create(email=f"p{n}@example.edu", quiet_from=time(0), quiet_until=time(0))
        for n in range(PEOPLE)
    ]
    started = perf_counter()
    for number in range(MAILS):
        outbox.enqueue(kind="bench", recipient=people[number % PEOPLE], dedupe_key=str(number))
    queued = perf_counter()
    sent = outbox.deliver_due().sent
    done = perf_counter()
    return {
        "mails": sent,
        "enqueue_ms": 1000 * (queued - started) / MAILS,
        "deliver_ms": 1000 * (done - queued) / sent,
        "mails_per_second": sent / (done - queued),
    }
