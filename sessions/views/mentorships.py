"""The page of a mentorship: its people, meetings and contacts."""

from datetime import datetime, time
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from matching.models import Mentorship
from matching.names import with_whom
from mentoring import access, clock
from mentoring.access import Permission, policy
from mentoring.accounts.models import User
from mentoring.accounts.visibility import (
    Sight,
    sees_agreement_status,
    sees_meeting_counts,
    sees_meeting_facts,
)
from mentoring.ui.lists import listing
from sessions import queries
from sessions.agreement_presenters import agreement_card, agreement_for_staff
from sessions.circle import Circle, circle
from sessions.diary import sight as diary_sight
from sessions.fit import SAID
from sessions.forms import ChangeForm, UnplannedForm
from sessions.home import asks_for_contact
from sessions.models import (
    ChangeRequest,
    Concern,
    ContactChannel,
    MeetingState,
    Mode,
    Side,
)
from sessions.presenters import meeting_rows, with_people
from sessions.profiles import profiles
from sessions.services import change_requests, contacts, records
from sessions.services import fit as fits
from sessions.services import messages as threads
from sessions.views.support import attempt, page, person, posted

_CONTACTS = 10
_DIARY_DAYS = 10


def _open(request: HttpRequest, permission: Permission, key: str) -> Mentorship:
    rows = Mentorship.objects.select_related("cohort")
    return access.get_or_404(request.user, permission, rows, key=key)


@require_safe
@policy(Permission.VIEW_MENTORSHIP)
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """Members see everything of theirs; a coordinator what the program lets leave the pair."""
    mentorship = _open(request, Permission.VIEW_MENTORSHIP, key)
    reader, members = person(request), circle(mentorship, profiles=True)
    if not access.can(reader, Permission.READ_MESSAGES, mentorship):
        return _for_staff(request, mentorship, members)
    mine, contacts_ = members.of(reader), mentorship.contacts.select_related("noted_by")
    if mine is None:
        members, until = queries.as_left(mentorship, reader)
        contacts_ = contacts_.filter(at__lte=until)
    rows = queries.meetings_of(reader).filter(mentorship=mentorship)
    found = listing(
        request, with_people(rows), sorts={"when": "starts_at"}, default="-when", per_page=20
    )
    student = mine is not None and not mine.is_mentor
    context = {
        "mentorship": mentorship,
        "members": members,
        "mine": mine,
        "names": members.with_whom(reader),
        "takes_part": mine is not None and mentorship.is_live,
        "is_student": student,
        "listing": found,
        "rows": meeting_rows(found.page, reader),
        "contacts": contacts_[:_CONTACTS],
        "channels": ContactChannel,
        "unread": threads.unread(mentorship, reader),
        **(asks_for_contact(mine) if mine else {}),
        "wish": ChangeRequest.objects.filter(
            mentorship=mentorship, person=reader, state=ChangeRequest.State.OPEN
        ).first(),
        "profiles": profiles(members.others(reader)),
        "reported": Concern.objects.filter(raised_by=reader).exists(),
    }
    context |= agreement_card(mentorship, members, reader)
    return page(request, "mentorship.html", context)


def _for_staff(request: HttpRequest, mentorship: Mentorship, members: Circle) -> HttpResponse:
    reader, level = person(request), mentorship.cohort.level
    facts, counts = sees_meeting_facts(level), sees_meeting_counts(level)
    rows = mentorship.meetings.all()
    everyone = mentorship.memberships.select_related("person", "enrollment")
    seats = sorted(everyone, key=lambda seat: (not seat.is_mentor, seat.started_at, seat.pk))
    there = [seat for seat in seats if seat.ended_at in {None, mentorship.ended_at}]
    names = [*(s for s in there if not s.is_mentor), *(s for s in there if s.is_mentor)]
    context: dict[str, object] = {
        "mentorship": mentorship,
        "seats": seats,
        "names": with_whom([seat.person for seat in names], group=mentorship.name),
        "manages": access.can(reader, Permission.MANAGE_MENTORSHIP, mentorship),
        "follows": mentorship.replaces.first(),
        "members": members,
        "facts": facts,
        "counts": counts,
        "can_record": facts and mentorship.is_live,
        **_diary_for_staff(mentorship, reader),
    }
    if sees_agreement_status(level):
        context |= agreement_for_staff(members)
    if counts:
        context["held"] = rows.filter(state=MeetingState.HELD).count()
        context["contacts_count"] = mentorship.contacts.count()
    if facts:
        found = listing(
            request, with_people(rows), sorts={"when": "starts_at"}, default="-when", per_page=20
        )
        context |= {"listing": found, "rows": meeting_rows(found.page, reader)}
    return page(request, "mentorship_for_staff.html", context)


def _diary_for_staff(mentorship: Mentorship, reader: User) -> dict[str, object]:
    """That entries exist, and their dates or only how many; nothing where nothing leaves."""
    seen, entries = diary_sight.for_coordinator(mentorship.cohort, reader)
    if seen not in {Sight.DATES, Sight.COUNTS} or not diary_sight.asked(mentorship.cohort):
        return {"diary_count": None}
    mine = entries.filter(mentorship=mentorship)
    days = list(mine.values_list("day", flat=True)[:_DIARY_DAYS]) if seen is Sight.DATES else []
    return {"diary_count": mine.count(), "diary_days": days}


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.TAKE_PART)
def record(request: HttpRequest, key: str) -> HttpResponse:
    """A meeting that nobody had booked, by one who was there."""
    return _unplanned(request, _open(request, Permission.TAKE_PART, key))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.RECORD_FOR_OTHERS)
