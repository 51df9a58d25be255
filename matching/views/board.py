"""The expert's board: one student, the ten best mentors, notes from talks, and who is where."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from matching import boards, publication
from matching.filters import BoardFilter
from matching.forms import NoteForm
from matching.models import InterviewNote, MatchPair, MatchRun
from matching.services import board as services
from matching.services import interviews
from matching.views.common import actor, cohort_for, refuse
from mentoring import access
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from mentoring.ui.lists import listing
from programs.models import Enrollment

SORTS = {
    "first": (
        "is_placed",
        "is_case",
        "student__person__family_name",
        "student__person__given_name",
        "pk",
    )
}
PER_PAGE = 15


def _board(request: HttpRequest, cohort: str, run: str) -> MatchRun:
    rows = MatchRun.objects.filter(procedure=MatchRun.Procedure.EXPERT).defer("inputs")
    return access.get_or_404(
        request.user,
        Permission.RUN_MATCHING,
        rows.select_related("cohort__program"),
        key=run,
        cohort__key=cohort,
    )


@require_POST
@policy(Permission.RUN_MATCHING)
def open_board(request: HttpRequest, cohort: str) -> HttpResponse:
    """Begin a board, empty or with the pairs of a run."""
    found = cohort_for(request, Permission.RUN_MATCHING, cohort)
    onto = None
    if key := request.POST.get("run"):
        onto = found.match_runs.filter(key=key, state=MatchRun.State.DONE).first()
        if onto is None:
            raise Http404
    try:
        run = services.open_board(cohort=found, by=actor(request), onto=onto)
    except DomainError as error:
        refuse(request, error)
        return redirect("matching:overview", cohort=cohort)
    return redirect("matching:run", cohort=cohort, run=run.key)


@require_GET
@never_cache
@policy(Permission.RUN_MATCHING)
def board(request: HttpRequest, cohort: str, run: str) -> HttpResponse:
    """The students of a board, and for one of them the ten best mentors."""
    found = _board(request, cohort, run)
    if found.state != MatchRun.State.BOARD:
        return redirect("matching:run", cohort=cohort, run=run)
    shown = listing(
        request,
        boards.students(found),
        sorts=SORTS,
        default="first",
        filterset=BoardFilter,
        per_page=PER_PAGE,
    )
    state = boards.Board.of(found)
    context: dict[str, Any] = {
        "cohort": found.cohort,
        "run": found,
        "listing": shown,
        "board": state,
        "note_form": NoteForm(),
        "query": _query(request),
    }
    if state.placed:
        context["question"] = publication.question(found, state.placed, actor(request))
    if pair := _chosen(request, found, list(shown.page.object_list)):
        context |= _of_one(request, pair, state)
    return render(request, "matching/board.html", context)


def _chosen(request: HttpRequest, run: MatchRun, shown: list[MatchPair]) -> MatchPair | None:
    """The student of the address; else the first of the list."""
    key, _dot, shape = request.GET.get("student", "").partition(".")
    rows = MatchPair.objects.filter(run=run).select_related(
        "student__person", "student__cohort__program", "mentor__person", "placed_by"
    )
    if key:
        return rows.filter(student__key=key, **({"shape": shape} if shape else {})).first()
    return rows.filter(pk=shown[0].pk).first() if shown else None


def _of_one(request: HttpRequest, pair: MatchPair, state: boards.Board) -> dict[str, Any]:
    entry = state.entries[pair.pk]
    return {
        "pair": pair,
        "choice": state.choice(entry, pair.student),
        "notes": interviews.read(enrollment=pair.student, by=actor(request)),
        "several": len({one.shape for one in state.entries.values()}) > 1,
    }


@require_POST
@policy(Permission.RUN_MATCHING)
def place(request: HttpRequest, cohort: str, run: str) -> HttpResponse:
    """Put a student somewhere, or take her out."""
    found = _board(request, cohort, run)
    pair = MatchPair.objects.filter(
        run=found, student__key=request.POST.get("student", ""), shape=request.POST.get("shape", "")
    ).first()
    if pair is None:
        messages.error(request, _("This student is not on the board."))
        return redirect("matching:board", cohort=cohort, run=run)
    try:
        row = services.place(
            run=found,
            pair=pair,
            column=_number(request.POST.get("column", "")),
            was=_number(request.POST.get("was", "")),
            by=actor(request),
        )
    except DomainError as error:
        refuse(request, error)
    else:
        names = {
            "student": row.student.person.full_name,
            "mentor": row.mentor.person.full_name if row.mentor else "",
        }
        done = _("%(student)s is placed with %(mentor)s.") if row.mentor else _(
            "%(student)s waits again."
        )  # fmt: skip
        messages.success(request, done % names)
    return redirect(_back(request, cohort, run, pair))


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _back(request: HttpRequest, cohort: str, run: str, pair: MatchPair) -> str:
    """The next student who waits, or the same one where she was only moved or taken out."""
    url = reverse("matching:board", args=[cohort, run])
    query = request.POST.get("query", "")
    stay = request.POST.get("was") or not request.POST.get("column")
    here = f"student={pair.student.key}.{pair.shape}" if stay else ""
    return f"{url}?{'&'.join(part for part in (query, here) if part)}"


def _query(request: HttpRequest) -> str:
    """The filter of the list, without the student chosen."""
    query = request.GET.copy()
    query.pop("student", None)
    return query.urlencode()


@require_POST
@policy(Permission.RUN_MATCHING)
def add_note(request: HttpRequest, cohort: str, place: str) -> HttpResponse:
    """Keep a note from a talk."""
    found = _talked(request, cohort, place)
    text = request.POST.get("text", "")
    try:
        interviews.write(enrollment=found, text=text, by=actor(request))
    except DomainError as error:
        refuse(request, error)
    else:
        messages.success(request, _("The note is kept."))
    return _to_board(request, found)


@require_POST
@policy(Permission.RUN_MATCHING)
def remove_note(request: HttpRequest, cohort: str, place: str, note: str) -> HttpResponse:
    """Throw one's own note away."""
    found = _talked(request, cohort, place)
    row = InterviewNote.objects.filter(enrollment=found, key=note).first()
    if row is None:
        raise Http404
    try:
        interviews.remove(note=row, by=actor(request))
    except DomainError as error:
        refuse(request, error)
    else:
        messages.success(request, _("The note is thrown away."))
    return _to_board(request, found)


def _talked(request: HttpRequest, cohort: str, place: str) -> Enrollment:
    rows = Enrollment.objects.select_related("cohort", "person").filter(cohort__key=cohort)
    return access.get_or_404(request.user, Permission.RUN_MATCHING, rows, key=place)


def _to_board(request: HttpRequest, student: Enrollment) -> HttpResponse:
    """Back to the board she is on, or to her page."""
    pair = MatchPair.objects.filter(
        student=student, run__state=MatchRun.State.BOARD, run__key=request.POST.get("run", "")
    ).select_related("run").first()  # fmt: skip
    if pair is None:
        return redirect("programs:person", cohort=student.cohort.key, key=student.key)
    url = reverse("matching:board", args=[student.cohort.key, pair.run.key])
    return redirect(f"{url}?student={student.key}.{pair.shape}")
