from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"
    label = "programs"

    def ready(self) -> None:
        from programs import rules  # noqa: F401, PLC0415 (registers)
