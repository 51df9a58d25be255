"""Policies and consent texts: written as drafts, published in versions, retired."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mentoring import audit, clock, outbox
from mentoring.errors import DomainError
from programs import queries_policies as queries
from programs.models import Cohort, Enrollment, Policy, PolicyVersion
from programs.policy_starters import Starter, starters
from programs.services.policy_answers import activate_waiting

if TYPE_CHECKING:
    from mentoring.accounts.models import User

TEXT_MAX = 20_000
STEP = 10


@transaction.atomic
def add(*, cohort: Cohort, by: "User | None", text: str, **fields: Any) -> Policy:
    """A new policy with its first draft: title, kind, audience, required. Nobody is asked yet."""
    last = cohort.policies.aggregate(last=Max("order"))["last"] or 0
    policy = Policy(cohort=cohort, order=last + STEP)
    _set(policy, fields)
    policy.save()
    PolicyVersion.objects.create(policy=policy, number=1, text=_clean(text))
    audit.record(by=by, action="policy.added", subject=policy, cohort=cohort)
    return policy


@transaction.atomic
def change(*, policy: Policy, by: "User | None", **fields: Any) -> Policy:
    """For whom it is, whether it is needed, its place in the list; title and kind of a draft.

    People who are active already stay so, whatever is needed from now on.
    """
    held = Policy.objects.select_for_update().get(pk=policy.pk)
    before = {name: getattr(held, name) for name in fields}
    published = queries.current_version(held) is not None
    _set(held, fields)
    changed = sorted(name for name, value in before.items() if getattr(held, name) != value)
    if published and {"title", "kind"} & set(changed):
        raise DomainError(
            _("People have read it under this title: add a new one instead."), field="title"
        )
    if changed:
        held.save(update_fields=changed)
        audit.record(
            by=by, action="policy.changed", subject=held, cohort=held.cohort_id, fields=changed
        )
        activate_waiting(cohort=held.cohort, by=by)
    return held


@transaction.atomic
def add_starters(*, cohort: Cohort, by: "User | None") -> int:
    """Our drafts, those left out whose title is taken; how many were added."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    wanted = missing_starters(cohort, cohort.policies.values_list("title", flat=True))
    for one in wanted:
        add(
            cohort=cohort, by=by, text=one.text,
            title=str(one.title), kind=one.kind, required=one.required,
        )  # fmt: skip
    return len(wanted)


def missing_starters(cohort: Cohort, titles: Iterable[str]) -> list[Starter]:
    """Those of our drafts whose title none of these has."""
    taken = {title.casefold() for title in titles}
    return [one for one in starters(cohort) if str(one.title).casefold() not in taken]


