"""The policies of the demo: two published, a consent in draft, one person still to answer."""

from mentoring.accounts.models import User
from programs import queries_policies as queries
from programs.models import Cohort, Policy, PolicyReply
from programs.services import policies, policy_answers


def publish(cohort: Cohort, by: User, silent: str) -> None:
    """Our drafts, the two that everyone confirms published; all but one person have done so."""
    policies.add_starters(cohort=cohort, by=by)
    for row in cohort.policies.all():
        draft = queries.draft_of(row)
        if row.required and draft is not None:
            policies.publish(policy=row, by=by, seen=policies.seal(draft))
            _confirm(row, silent)
        elif not row.is_consent:
            policies.discard(policy=row, by=by)


def _confirm(row: Policy, silent: str) -> None:
    places = queries.asked(row).exclude(person__email=silent).select_related("person")
    for person in dict.fromkeys(place.person for place in places):
        policy_answers.answer(policy=row, reply=PolicyReply.ACKNOWLEDGED, number=1, by=person)
