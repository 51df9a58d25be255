from django.apps import AppConfig


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "meetings"

    def ready(self) -> None:
        from sessions import (  # noqa: F401, PLC0415 (register; models are not ready before)
            agreement_mails,
            jobs,
            links,
            meeting_mails,
            notifications,
            rules,
        )

        _answer_about_meetings()
        _answer_about_trainings()
        _answer_about_certificates()
        _answer_about_years()


def _answer_about_meetings() -> None:
    from mentoring import ports  # noqa: PLC0415
    from sessions import fit, history  # noqa: PLC0415
    from sessions import ports as answers  # noqa: PLC0415

    ports.HOME_CARDS.register(answers.home_cards)
    ports.HISTORY.register(history.about)
    ports.NAV.register(answers.nav)
    ports.COHORT_TABS.register(answers.cohort_tabs)
    ports.APPOINTMENTS.register(answers.appointments)
    ports.PERIODIC.register(answers.periodic)
    ports.FIRST_MEETINGS.register(answers.first_meetings)
    ports.FIT.register(fit.lines)
    ports.MEMBERSHIP_STARTED.register(answers.membership_started)
    ports.MEMBERSHIP_ENDED.register(answers.membership_ended)
    ports.PERSON_EXPORT.register(answers.person_export)
    ports.PERSON_ERASED.register(answers.person_erased)
    ports.LEAVING_OBSTACLES.register(answers.leaving_obstacles)


def _answer_about_trainings() -> None:
    from mentoring import ports  # noqa: PLC0415
    from sessions import before, training_readiness  # noqa: PLC0415
    from sessions import training_ports as trainings  # noqa: PLC0415

    ports.ACTIVATION_GATES.register(trainings.activation_gates)
    ports.HELD_BACK.register(before.held_back)
    # Before memberships end: dates are locked first, then the turns of people are taken.
    ports.ENROLLMENT_LEFT.register(trainings.enrollment_left, order=90)
    ports.READINESS.register(training_readiness.readiness, order=20)
    ports.COHORT_TABS.register(trainings.cohort_tabs)
    ports.HOME_CARDS.register(trainings.home_cards)
    ports.PERSON_CARDS.register(before.person_cards)
    ports.NAV.register(trainings.nav)
    ports.PERSON_EXPORT.register(trainings.person_export)
    ports.ENROLLMENT_COMPLETED.register(trainings.enrollments_completed, order=90)
    ports.PLACE_FACTS.register(trainings.place_facts)


def _answer_about_certificates() -> None:
    from mentoring import ports  # noqa: PLC0415
    from sessions import certificate_ports as certificates  # noqa: PLC0415

    ports.COHORT_TABS.register(certificates.cohort_tabs)
    ports.PLACE_FACTS.register(certificates.place_facts, order=200)
    ports.PERSON_PAGES.register(certificates.person_pages)
    ports.PERSON_EXPORT.register(certificates.person_export)
    ports.PERSON_ERASED.register(certificates.person_erased)


def _answer_about_years() -> None:
    from mentoring import ports  # noqa: PLC0415
    from sessions.services import years  # noqa: PLC0415

    # Before the places end: what was arranged with them is noted for an undo.
    ports.YEAR_ROLLED.register(years.rolled, order=50)
    ports.YEAR_OBSTACLES.register(years.obstacles)
    ports.YEAR_UNDONE.register(years.undone, order=200)
