"""Diaries: one's own, and what others share. No page with words of a diary is kept by a browser."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.forms import HiddenInput
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from matching.models import Mentorship
from mentoring import access, clock
from mentoring.access import SIGNED_IN, Permission, policy
from mentoring.accounts.models import User
from mentoring.keys import new_key
from mentoring.ui.lists import listing
from sessions import queries
from sessions.circle import circle, side_of
from sessions.diary import owed, prompts, rows, sight
from sessions.forms import AudienceForm, DiaryForm
from sessions.models import DiaryEntry, Meeting
from sessions.presenters import names_in
from sessions.services import diaries
from sessions.services.diaries import StaleError
from sessions.views.support import UNPROCESSABLE, attempt, page, person

CONFLICT = 409
DUE_SHOWN = 5
PER_PAGE = 20
_ROWS = DiaryEntry.objects.select_related("mentorship__cohort", "author", "meeting")


@require_safe
@never_cache
@policy(SIGNED_IN)
def index(request: HttpRequest) -> HttpResponse:
    """One's own diary: what waits to be written, and what was."""
    reader = person(request)
    found = _listing(request, sight.own(reader))
    waiting = owed.waiting_for(reader)
    places = [
        (place.mentorship, names_in(place.mentorship, besides=reader))
        for place in queries.live_memberships(reader)
    ]
    context = {
        "listing": found,
        "rows": rows.entry_rows(list(found.page), reader),
        "due": rows.due_rows(waiting[:DUE_SHOWN], reader),
        "more_due": max(0, len(waiting) - DUE_SHOWN),
        "places": places,
        "shared": sight.readable(reader).exists(),
    }
    return page(request, "diary.html", context)


@require_safe
@never_cache
@policy(SIGNED_IN)
def shared(request: HttpRequest) -> HttpResponse:
    """What others let this person read, as a supervisor or as a member."""
    reader = person(request)
    found = _listing(request, sight.readable(reader))
    context = {
        "listing": found,
        "rows": rows.entry_rows(list(found.page), reader),
        "is_supervisor": sight.part_of(reader)[1],
    }
    return page(request, "diary_shared.html", context)


@require_safe
@never_cache
@policy(Permission.KEEP_DIARY)
def of_mentorship(request: HttpRequest, key: str) -> HttpResponse:
    """The diary of one mentorship: one's own entries, and those that others share."""
    mentorship = _mentorship(request, key)
    reader = person(request)
    mine, theirs = sight.own(reader), sight.shared_with_members(reader)
    readable = DiaryEntry.objects.filter(
        Q(pk__in=mine.values("pk")) | Q(pk__in=theirs.values("pk"))
    )
    found = _listing(request, readable.filter(mentorship=mentorship))
    members = circle(mentorship)
    context = {
        "mentorship": mentorship,
        "names": members.with_whom(reader),
        "listing": found,
        "rows": rows.entry_rows(list(found.page), reader),
        "writes": members.of(reader) is not None and mentorship.is_live,
    }
    return page(request, "mentorship_diary.html", context)


@require_safe
@never_cache
@policy(Permission.TAKE_PART)
def write(request: HttpRequest, key: str) -> HttpResponse:
    """An empty page; about a meeting (``?meeting=``) that has one already, that one."""
    mentorships = Mentorship.objects.select_related("cohort")
    mentorship = access.get_or_404(request.user, Permission.TAKE_PART, mentorships, key=key)
    reader, meeting = person(request), _meeting(mentorship, request.GET.get("meeting", ""))
    known = meeting and sight.own(reader).filter(meeting=meeting).first()
    if known:
        return redirect("sessions:diary_entry", key=known.key)
    zone = mentorship.cohort.zone
    day = meeting.starts_at.astimezone(zone).date() if meeting else clock.today(zone)
    form = DiaryForm(
        initial={
            "key": new_key(),
            "tab": new_key(),
            "meeting": meeting.key if meeting else "",
            "day": day,
        }
    )
    return _editor(request, mentorship, form, meeting=meeting)


@require_POST
@never_cache
@policy(Permission.KEEP_DIARY)
def save(request: HttpRequest, key: str) -> HttpResponse:
    """Keep what was typed: for a script that asks as one types, or for the button."""
    mentorship = _mentorship(request, key)
    form = DiaryForm(request.POST)
    quiet = "application/json" in request.headers.get("Accept", "")
    if form.is_valid():
        try:
            act = partial(diaries.save, mentorship=mentorship, save=_save_of(form, mentorship))
            entry = attempt(request, partial(act, by=person(request)), form, passing=StaleError)
        except StaleError as stale:
            return _stale(request, mentorship, form, stale, quiet=quiet)
        if entry is not None:
            return _saved(request, entry, quiet=quiet)
    if quiet:
        wrong = " ".join(str(error[0]) for error in form.errors.values())
        return JsonResponse({"message": wrong}, status=UNPROCESSABLE)
    return _editor(request, mentorship, form)


def _saved(request: HttpRequest, entry: DiaryEntry, *, quiet: bool) -> HttpResponse:
    if quiet:
        return JsonResponse({"version": entry.version, "key": entry.key, "url": _url(entry)})
    messages.success(request, _("Saved."))
    return redirect("sessions:diary_entry", key=entry.key)


