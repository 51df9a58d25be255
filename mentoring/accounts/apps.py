from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "mentoring.accounts"
    label = "accounts"

    def ready(self) -> None:
        from mentoring.accounts import notifications  # noqa: F401, PLC0415 (registers)
