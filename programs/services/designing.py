"""Programs in the making: begun from a template or a version, changed step by step, published."""

import json
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from mentoring import audit, clock
from mentoring.accounts.models import User
from mentoring.errors import DomainError
from programs.models import ImprovementAction, Program, ProgramDraft, ProgramVersion
from programs.spec import ProgramSpec, SpecError, catalog, load
from programs.spec.base import follow

EMPTY: dict[str, Any] = {
    "format": 1,
    "slug": "new-program",
    "title": "New program",
    "school": "Our school",
    "model": "one-to-one",
    "source": "Our school",
    "duration": {"kind": "fixed", "years": 1},
    "shapes": [
        {
            "slug": "pair",
            "title": "Mentor and student",
            "seats": [
                {"role": "student", "kind": "student", "count": {"min": 1, "max": 1}},
                {"role": "mentor", "count": {"min": 1, "max": 1}},
            ],
        }
    ],
    "matching": {"procedure": "random"},
}


@transaction.atomic
def begin(*, by: User, template: str = "", program: Program | None = None) -> ProgramDraft:
    """A draft from a template, from the latest version of a program, or from next to nothing."""
    if program is not None and program.slug in catalog.slugs():
        # A school's own version of a template is a program of its own: the template stays.
        template, program = program.slug, None
    if program is not None:
        last = program.versions.order_by("-number").first()
        document = dict(last.document) if last else dict(EMPTY)
    elif template:
        if template not in catalog.slugs():
            raise DomainError(_("There is no such template."), field="template")
        document = _own(catalog.spec(template))
    else:
        document = dict(EMPTY)
    draft = ProgramDraft.objects.create(
        program=program, base=document, document=document, created_by=by
    )
    audit.record(by=by, action="draft.begun", subject=draft, template=template)
    return draft


def _own(spec: ProgramSpec) -> dict[str, Any]:
    """A template as the beginning of a school's own program: where it comes from stays said."""
    document = json.loads(json.dumps(spec.document))
    document["source"] = _("Based on “%(title)s”, %(school)s. %(source)s") % {
        "title": spec.title,
        "school": spec.school,
        "source": spec.source,
    }
    return dict(document)


@transaction.atomic
def change(
    *,
    draft: ProgramDraft,
    document: dict[str, Any],
    students: int | None,
    mentors: int | None,
    by: User,
) -> ProgramSpec:
    """Keep another document, if it is a program; ``SpecError`` says what is wrong."""
    spec = load(tidy(document))
    ProgramDraft.objects.filter(pk=draft.pk).update(
        document=spec.document, students=students, mentors=mentors, changed_at=clock.now()
    )
    draft.refresh_from_db()
    draft.__dict__.pop("spec", None)
    audit.record(by=by, action="draft.changed", subject=draft)
    return spec


def tidy(document: dict[str, Any]) -> dict[str, Any]:
    """Without notes about parts that are gone."""
    kept = [part for part in document.get("assumed", []) if follow(document, part["path"])]
    stated = [path for path in document.get("from_source", []) if follow(document, path)]
    return {**document, "assumed": kept, "from_source": stated}


@transaction.atomic
def publish(*, draft: ProgramDraft, by: User) -> ProgramVersion:
    """Make the draft a version that cohorts can follow. Those that run keep theirs."""
    held = ProgramDraft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if held is None:
        raise DomainError(_("This draft was published or thrown away already."))
    try:
        spec = load(held.document)
    except SpecError as error:
        raise DomainError(str(error)) from None
    program = held.program
    last = program.versions.order_by("-number").first() if program else None
    if program is not None and last is not None and last.document == held.document:
        raise DomainError(_("Nothing has changed since version %(n)d.") % {"n": last.number})
    if program is None:
        program = Program.objects.create(
            slug=_free_slug(spec.title), name=spec.title, school=spec.school
        )
    document = {**held.document, "slug": program.slug}
    Program.objects.filter(pk=program.pk).update(name=spec.title, school=spec.school)
    version = ProgramVersion.objects.create(
        program=program, number=last.number + 1 if last else 1, document=load(document).document
    )
    ImprovementAction.objects.filter(program=program, version=None, done_at__isnull=False).update(
        version=version
    )
    held.delete()
    audit.record(by=by, action="program.published", subject=version, number=version.number)
    return version


@transaction.atomic
def discard(*, draft: ProgramDraft, by: User) -> None:
    """Throw a draft away; versions stay."""
    audit.record(by=by, action="draft.discarded", subject=draft)
    draft.delete()


def _free_slug(title: str) -> str:
    base = slugify(title)[:40] or "program"
    taken = {*catalog.slugs(), *catalog.PAGES, *Program.objects.values_list("slug", flat=True)}
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
