"""The monitoring rules of a cohort, explained, with their numbers."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evaluation.forms import RuleForm
from evaluation.models import RuleSetting
from evaluation.monitoring.catalog import BY_SLUG, RULES
from evaluation.monitoring.rule import Rule
from evaluation.monitoring.world import is_on, thresholds
from evaluation.services import rule_settings
from evaluation.views.board import context
from evaluation.views.flags import _user
from mentoring import access
from mentoring.access import Permission
from mentoring.errors import DomainError
from programs.models import Cohort


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as the page shows it."""

    rule: Rule
    form: RuleForm
    changed: bool


def _cohort(request: HttpRequest, key: str) -> Cohort:
    rows = Cohort.objects.select_related("program")
    return access.get_or_404(request.user, Permission.SET_RULES, rows, key=key)


def _page(request: HttpRequest, cohort: Cohort, wrong: RuleForm | None = None) -> HttpResponse:
    settings = {row.rule: row for row in RuleSetting.objects.filter(cohort=cohort)}
    rows = [
        Row(
            rule,
            wrong
            if wrong is not None and wrong.prefix == rule.slug
            else RuleForm(
                rule,
                initial={
                    "enabled": is_on(rule, cohort.spec, settings.get(rule.slug)),
                    **thresholds(rule, cohort.spec, settings.get(rule.slug)),
                },
            ),
            changed=rule.slug in settings,
        )
        for rule in RULES
    ]
    status = 422 if wrong is not None else 200
    return render(request, "evaluation/rules.html", context(cohort, rows=rows), status=status)


@access.policy(Permission.SET_RULES)
def rules(request: HttpRequest, cohort: str) -> HttpResponse:
    """What is watched, why, and from which number on."""
    return _page(request, _cohort(request, cohort))


@require_POST
@access.policy(Permission.SET_RULES)
def set_rule(request: HttpRequest, cohort: str, rule: str) -> HttpResponse:
    """Change one rule, or go back to the program's numbers."""
    found = _cohort(request, cohort)
    if rule not in BY_SLUG:
        raise Http404
    if "reset" in request.POST:
        rule_settings.reset_rule(cohort=found, rule=rule, by=_user(request))
        messages.success(request, _("Back to the program's numbers."))
        return redirect("evaluation:rules", found.key)
    form = RuleForm(BY_SLUG[rule], request.POST)
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            rule_settings.set_rule(
                cohort=found,
                rule=rule,
                enabled=values.pop("enabled"),
                thresholds=values,
                by=_user(request),
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved. The next pass uses these numbers."))
            return redirect("evaluation:rules", found.key)
    return _page(request, found, form)
