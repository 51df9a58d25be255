"""What is kept about a person in agreements and goals, and what goes with her."""

from typing import Any

from mentoring.accounts.models import User
from sessions import private
from sessions.agreement_terms import lines, of
from sessions.models import Agreement, Goal, GoalProgress
from sessions.services import goals


def agreement_export(user: User) -> dict[str, Any]:
    """The versions she signed with what they say, and the goals she set or moved on."""
    signed = Agreement.objects.filter(signatures__person=user).select_related("body")
    rows = list(signed.order_by("pk"))
    texts = private.texts(rows)
    moments = dict(
        Agreement.objects.filter(signatures__person=user).values_list("pk", "signatures__signed_at")
    )
    own = list(Goal.objects.filter(set_by=user).select_related("body").order_by("pk"))
    said = goals.words(own)
    return {
        "agreements": [
            {
                "version": row.number,
                "proposed": row.proposed_at,
                "signed": moments[row.pk],
                "says": {
                    str(line.label): str(line.text)
                    for line in lines(of(row, texts.get(row.pk, "")))
                },
            }
            for row in rows
        ],
        "goals": [
            {
                "set": row.created_at,
                "title": said.get(row.pk, goals.Words()).title,
                "state": row.state,
                "percent": row.percent,
                "reason": said.get(row.pk, goals.Words()).reason,
            }
            for row in own
        ],
        "progress": list(
            GoalProgress.objects.filter(noted_by=user).order_by("pk").values("at", "percent")
        ),
    }


def agreement_erased(user: User) -> None:
    """Her goals' words go, and those of proposals that nobody else has signed.

    What both have signed is the partner's record as much as hers: it stays for the partner.
    """
    proposed = Agreement.objects.filter(proposed_by=user)
    joint = proposed.filter(signatures__person__in=User.objects.exclude(pk=user.pk))
    private.erase(proposed.exclude(pk__in=joint.values("pk")))
    private.erase(Goal.objects.filter(set_by=user))
