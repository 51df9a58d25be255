"""A mentor's side of choosing: who asks her, and her answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from matching import presenters_choosing as presenters
from matching import presenters_wishes, queries
from matching.choices import TOLD
from matching.judging import Judge, in_words
from matching.models import MentorRequest, RequestPause
from matching.services import requests
from matching.services.choosing import current
from matching.views.common import actor, place_for, refuse
from mentoring import access
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.ui.lists import paged
from programs.models import Enrollment


def _place(request: HttpRequest, cohort: str, place: str) -> Enrollment:
    return place_for(request, Permission.ANSWER_REQUEST, cohort, place)


def _asked(request: HttpRequest, key: str) -> MentorRequest:
    """The request of the address, if it reached this mentor."""
    rows = MentorRequest.objects.select_related(
        "round__cohort__program", "student__person", "student__cohort__program",
        "mentor__person", "mentor__cohort__program",
    ).exclude(asked_at=None)  # fmt: skip
    found = rows.filter(key=key).first()
    access.require(request.user, Permission.ANSWER_REQUEST, found.mentor if found else Enrollment())
    assert found is not None  # noqa: S101 (an empty place is nobody's)
    return found


@require_GET
@never_cache
@policy(Permission.ANSWER_REQUEST)
def mine(request: HttpRequest, cohort: str, place: str) -> HttpResponse:
    """Who waits for an answer, who asked before, and whether she takes requests."""
    found = _place(request, cohort, place)
    rows = (
        MentorRequest.objects.filter(mentor=found)
        .exclude(asked_at=None)
        .select_related("student__person", "round__cohort")
        .order_by("-asked_at", "-pk")
    )
    round_ = current(found.cohort)
    context = {
        "cohort": found.cohort,
        "place": found,
        "round": round_,
        "suitors": presenters_wishes.suitors(round_, found)
        if round_ and round_.is_mentors_turn
        else [],
        "waiting": list(rows.filter(state=MentorRequest.State.OPEN)),
        "listing": paged(request, list(rows.exclude(state=MentorRequest.State.OPEN))),
        "paused": RequestPause.objects.filter(enrollment=found).exists(),
        "places": queries.with_places(
            found.cohort, queries.mentors(found.cohort).filter(pk=found.pk)
        ),
        "facts": presenters.facts(found),
    }
    return render(request, "matching/choosing/requests.html", context)


@require_GET
@never_cache
@policy(Permission.ANSWER_REQUEST)
def one(request: HttpRequest, key: str) -> HttpResponse:
    """Who asks, what the two have in common, and the two buttons."""
    row = _asked(request, key)
    student, judge = row.student, Judge(row.student.cohort)
    parts = judge.parts(judge.facts(student), judge.facts(row.mentor))
    word = requests.read_word(request=row, by=actor(request))
    context = {
        "cohort": student.cohort,
        "row": row,
        "open": row.state == MentorRequest.State.OPEN,
        "facts": presenters.told_of(student, judge.years.get(student.pk))[1:],
        "reasons": in_words([part for part in parts if part.criterion in TOLD]),
        "word": word,
    }
    return render(request, "matching/choosing/request.html", context)


@require_POST
@policy(Permission.ANSWER_REQUEST)
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Yes, or not now."""
    row = _asked(request, key)
    yes = request.POST.get("answer") == "accept"
    try:
        if yes:
            requests.accept(request=row, by=actor(request))
            done = _("Thank you! Both of you get a mail with the next step.")
        else:
            requests.decline(request=row, by=actor(request))
            done = _("Thank you. The next mentor is asked; nobody is told a reason.")
    except DomainError as error:
        refuse(request, error)
    else:
        messages.success(request, done)
    return redirect("matching:requests", cohort=row.mentor.cohort.key, place=row.mentor.key)


@require_POST
@policy(Permission.ANSWER_REQUEST)
def pause(request: HttpRequest, cohort: str, place: str) -> HttpResponse:
    """Take no requests for now, or take them again."""
    found = _place(request, cohort, place)
    on = request.POST.get("on") == "yes"
    requests.pause(mentor=found, on=on, by=actor(request))
    messages.success(
        request,
        _("Students read that you take no requests at the moment.")
        if on
        else _("Students can ask you again."),
    )
    return redirect("matching:requests", cohort=cohort, place=place)
