"""What I am asked to read, and what I answered."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mentoring import access
from mentoring.access import SIGNED_IN, Permission, policy
from mentoring.errors import DomainError
from mentoring.ui.lists import listing
from programs import queries_policies as queries
from programs.models import Policy, PolicyReply
from programs.services import policy_answers as services
from programs.views.base import back_with, me

SORTS = {"answered": ("answered_at", "pk")}
THANKS = {
    PolicyReply.ACKNOWLEDGED: gettext_lazy("Thank you. It is noted."),
    PolicyReply.AGREED: gettext_lazy("Thank you. You can withdraw at any time."),
    PolicyReply.REFUSED: gettext_lazy("Noted. That is a good answer too."),
}


@never_cache
@require_safe
@policy(SIGNED_IN)
def index(request: HttpRequest) -> HttpResponse:
    """What waits for my answer, and everything that I answered, with its text."""
    person = me(request)
    found = listing(
        request, queries.answers_of(person), sorts=SORTS, default="-answered", per_page=20
    )
    context = {"waiting": queries.open_for(person), "listing": found}
    return render(request, "programs/policies/mine.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.ANSWER_POLICY)
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Read one text and answer it."""
    rows = queries.standing_of(Policy.objects.select_related("cohort"))
    row = access.get_or_404(request.user, Permission.ANSWER_POLICY, rows, key=key)
    person = me(request)
    if request.method == "POST":
        return _answered(request, row)
    standing = queries.answers_of(person).filter(policy=row, replaced_at=None).first()
    waiting = queries.open_for(person)
    context = {
        "policy": row,
        "cohort": row.cohort,
        "version": queries.current_version(row),
        "standing": standing,
        "waits": row.pk in {one.pk for one in waiting},
        "asked": row.retired_at is None and bool(queries.places_asked(person, row)),
    }
    return render(request, "programs/policies/answer.html", context)


def _answered(request: HttpRequest, row: Policy) -> HttpResponse:
    person, reply = me(request), request.POST.get("answer", "")
    try:
        if reply == PolicyReply.WITHDRAWN:
            services.withdraw(policy=row, by=person)
            done = _("Withdrawn. From now on it does not hold any more.")
        else:
            number = request.POST.get("version", "")
            services.answer(
                policy=row,
                reply=reply,
                number=int(number) if number.isdecimal() else 0,
                by=person,
            )
            done = str(THANKS[PolicyReply(reply)])
    except DomainError as error:
        return back_with(request, "my_policy", row.key, error=error)
    waiting = queries.open_for(person)
    if waiting and reply != PolicyReply.WITHDRAWN:
        return back_with(request, "my_policy", waiting[0].key, done=done)
    return back_with(request, "my_policies", done=done)
