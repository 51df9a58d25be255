"""What policies answer to the ports: gates of activation, readiness, and the card of a home."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring.accounts.models import User
from mentoring.ports import Card, ReadinessItem
from programs import queries_policies as queries
from programs.models import Cohort, Enrollment


def activation_gates(enrollment: Enrollment) -> Iterable[str | Promise]:
    """Policies that are needed before taking part and not confirmed yet."""
    if not (enrollment.is_student or enrollment.is_mentor):
        return []
    return [
        gettext_lazy("“%(title)s” is still to be read and confirmed.") % {"title": policy.title}
        for policy in queries.open_among([enrollment])
        if policy.required
    ]


def readiness_items(cohort: Cohort) -> Iterable[ReadinessItem]:
    """Whether texts are published, and whether people have answered. Neither stops anything.

    A cohort that has none needs none: nothing is said there.
    """
    policies = [row for row in queries.policies_of(cohort) if row.retired_at is None]
    if not policies:
        return
    url = reverse("programs:policies", args=[cohort.key])
    published = [row for row in policies if row.current]  # type: ignore[attr-defined]
    drafts = sum(row.has_draft for row in policies)  # type: ignore[attr-defined]
    yield ReadinessItem(
        slug="policies",
        title=gettext_lazy("Policies are published"),
        state="green" if published and not drafts else "amber",
        detail=_published_words(len(published), drafts),
        url=url,
        action="" if published and not drafts else gettext_lazy("Look at them"),
        order=64,
        must=False,
    )
    asking = [row for row in published if not row.is_consent]
    counts = queries.counts(cohort, asking).values() if asking else ()
    asked = max((one.asked for one in counts), default=0)
    if not asked:
        return
    behind = min(counts, key=lambda one: one.answered - one.asked)
    done = all(one.open == 0 for one in counts)
    yield ReadinessItem(
        slug="policies_confirmed",
        title=gettext_lazy("Everyone has confirmed the policies"),
        state="green" if done else "amber",
        detail=_("%(n)d of %(all)d have confirmed.") % {"n": behind.answered, "all": behind.asked},
        url=url,
        action="" if done else gettext_lazy("Remind them"),
        order=66,
        must=False,
    )


def _published_words(published: int, drafts: int) -> str:
    if drafts:
        words = ngettext(
            "%(n)d draft is not published yet.", "%(n)d drafts are not published yet.", drafts
        )
        return words % {"n": drafts}
    return ngettext("%(n)d text.", "%(n)d texts.", published) % {"n": published}


def cards(user: User) -> Iterable[Card]:
    """What waits for an answer, for those who are asked."""
    places = queries.live_places(user)
    waiting = queries.open_among(places)
    if not waiting:
        return
    students = any(place.is_student for place in places)
    yield Card(
        "policies",
        "student" if students else "mentor",
        12,
        "programs/home/policies.html",
        {"policies": waiting},
    )
