from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"
    label = "matching"

    def ready(self) -> None:
        from matching import history, jobs, notifications, ports, rules  # noqa: F401, PLC0415 (they register)  # noqa: PLC0415 (models are not ready before)
        from matching.services.mentorships import enrollment_left  # noqa: PLC0415
        from mentoring.ports import (  # noqa: PLC0415
            COHORT_TABS,
            ENROLLMENT_LEFT,
            HISTORY,
            HOME_CARDS,
            PERSON_ERASED,
            PERSON_EXPORT,
            SIMULATED_FIGURES,
        )

        COHORT_TABS.register(ports.tabs)
        ENROLLMENT_LEFT.register(enrollment_left)
        HOME_CARDS.register(ports.cards)
        HISTORY.register(history.about)
        PERSON_ERASED.register(ports.erase)
        PERSON_EXPORT.register(ports.export)
        SIMULATED_FIGURES.register(ports.figures)
