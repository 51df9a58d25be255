from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "evaluation"
    label = "evaluation"

    def ready(self) -> None:
        from evaluation import jobs, links, notifications, rules  # noqa: F401, PLC0415 (they register)
        from evaluation.ports import register  # noqa: PLC0415 (models are not ready before)
        from evaluation.surveys import mails  # noqa: F401, PLC0415 (it registers)

        register()
