from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "meetings"

    def ready(self) -> None:
        from sessions import rules  # noqa: F401, PLC0415 (registers)