def record_for_them(request: HttpRequest, key: str) -> HttpResponse:
    """A meeting that nobody had booked, by a coordinator on somebody's word."""
    return _unplanned(request, _open(request, Permission.RECORD_FOR_OTHERS, key))


def _unplanned(request: HttpRequest, mentorship: Mentorship) -> HttpResponse:
    reader, members = person(request), circle(mentorship)
    people = [(member.person_id, member.person.full_name) for member in members.members]
    now = timezone.localtime(clock.now())
    initial = {"mode": Mode.IN_PERSON, "day": now.date(), "starts": _an_hour_before(now)}
    form = UnplannedForm(posted(request), people=people, initial=initial)
    clash = ""
    if form.is_valid():
        data = form.cleaned_data
        try:
            meeting = attempt(
                request,
                partial(
                    records.record_unplanned,
                    mentorship=mentorship,
                    starts_at=data["starts_at"],
                    minutes=data["minutes"],
                    mode=data["mode"],
                    by=reader,
                    present=data["present"],
                    despite_clash=data["despite_clash"],
                ),
                form,
                passing=records.ClashError,
            )
        except records.ClashError as warning:
            meeting, clash = None, str(warning)
        if meeting is not None:
            messages.success(request, _("Recorded."))
            return redirect("sessions:mentorship", key=mentorship.key)
    context = {"mentorship": mentorship, "form": form, "clash": clash, "members": members}
    response = page(request, "record.html", context, form)
    response.status_code = 422 if clash else response.status_code
    return response


def _an_hour_before(now: datetime) -> time:
    """A likely beginning, on a round quarter of an hour; midnight at the earliest."""
    minutes = max(now.hour * 60 + now.minute - 60, 0)
    return time(minutes // 60, minutes % 60 // 15 * 15)


@require_POST
@policy(Permission.TAKE_PART)
def contact(request: HttpRequest, key: str) -> HttpResponse:
    """We were in touch: one tap."""
    mentorship = _open(request, Permission.TAKE_PART, key)
    channel = request.POST.get("channel", "")
    act = partial(contacts.note, mentorship=mentorship, channel=channel, by=person(request))
    if attempt(request, act):
        undo = reverse("sessions:mentorship", args=[key]) + "#contacts"
        messages.success(
            request,
            format_html('{} <a href="{}">{}</a>', _("Noted: you were in touch."), undo, _("Undo")),
        )
    return _back(request, key)


@require_POST
@policy(Permission.TAKE_PART)
def undo_contact(request: HttpRequest, key: str) -> HttpResponse:
    """Take a noted contact back."""
    mentorship = _open(request, Permission.TAKE_PART, key)
    number = request.POST.get("contact", "")
    if number.isdigit() and contacts.undo(
        mentorship=mentorship, contact=int(number), by=person(request)
    ):
        messages.success(request, _("Taken back."))
    return _back(request, key)


@require_POST
@policy(Permission.TAKE_PART)
def contacted(request: HttpRequest, key: str) -> HttpResponse:
    """“Were you contacted?”"""
    mentorship = _open(request, Permission.TAKE_PART, key)
    yes = request.POST.get("contacted") == "yes"
    act = partial(contacts.answer_check, mentorship=mentorship, contacted=yes, by=person(request))
    if attempt(request, act):
        messages.success(request, _("Thank you for telling us."))
    return _back(request, key)


@require_POST
@policy(Permission.TAKE_PART)
def fit(request: HttpRequest, key: str) -> HttpResponse:
    """“Do you go together?”, in one tap; “not a fit” is a wish for a change."""
    mentorship = _open(request, Permission.TAKE_PART, key)
    said = request.POST.get("answer", "")
    act = partial(fits.answer, mentorship=mentorship, answer=said, by=person(request))
    if attempt(request, act):
        messages.success(request, SAID.get(said, ""))
    return redirect("home")


def _back(request: HttpRequest, key: str) -> HttpResponse:
    if request.POST.get("next") == "home":
        return redirect("home")
    return redirect("sessions:mentorship", key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Permission.TAKE_PART)
def change(request: HttpRequest, key: str) -> HttpResponse:
    """“I would like another mentor.”"""
    mentorship = _open(request, Permission.TAKE_PART, key)
    reader, members = person(request), circle(mentorship)
    form = ChangeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        act = partial(
            change_requests.ask,
            mentorship=mentorship,
            by=reader,
            reason=form.cleaned_data["reason"],
        )
        if attempt(request, act, form):
            messages.success(request, _("Your wish is with the coordinators. Nobody else is told."))
            return redirect("sessions:mentorship", key=key)
    wish = ChangeRequest.objects.filter(
        mentorship=mentorship, person=reader, state=ChangeRequest.State.OPEN
    ).first()
    context = {
        "mentorship": mentorship,
        "form": form,
        "wish": wish,
        "is_student": members.side(reader) == Side.STUDENT,
    }
    return page(request, "change.html", context, form)


@require_POST
@policy(Permission.TAKE_PART)
def withdraw_change(request: HttpRequest, key: str) -> HttpResponse:
    """Take the wish back."""
    mentorship = _open(request, Permission.TAKE_PART, key)
    wish = mentorship.change_requests.filter(
        person=person(request), state=ChangeRequest.State.OPEN
    ).first()
    if wish and attempt(
        request, partial(change_requests.withdraw, request=wish, by=person(request))
    ):
        messages.success(request, _("Your wish is taken back."))
    return redirect("sessions:mentorship", key=key)
