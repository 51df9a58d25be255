"""Addresses of ``evaluation``."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from evaluation.models import Flag, Report, Survey
from evaluation.reports import figures
from evaluation.surveys import audience, instruments, mails
from mentoring import clock
from tests.access.expectation import COORDINATORS, EVERYBODY, Expect, cohort_page


def flag_in(where: str) -> Callable[[Any], dict[str, Any]]:
    """A flag about that cohort's pair."""

    def args(world: Any) -> dict[str, Any]:
        pair = getattr(world, where)
        flag, _ = Flag.objects.get_or_create(
            cohort=pair.cohort,
            rule="never-met",
            subject=f"mentorship:{pair.pk}",
            defaults={
                "severity": "warning",
                "mentorship": pair,
                "occurrence": "2021-09-06",
                "since": clock.now(),
            },
        )
        return {"key": flag.key}

    return args


def rule_of(where: str) -> Callable[[Any], dict[str, Any]]:
    return lambda world: {"cohort": getattr(world, where).key, "rule": "never-met"}


def flag_page(**more: Any) -> Expect:
    """A page or act about a flag: for the coordinator of its cohort alone."""
    return Expect(
        COORDINATORS,
        args=flag_in("mentorship"),
        elsewhere=flag_in("elsewhere"),
        allowed_elsewhere={"other_coordinator"},
        **more,
    )


READERS = frozenset({"coordinator", "program_lead", "evaluator"})


def report_in(where: str, **more: str) -> Callable[[Any], dict[str, Any]]:
    """A report that was issued of that cohort."""

    def args(world: Any) -> dict[str, Any]:
        report, _ = Report.objects.get_or_create(
            cohort=getattr(world, where),
            as_of=date(2021, 10, 17),
            defaults={
                "definitions": figures.DEFINITIONS,
                "figures": figures.collect(getattr(world, where), date(2021, 10, 17)),
            },
        )
        return {"key": report.key, **more}

    return args


def report_page(args: dict[str, str] | None = None, **more: Any) -> Expect:
    """A page or file of an issued report: for its readers."""
    return Expect(
        READERS,
        args=report_in("cohort", **(args or {})),
        elsewhere=report_in("other", **(args or {})),
        allowed_elsewhere={"other_coordinator"},
        **more,
    )


# Surveys ------------------------------------------------------------------------------------------
SURVEY_READERS = frozenset({"coordinator", "program_lead", "evaluator"})
ASKED = frozenset({"student", "former_member", "fellow_student"})


def survey_in(where: str) -> Callable[[Any], dict[str, Any]]:
    """An open survey of that cohort's students."""

    def args(world: Any) -> dict[str, Any]:
        place = getattr(world, where)
        survey, created = Survey.objects.get_or_create(
            cohort=place,
            occurrence="hand:access",
            defaults={
                "slug": "access",
                "title": "Survey",
                "side": "student",
                "instruments": instruments.questionnaire([], "student"),
                "state": "open",
                "opens_at": clock.now(),
                "closes_at": clock.now() + timedelta(days=21),
            },
        )
        if created:
            for row in audience.eligible(place, "student"):
                survey.invitations.create(person=row.person)
        return {"key": survey.key}

    return args


def survey_page(allowed: Any = COORDINATORS, **more: Any) -> Expect:
    more.setdefault("allowed_elsewhere", {"other_coordinator"})
    return Expect(allowed, args=survey_in("cohort"), elsewhere=survey_in("other"), **more)


def own_link(world: Any) -> dict[str, Any]:
    """The link in the student's mail: whoever holds it may open it."""
    survey = Survey.objects.get(key=survey_in("cohort")(world)["key"])
    return {"token": mails.token(survey, world.people["student"])}


EXPECTATIONS: dict[str, Expect] = {
    "evaluation:surveys": cohort_page(SURVEY_READERS),
    "evaluation:new_survey": cohort_page(),
    "evaluation:preview_survey": cohort_page(
        SURVEY_READERS, data={"side": "student", "instruments": "needs-pulse"}
    ),
    "evaluation:survey": survey_page(SURVEY_READERS),
    "evaluation:close_survey": survey_page(method="post"),
    "evaluation:take_back_survey": survey_page(method="post"),
    "evaluation:answer": survey_page(ASKED, allowed_elsewhere={"other_student"}),
    "evaluation:answer_link": Expect(EVERYBODY, args=own_link),
    "evaluation:take_answer": Expect(EVERYBODY, method="post"),
    "evaluation:answered": Expect(EVERYBODY),
    "evaluation:board": cohort_page(),
    "evaluation:pairs": cohort_page(),
    "evaluation:people": cohort_page(),
    "evaluation:flags": cohort_page(),
    "evaluation:rules": cohort_page(),
    "evaluation:set_rule": Expect(
        COORDINATORS,
        args=rule_of("cohort"),
        elsewhere=rule_of("other"),
        allowed_elsewhere={"other_coordinator"},
        method="post",
    ),
    "evaluation:write": cohort_page(),
    "evaluation:flag": flag_page(),
    "evaluation:acknowledge": flag_page(method="post"),
    "evaluation:snooze": flag_page(method="post"),
    "evaluation:note": flag_page(method="post"),
    "evaluation:reopen": flag_page(method="post"),
    "evaluation:dismiss": flag_page(method="post"),
    "evaluation:report": cohort_page(READERS),
    "evaluation:issue_report": cohort_page(method="post"),
    "evaluation:issued_report": report_page(),
    "evaluation:report_csv": report_page(),
    "evaluation:report_json": report_page(),
    "evaluation:order_report_pdf": report_page(method="post", data={"paper": "a4"}),
    "evaluation:report_pdf": report_page({"paper": "a4"}),
}