def _save_of(form: DiaryForm, mentorship: Mentorship) -> diaries.Save:
    data = form.cleaned_data
    return diaries.Save(
        key=data["key"],
        text=data["text"],
        version=data["version"],
        tab=data["tab"],
        turn=data["turn"],
        day=data["day"],
        meeting=_meeting(mentorship, data["meeting"]),
    )


def _stale(
    request: HttpRequest,
    mentorship: Mentorship,
    form: DiaryForm,
    stale: StaleError,
    *,
    quiet: bool,
) -> HttpResponse:
    """Both versions are kept: theirs stands, hers stays in the page until she has looked."""
    if quiet:
        told = {
            "message": str(stale),
            "url": _url(stale.entry),
            "key": stale.entry.key,
            "version": stale.entry.version,
        }
        return JsonResponse(told, status=CONFLICT)
    form.add_error(None, str(stale))
    sent = request.POST.copy()
    sent["version"], sent["key"] = str(stale.entry.version), stale.entry.key
    sent["tab"] = new_key()
    form.data = sent
    return _editor(request, mentorship, form, entry=stale.entry, other=stale.entry)


@require_safe
@never_cache
@policy(Permission.READ_DIARY)
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """The author goes on writing; others read, and that they did is recorded."""
    entry = access.get_or_404(request.user, Permission.READ_DIARY, _ROWS, key=key)
    reader = person(request)
    text = diaries.read(entry=entry, by=reader)
    if entry.author_id != reader.pk:
        return page(request, "diary_read.html", {"entry": entry, "text": text})
    form = DiaryForm(
        initial={
            "key": entry.key,
            "version": entry.version,
            "tab": new_key(),
            "day": entry.day,
            "text": text,
        }
    )
    return _editor(request, entry.mentorship, form, entry=entry, meeting=entry.meeting)


@require_POST
@policy(Permission.OWN_DIARY)
def share(request: HttpRequest, key: str) -> HttpResponse:
    """Let others read this entry, or no longer."""
    entry = access.get_or_404(request.user, Permission.OWN_DIARY, _ROWS, key=key)
    form = AudienceForm(request.POST)
    form.is_valid()
    act = partial(diaries.set_audience, entry=entry, by=person(request), **form.cleaned_data)
    done = attempt(request, act)
    if done is not None:
        shared = _("Shared.") if done.is_shared else _("Nobody but you can read it now.")
        messages.success(request, shared)
    return redirect("sessions:diary_entry", key=key)


@require_POST
@policy(Permission.OWN_DIARY)
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Remove the text for good."""
    entry = access.get_or_404(request.user, Permission.OWN_DIARY, _ROWS, key=key)
    if attempt(request, partial(diaries.delete, entry=entry, by=person(request))):
        messages.success(request, _("Deleted. What it said is gone."))
    return redirect("sessions:diary")


def _editor(
    request: HttpRequest,
    mentorship: Mentorship,
    form: DiaryForm,
    *,
    entry: DiaryEntry | None = None,
    meeting: Meeting | None = None,
    other: DiaryEntry | None = None,
) -> HttpResponse:
    reader = person(request)
    meeting = meeting or (entry.meeting if entry else None)
    if meeting is not None:
        # An entry about a meeting is about its day.
        form.fields["day"].widget = HiddenInput()
    context: dict[str, Any] = {
        "mentorship": mentorship,
        "form": form,
        "entry": entry,
        "meeting": meeting,
        "other": other,
        "names": circle(mentorship).with_whom(reader),
        "prompts": _prompts(mentorship, reader, entry),
    }
    if entry is not None:
        context["members"] = [one.full_name for one in diaries.others(entry)]
        context["readings"] = sight.readings(entry)
        context["supervisors"] = [one.full_name for one in diaries.supervisors(entry)]
    return page(request, "diary_entry.html", context, form)


def _prompts(mentorship: Mentorship, reader: User, entry: DiaryEntry | None) -> prompts.Prompts:
    cohort = mentorship.cohort
    place = mentorship.memberships.filter(person=reader).order_by("started_at").first()
    started = place.started_at if place else mentorship.started_at
    return prompts.prompts(
        cohort.spec,
        side_of(place.role if place else ""),
        started=started.astimezone(cohort.zone).date(),
        day=entry.day if entry else clock.today(cohort.zone),
        ends=cohort.edition.ends,
    )


def _mentorship(request: HttpRequest, key: str) -> Mentorship:
    found = Mentorship.objects.select_related("cohort")
    return access.get_or_404(request.user, Permission.KEEP_DIARY, found, key=key)


def _meeting(mentorship: Mentorship, key: str) -> Meeting | None:
    if not key:
        return None
    found = Meeting.objects.filter(mentorship=mentorship, key=key).first()
    if found is None:
        raise Http404
    return found


def _listing(request: HttpRequest, found: Any) -> Any:
    entries = found.select_related("author", "body", "mentorship__cohort")
    sorts = {"day": ("day", "created_at")}
    return listing(request, entries, sorts=sorts, default="-day", per_page=PER_PAGE)


def _url(entry: DiaryEntry) -> str:
    return reverse("sessions:diary_entry", args=[entry.key])
