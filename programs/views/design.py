"""The designer: a program step by step, with its picture and what others found."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mentoring import access
from mentoring.access import Permission, policy
from mentoring.errors import DomainError
from programs.forms.design import steps as designer
from programs.models import Program, ProgramDraft
from programs.presenters import design as presenters
from programs.presenters import documents
from programs.services import designing
from programs.spec import ProgramSpec, SpecError, difference, load
from programs.spec.advice import Plan
from programs.views.base import me


def _draft(request: HttpRequest, key: str) -> ProgramDraft:
    return access.get_or_404(
        request.user,
        Permission.DESIGN_PROGRAMS,
        ProgramDraft.objects.select_related("program"),
        key=key,
    )


@require_POST
@policy(Permission.DESIGN_PROGRAMS)
def begin(request: HttpRequest) -> HttpResponse:
    """A new draft: from a template, as the next version of a program, or from next to nothing."""
    access.require(request.user, Permission.DESIGN_PROGRAMS)
    slug = request.POST.get("program", "")
    program = Program.objects.filter(slug=slug).first() if slug else None
    try:
        draft = designing.begin(
            by=me(request), template=request.POST.get("template", ""), program=program
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("programs:templates")
    return redirect("programs:design", draft.key, "basics")


@require_http_methods(["GET", "POST"])
@policy(Permission.DESIGN_PROGRAMS)
def step(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """One step: its forms, why it matters, and the picture of what the program is now."""
    row, current = _draft(request, key), _step(step)
    extra = {"students": row.students, "mentors": row.mentors} if step == "basics" else {}
    data: QueryDict | None = request.POST if request.method == "POST" else None
    if data is not None and "add" in data:
        data = designer.one_more(data, str(data["add"]))
    blocks = designer.opened(current, row.document, data, extra)
    if data is None or "add" in data:
        return _page(request, row, current, blocks)
    problems = _save(request, row, current, blocks)
    if problems is not None:
        return _page(request, row, current, blocks, problems)
    if "stay" in data:
        messages.success(request, _("Saved."))
        return redirect("programs:design", row.key, current.slug)
    following = presenters.following(current)
    if following is None:
        return redirect("programs:draft", row.key)
    return redirect("programs:design", row.key, following.slug)


def _save(
    request: HttpRequest, row: ProgramDraft, current: designer.Step, blocks: list[designer.Open]
) -> list[str] | None:
    """Keep what was typed; ``None`` if it is kept, else what is wrong besides the fields."""
    if not designer.valid(blocks):
        return []
    students, mentors = _expected(row, current, blocks)
    try:
        designing.change(
            draft=row,
            document=designer.written(blocks, row.document),
            students=students,
            mentors=mentors,
            by=me(request),
        )
    except SpecError as error:
        return presenters.problems(error)
    return None


@require_POST
@policy(Permission.DESIGN_PROGRAMS)
def check(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """What the program would be with what is typed so far; nothing is saved."""
    draft, current = _draft(request, key), _step(step)
    blocks = designer.opened(current, draft.document, request.POST)
    spec, problems, plan = draft.spec, [], Plan(draft.students, draft.mentors)
    if designer.valid(blocks):
        plan = Plan(*_expected(draft, current, blocks))
        try:
            spec = load(designing.tidy(designer.written(blocks, draft.document)))
        except SpecError as error:
            problems = presenters.problems(error)
    else:
        problems = [_("Something is missing or cannot be; see the fields marked when you save.")]
    context = {"draft": draft, "problems": problems, **presenters.panel(spec, plan)}
    return render(request, "programs/design/_panel.html", context)


@require_safe
@policy(Permission.DESIGN_PROGRAMS)
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """The whole draft in plain words, its remarks, and what differs from where it began."""
    row = _draft(request, key)
    spec = row.spec
    context: dict[str, Any] = {
        "draft": row,
        "spec": spec,
        "steps": presenters.steps(""),
        "sections": documents.program_in_words(spec),
        "changes": presenters.changes(difference(_base(row), spec)) if row.base else [],
        **presenters.panel(spec, Plan(row.students, row.mentors)),
    }
    context["impossible"] = [s for s in context["remarks"] if s.remark.level == "impossible"]
    return render(request, "programs/design/draft.html", context)


@require_POST
@policy(Permission.DESIGN_PROGRAMS)
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Make it a version that cohorts can follow."""
    row = _draft(request, key)
    try:
        version = designing.publish(draft=row, by=me(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("programs:draft", key)
    text = _("“%(name)s”, version %(number)d, can be followed by new cohorts now.")
    values = {"name": version.program.name, "number": version.number}
    messages.success(request, text % values)
    return redirect("programs:own_program", version.program.slug)


@require_POST
@policy(Permission.DESIGN_PROGRAMS)
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Throw a draft away."""
    designing.discard(draft=_draft(request, key), by=me(request))
    messages.success(request, _("The draft is gone."))
    return redirect("programs:own_programs")


def _step(slug: str) -> designer.Step:
    if slug not in designer.BY_SLUG:
        raise access.NotAllowedError
    return designer.BY_SLUG[slug]


def _base(row: ProgramDraft) -> ProgramSpec:
    return load(row.base or {})


def _expected(
    draft: ProgramDraft, step: designer.Step, blocks: list[designer.Open]
) -> tuple[int | None, int | None]:
    if step.slug != "basics":
        return draft.students, draft.mentors
    data = blocks[0].form.cleaned_data
    return data["students"], data["mentors"]


def _page(
    request: HttpRequest,
    draft: ProgramDraft,
    current: designer.Step,
    blocks: list[designer.Open],
    problems: list[str] | None = None,
) -> HttpResponse:
    context = {
        "draft": draft,
        "step": current,
        "steps": presenters.steps(current.slug),
        "blocks": blocks,
        "before": presenters.before(current),
        "following": presenters.following(current),
        "problems": problems or [],
        **presenters.panel(draft.spec, Plan(draft.students, draft.mentors)),
    }
    status = 200 if problems is None else 422
    return render(request, "programs/design/step.html", context, status=status)
