"""M20: an agreement that is still unsigned."""

import pytest

from evaluation.models import Flag
from evaluation.monitoring import scan
from mentoring.outbox import Notification, Suppress
from mentoring.outbox.delivery.compose import compose
from sessions.agreement_terms import Terms
from sessions.services import agreements
from tests.evaluation.conftest import after, day, mails
from tests.factories import meeting, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def required(cohort):
    """A cohort whose program asks for an agreement."""
    version = cohort.edition.version
    version.document["requirements"].append(
        {"slug": "agreement", "kind": "agreement", "role": "student"}
    )
    version.save()
    return cohort


def reminded(number: int) -> int:
    with day(number):
        scan()
    return len(mails("agreement_unsigned"))


def propose(mentorship, number):
    with day(number):
        return agreements.propose(mentorship=mentorship, terms=Terms(), by=mentorship.mentor.person)


def test_nobody_is_reminded_of_what_nobody_asked_for(cohort):
    pair(cohort)
    assert reminded(28) == 0


def test_after_four_weeks_both_are_reminded_once(required):
    pair(required)
    assert [reminded(number) for number in (27, 28, 30, 60)] == [0, 2, 2, 2]
    assert not Flag.objects.filter(rule="agreement-unsigned").exists()


def test_or_after_the_second_meeting(required):
    made = pair(required)
    for number in (3, 9):
        meeting(made, after(number), state="held")
    assert reminded(9) == 2


def test_a_proposal_reminds_those_who_have_not_signed_a_week_later(cohort):
    made = pair(cohort)
    propose(made, 30)
    assert [reminded(number) for number in (36, 37)] == [0, 1]
    assert mails("agreement_unsigned") == [f"agreement_unsigned to {made.student.person.email}"]


def test_a_signed_agreement_ends_it_and_takes_back_the_mail(required):
    made = pair(required)
    row = propose(made, 21)
    assert reminded(28) == 1
    note = Notification.objects.get(kind="agreement_unsigned")
    with day(28, hour=13):
        assert "lacks your signature" in compose(note).body
        agreements.sign(agreement=row, by=made.student.person)
        assert isinstance(compose(note), Suppress)
    assert reminded(29) == 1


def test_it_says_what_to_do_where_nothing_is_proposed(required):
    pair(required)
    reminded(28)
    with day(28, hour=13):
        body = compose(Notification.objects.filter(kind="agreement_unsigned").first()).body
    assert "have not agreed yet" in body
