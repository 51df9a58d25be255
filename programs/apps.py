from django.apps import AppConfig


class ProgramsConfig(AppConfig):
    name = "programs"
    label = "programs"

    def ready(self) -> None:
        from mentoring import ports  # noqa: PLC0415 (models are not ready before)
        from programs import (  # noqa: F401, PLC0415 (register)
            home,
            links,
            notifications,
            notifications_policies,
            notifications_years,
            readiness,
            rules,
            tasks,
        )
        from programs.policy_ports import activation_gates  # noqa: PLC0415
        from programs.ports import erase, export, levels, periodic, roles, tabs  # noqa: PLC0415

        ports.HOME_CARDS.register(home.cards, order=10)
        ports.NAV.register(home.nav, order=10)
        ports.READINESS.register(readiness.items, order=10)
        ports.COHORT_TABS.register(tabs, order=10)
        ports.ACTIVATION_GATES.register(activation_gates, order=10)
        ports.PERIODIC.register(periodic)
        ports.CONFIDENTIALITY.register(levels)
        ports.ROLES.register(roles)
        ports.PERSON_EXPORT.register(export)
        # First: what this ends is told to partners, and nothing more to her.
        ports.PERSON_ERASED.register(erase, order=10)
