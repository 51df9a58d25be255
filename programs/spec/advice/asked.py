"""What is asked of people and cannot be met, and surveys too small to show anything."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from programs.spec.advice.base import SMALLEST, Plan, Remark, weeks_in
from programs.spec.base import MENTORING_ROLES
from programs.spec.document import ProgramSpec
from programs.spec.support import Requirement


def asked(spec: ProgramSpec) -> Iterator[Remark]:
    for index, part in enumerate(spec.requirements):
        path = f"requirements[{index}]"
        yield from _in_time(spec, part, path)
        seated = {*spec.roles, "supervisor", "coordinator"}
        if part.role not in seated:
            yield Remark(
                f"{path}.role",
                "impossible",
                _("It is asked of a role that nobody has in this program."),
            )
        if part.kind == "attendance" and part.share and not spec.meeting_rules():
            yield Remark(
                f"{path}.share",
                "impossible",
                _("A share of meetings is asked, but no meetings are planned."),
            )
    for index, incentive in enumerate(spec.incentives):
        needs = set(incentive.needs)
        optional = [p.slug for p in spec.requirements if p.slug in needs and not p.mandatory]
        if optional:
            yield Remark(
                f"incentives[{index}].needs",
                "unwise",
                _("It depends on something that is voluntary: %(names)s.")
                % {"names": ", ".join(optional)},
            )


def _in_time(spec: ProgramSpec, part: Requirement, path: str) -> Iterator[Remark]:
    least = part.times.min if part.times else None
    if least and part.per:
        room = weeks_in(spec, part.per)
        if least > room * 5:
            yield Remark(
                f"{path}.times",
                "impossible",
                _("%(times)g times do not fit into %(weeks)d open weeks; nobody can meet this.")
                % {"times": least, "weeks": room},
            )
    if part.before == "activation" and part.kind in {"supervision", "attendance", "diary"}:
        yield Remark(
            f"{path}.before",
            "impossible",
            _("It can only be done once people meet, so nobody would ever become active."),
        )
    if part.before == "activation" and least and part.per in {"term", "year"} and least > 1:
        yield Remark(
            f"{path}.before",
            "unwise",
            _("All of it is asked before the first meeting; half a term may pass until then."),
        )
    strict = spec.confidentiality.level == "strict"
    if strict and part.kind in {"attendance", "documentation"}:
        yield Remark(
            f"{path}.kind",
            "impossible",
            _("Nothing leaves the pair at this level of confidentiality, so it cannot be seen."),
        )


def surveys(spec: ProgramSpec, plan: Plan) -> Iterator[Remark]:
    for index, part in enumerate(spec.evaluation):
        if part.method != "survey":
            continue
        path = f"evaluation[{index}]"
        mentors = set(part.audience) & set(MENTORING_ROLES)
        if part.anonymity in {"anonymous", None}:
            small = [
                number
                for asked, number in (
                    ("student" in part.audience, plan.students),
                    (bool(mentors), plan.mentors),
                )
                if asked and number is not None and number < SMALLEST
            ]
            if small:
                yield Remark(
                    f"{path}.audience",
                    "impossible",
                    _(
                        "Only %(number)d people are asked on one side. Answers of fewer than "
                        "%(least)d are never shown, so that nobody can be recognized."
                    )
                    % {"number": min(small), "least": SMALLEST},
                )
            elif any(
                asked and number is not None and number < 2 * SMALLEST
                for asked, number in (
                    ("student" in part.audience, plan.students),
                    (bool(mentors), plan.mentors),
                )
            ):
                yield Remark(
                    f"{path}.audience",
                    "unwise",
                    _("If half of them answer, fewer than five do, and nothing can be shown."),
                    _("Response at one half or less: Delhi, Swindon, San Antonio"),
                )
