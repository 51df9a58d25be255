from django.apps import AppConfig


class PlantConfig(AppConfig):
    name = "tests.races.plant"
    label = "plant"

    def ready(self) -> None:
        from mentoring import ports
        from mentoring.jobs import live
        from tests.races.plant import tasks

        # A dead worker is noticed sooner than in the product, to keep the tests short.
        live.ALIVE_SECONDS, live.RENEW_SECONDS = 4, 1
        ports.PERIODIC.register(tasks.periodic)
