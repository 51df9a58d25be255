from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"
    label = "matching"

    def ready(self) -> None:
        from matching import (  # noqa: F401, PLC0415 (they register, and models are not ready before)
            erasing,
            exporting,
            history,
            jobs,
            links,
            notifications,
            notifications_choosing,
            notifications_years,
            ports,
            rules,
        )
        from matching.services import finishing, stand_ins, years  # noqa: PLC0415
        from matching.services.mentorships import enrollment_left  # noqa: PLC0415
        from mentoring import ports as all_ports  # noqa: PLC0415
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
        PERSON_ERASED.register(erasing.erase)
        PERSON_EXPORT.register(exporting.export)
        SIMULATED_FIGURES.register(ports.figures)
        all_ports.PLACE_FACTS.register(ports.place_facts)
        all_ports.PERIODIC.register(ports.periodic)
        all_ports.ENROLLMENT_COMPLETED.register(finishing.enrollments_completed)
        all_ports.ENROLLMENT_REOPENED.register(finishing.enrollments_reopened)
        all_ports.ABSENCE_ENDED.register(stand_ins.absence_ended)
        all_ports.YEAR_TIMES_UP.register(years.times_up_in)
        all_ports.YEAR_LINES.register(years.lines)
        all_ports.YEAR_ROLLED.register(years.rolled)
        all_ports.YEAR_OBSTACLES.register(years.obstacles)
        all_ports.YEAR_UNDONE.register(years.undone)
