from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "mentoring.jobs"
    label = "jobs"

    def ready(self) -> None:
        from mentoring import ports  # noqa: PLC0415 - models are not ready before
        from mentoring.jobs.ports import periodic  # noqa: PLC0415

        ports.PERIODIC.register(periodic)
