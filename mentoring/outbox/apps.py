from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "mentoring.outbox"
    label = "outbox"

    def ready(self) -> None:
        from mentoring import ports  # noqa: PLC0415 - models are not ready before
        from mentoring.outbox import notifications  # noqa: F401, PLC0415
        from mentoring.outbox.ports import erase, export, periodic  # noqa: PLC0415

        ports.PERIODIC.register(periodic)
        ports.PERSON_EXPORT.register(export)
        ports.PERSON_ERASED.register(erase)
