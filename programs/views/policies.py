"""Policies and consent texts of a cohort, for those who write them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.outbox.hours import with_night_note
from mentoring.ui.lists import listing
from programs import queries_policies as queries
from programs.forms.policies import DraftForm, PolicyForm
from programs.models import Policy
from programs.presenters import documents
from programs.presenters import policies as presenters
from programs.services import policies as services
from programs.views.base import back_with, fetch_cohort, me, refuse, status_of

READ_WRITE = ["GET", "HEAD", "POST"]
SORTS = {
    "name": ("person__family_name", "person__given_name"),
    "role": ("role", "person__family_name"),
}
SORTS_YES = SORTS | {"answered": ("answered_at", "person__family_name")}


def _fetch(request: HttpRequest, cohort: str, key: str) -> Policy:
    rows = queries.standing_of(Policy.objects.filter(cohort__key=cohort))
    rows = rows.select_related("cohort__program")
    found: Policy = access.get_or_404(request.user, Permission.MANAGE_POLICIES, rows, key=key)
    return found


@require_safe
@policy(Permission.MANAGE_POLICIES)
def index(request: HttpRequest, cohort: str) -> HttpResponse:
    """All texts with how they stand, and what the program promises about confidentiality."""
    row = fetch_cohort(request, Permission.MANAGE_POLICIES, cohort)
    found = list(queries.policies_of(row))
    counts = queries.counts(row, found)
    lines = [(one, counts[one.pk]) for one in found if one.retired_at is None]
    context = {
        "cohort": row,
        "lines": lines,
        "has_more": bool(services.missing_starters(row, [one.title for one in found])),
        "retired": [one for one in found if one.retired_at is not None],
        "confidentiality": list(documents.confidentiality_lines(row.planned_spec)),
    }
    return render(request, "programs/policies/index.html", context)


@require_POST
@policy(Permission.MANAGE_POLICIES)
def begin(request: HttpRequest, cohort: str) -> HttpResponse:
    """Add our drafts."""
    row = fetch_cohort(request, Permission.MANAGE_POLICIES, cohort)
    count = services.add_starters(cohort=row, by=me(request))
    if not count:
        there = DomainError(_("All of them are in your list already."))
        return back_with(request, "policies", row.key, error=there)
    text = ngettext(
        "%(n)d draft was added. Read it and make it yours; nobody sees it before you publish it.",
        "%(n)d drafts were added. Read them and make them yours; nobody sees them before you "
        "publish them.",
        count,
    )
    return back_with(request, "policies", row.key, done=text % {"n": count})


@require_http_methods(READ_WRITE)
@policy(Permission.MANAGE_POLICIES)
def add(request: HttpRequest, cohort: str) -> HttpResponse:
    """Write a new one."""
    row = fetch_cohort(request, Permission.MANAGE_POLICIES, cohort)
    sent = request.POST or None
    form, text = PolicyForm(sent), DraftForm(sent)
    if request.method == "POST" and form.is_valid() & text.is_valid():
        try:
            made = services.add(
                cohort=row, by=me(request), **form.cleaned_data, **text.cleaned_data
            )
        except DomainError as error:
            refuse(text if error.field == "text" else form, error)
        else:
            return redirect("programs:policy_draft", row.key, made.key)
    context = {"cohort": row, "form": form, "text": text}
    status = max(status_of(form), status_of(text))
    return render(request, "programs/policies/edit.html", context, status=status)


@require_http_methods(READ_WRITE)
@policy(Permission.MANAGE_POLICIES)
def draft(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """Write a draft, see it as others will, and publish it."""
    row = _fetch(request, cohort, key)
    version = queries.draft_of(row)
    if version is None:
        return redirect("programs:policy", cohort, key)
    published = row.current is not None  # type: ignore[attr-defined]
    sent = request.POST or None
    text = DraftForm(sent, instance=version)
    form = None if published else PolicyForm(sent, instance=row)
    if request.method == "POST" and text.is_valid() & (form is None or form.is_valid()):
        try:
            if form is not None:
                services.change(policy=row, by=me(request), **form.cleaned_data)
            services.save_draft(draft=version, by=me(request), **text.cleaned_data)
        except DomainError as error:
            refuse(text if form is None or error.field not in form.fields else form, error)
        else:
            return back_with(request, "policy_draft", cohort, key, done=_("Saved."))
    # What the page shows beside the form is what is stored, not what was just refused.
    stored = queries.draft_of(row) or version
    before = queries.current_version(row)
    context = {
        "cohort": row.cohort,
        "policy": row,
        "form": form,
        "text": text,
        "version": stored,
        "seal": services.seal(stored),
        "asked": services.will_be_asked(row, stored),
        "changes": presenters.difference(before, stored) if before else [],
        "before": before,
    }
    status = max(status_of(one) for one in (form, text) if one is not None)
    return render(request, "programs/policies/edit.html", context, status=status)


@require_http_methods(READ_WRITE)
@policy(Permission.MANAGE_POLICIES)
def show(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """One text: its versions and what differs between them, who answered, for whom it is."""
    row = _fetch(request, cohort, key)
    if row.current is None:  # type: ignore[attr-defined]
        return redirect("programs:policy_draft", cohort, key)
    form = PolicyForm(request.POST or None, instance=row, published=True)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(policy=row, by=me(request), **form.cleaned_data)
        except DomainError as error:
            refuse(form, error)
        else:
            return back_with(request, "policy", cohort, key, done=_("Saved."))
    context = _answers(request, row) | {
        "cohort": row.cohort,
        "policy": row,
        "form": form,
        "count": queries.counts(row.cohort, [row])[row.pk],
        "versions": presenters.versions(row),
    }
    return render(request, "programs/policies/show.html", context, status=status_of(form))


def _answers(request: HttpRequest, row: Policy) -> dict[str, Any]:
    """The list of people: who confirmed or agreed, or, of a policy, who has not answered yet.

    Of a consent nobody is named who did not agree, answered or not.
    """
    yes = row.is_consent or request.GET.get("who") == "yes"
    rows = queries.said_yes(row) if yes else queries.unanswered(row)
    found = listing(
        request,
        rows.select_related("person"),
        sorts=SORTS_YES if yes else SORTS,
        default="name",
    )
    return {"listing": found, "yes": yes}


@require_POST
@policy(Permission.MANAGE_POLICIES)
def act(request: HttpRequest, cohort: str, key: str) -> HttpResponse:
    """What the buttons of a policy do."""
    row = _fetch(request, cohort, key)
    acts = {
        "revise": _revise,
        "publish": _publish,
        "discard": _discard,
        "retire": _retire,
        "restore": _restore,
        "remind": _remind,
    }
    chosen = acts.get(request.POST.get("act", ""))
    try:
        if chosen is None:
            raise DomainError(_("Choose one of the buttons."))  # noqa: TRY301
        url, done = chosen(request, row)
    except DomainError as error:
        draft_page = request.POST.get("act") in {"publish", "discard"}
        return back_with(
            request, "policy_draft" if draft_page else "policy", cohort, key, error=error
        )
    return back_with(request, url[0], *url[1:], done=done)


Done = tuple[tuple[str, ...], str]


def _page(row: Policy, name: str = "policy") -> tuple[str, ...]:
    return (name, row.cohort.key, row.key)


def _revise(request: HttpRequest, row: Policy) -> Done:
    services.revise(policy=row, by=me(request))
    return _page(row, "policy_draft"), ""


def _publish(request: HttpRequest, row: Policy) -> Done:
    count = services.publish(policy=row, by=me(request), seen=request.POST.get("seal", ""))
    done = _("Published.")
    if count:
        mails = ngettext("%(n)d person gets a mail.", "%(n)d people get a mail.", count)
        done = with_night_note(f"{done} {mails % {'n': count}}", me(request))
    return _page(row), done


def _discard(request: HttpRequest, row: Policy) -> Done:
    services.discard(policy=row, by=me(request))
    return ("policies", row.cohort.key), _("The draft is gone.")


def _retire(request: HttpRequest, row: Policy) -> Done:
    services.retire(policy=row, by=me(request))
    return _page(row), _("Retired: nobody is asked any more. What was answered stays.")


def _restore(request: HttpRequest, row: Policy) -> Done:
    services.retire(policy=row, by=me(request), retired=False)
    return _page(row), _("Back again: whoever has not answered is asked.")


def _remind(request: HttpRequest, row: Policy) -> Done:
    count = services.remind(policy=row, by=me(request))
    if not count:
        raise DomainError(_("Nobody was written to: they have answered, or got a mail today."))
    text = ngettext("%(n)d person gets a mail.", "%(n)d people get a mail.", count)
    return _page(row), with_night_note(text % {"n": count}, me(request))
