"""`manage.py heartbeat worker`: exit code 0 if that part has shown itself lately."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mentoring import clock
from mentoring.ops.doctor import HEARTBEAT_LATE
from mentoring.outbox.models import Heartbeat


class Command(BaseCommand):
    help = "Says whether beat or worker has shown itself in the last two minutes."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=["beat", "worker"])

    def handle(self, **options: Any) -> None:
        at = Heartbeat.objects.filter(name=options["name"]).values_list("at", flat=True).first()
        if at is None or clock.now() - at > HEARTBEAT_LATE:
            raise CommandError(f"{options['name']} has not shown itself lately.")
