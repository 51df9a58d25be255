from django.apps import AppConfig


class PlantConfig(AppConfig):
    name = "tests.races.plant"
    label = "plant"

    def ready(self) -> None:
        from mentoring import ports
        from tests.races.plant import tasks

        ports.PERIODIC.register(tasks.periodic)