def _set(policy: Policy, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(policy, name, value)
    policy.title = " ".join(policy.title.split())
    if not policy.title:
        raise DomainError(_("Give it a title."), field="title")
    if policy.is_consent and policy.required:
        raise DomainError(
            _("A consent is free, so taking part cannot depend on it. Choose one of the two."),
            field="required",
        )


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise DomainError(_("Write the text."), field="text")
    if len(text) > TEXT_MAX:
        raise DomainError(
            _("That is longer than %(most)d characters.") % {"most": TEXT_MAX}, field="text"
        )
    return text


@transaction.atomic
def revise(*, policy: Policy, by: "User | None") -> PolicyVersion:
    """The draft of the next version, begun from the text in force unless there is one already."""
    held = Policy.objects.select_for_update().get(pk=policy.pk)
    if draft := queries.draft_of(held):
        return draft
    if held.retired_at is not None:
        raise DomainError(_("It is retired. Bring it back before you write a new version."))
    current = queries.current_version(held)
    assert current is not None  # noqa: S101 (a policy has a draft or a published version)
    draft = PolicyVersion.objects.create(policy=held, number=current.number + 1, text=current.text)
    audit.record(by=by, action="policy.revised", subject=held, cohort=held.cohort_id)
    return draft


@transaction.atomic
def save_draft(
    *,
    draft: PolicyVersion,
    by: "User | None",
    text: str,
    changes: str = "",
    asks_again: bool = True,
) -> PolicyVersion:
    """Write the draft. A version that was published meanwhile stays as it is."""
    wanted = {
        "text": _clean(text),
        "changes": " ".join(changes.split()),
        "asks_again": asks_again or draft.number == 1,
    }
    if all(getattr(draft, name) == value for name, value in wanted.items()):
        return draft
    now = clock.now()
    rows = PolicyVersion.objects.filter(pk=draft.pk, published_at=None)
    if not rows.update(**wanted, changed_at=now):
        raise DomainError(
            _("This version was published or thrown away meanwhile. Begin a new one.")
        )
    for name, value in wanted.items():
        setattr(draft, name, value)
    draft.changed_at = now
    policy = draft.policy
    audit.record(by=by, action="policy.drafted", subject=policy, cohort=policy.cohort_id)
    return draft


def seal(draft: PolicyVersion) -> str:
    """Names a state of a draft: who publishes, publishes what she has seen."""
    return f"{draft.number}.{draft.changed_at:%Y%m%d%H%M%S%f}"


def will_be_asked(policy: Policy, draft: PolicyVersion) -> int:
    """How many places the publication would ask at once."""
    return queries.asked(policy).count() if draft.asks_again else 0


@transaction.atomic
def publish(*, policy: Policy, by: "User | None", seen: str) -> int:
    """Publish the draft as it was seen; how many mails go to those who are asked now."""
    held = Policy.objects.select_for_update().get(pk=policy.pk)
    draft = queries.draft_of(held)
    if draft is None:
        raise DomainError(_("There is no draft: it was published or thrown away meanwhile."))
    if seal(draft) != seen:
        raise DomainError(_("The draft was changed meanwhile. Read it again, then publish it."))
    if draft.number > 1 and not draft.changes:
        raise DomainError(_("Say in a line what changed, for those who know the text."))
    PolicyVersion.objects.filter(pk=draft.pk, published_at=None).update(
        published_at=clock.now(), published_by=by
    )
    audit.record(
        by=by, action="policy.published", subject=held, cohort=held.cohort_id, version=draft.number
    )
    return _mail(held, queries.unanswered(held)) if draft.asks_again else 0


@transaction.atomic
def discard(*, policy: Policy, by: "User | None") -> None:
    """Throw the draft away; with it the policy, if nothing of it was ever published."""
    held = Policy.objects.select_for_update().get(pk=policy.pk)
    held.versions.filter(published_at=None).delete()
    audit.record(by=by, action="policy.discarded", subject=held, cohort=held.cohort_id)
    if not held.versions.exists():
        held.delete()


@transaction.atomic
def retire(*, policy: Policy, by: "User | None", retired: bool = True) -> None:
    """Ask nobody any more, or ask again. What was answered stays, and can be withdrawn."""
    rows = Policy.objects.filter(pk=policy.pk, retired_at__isnull=retired)
    if not rows.update(retired_at=clock.now() if retired else None):
        return
    what = "policy.retired" if retired else "policy.restored"
    audit.record(by=by, action=what, subject=policy, cohort=policy.cohort_id)
    if retired:
        activate_waiting(cohort=policy.cohort, by=by)


@transaction.atomic
def remind(*, policy: Policy, by: "User | None") -> int:
    """Write to those who have not answered; a person gets one such mail a day. How many."""
    found = queries.in_force(Policy.objects.filter(pk=policy.pk)).first()
    if found is None:
        raise DomainError(_("Nobody is asked about it now."))
    count = _mail(found, queries.unanswered(found))
    if count:
        audit.record(
            by=by, action="policy.reminded", subject=policy, cohort=policy.cohort_id, people=count
        )
    return count


def _mail(policy: Policy, places: Iterable[Enrollment]) -> int:
    """One mail names all that is open in the cohort, so several acts of a day make one of it."""
    cohort = policy.cohort
    day = clock.today(cohort.zone)
    people = {place.person_id: place.person for place in places.select_related("person")}  # type: ignore[attr-defined]
    return outbox.enqueue_many(
        outbox.Draft(
            kind="policies_open",
            recipient=person,
            dedupe_key=f"policies_open:{cohort.pk}:{pk}:{day:%Y%m%d}",
            context={"cohort": cohort.pk},
            about=f"policies:{cohort.pk}:{pk}",
        )
        for pk, person in people.items()
    )
