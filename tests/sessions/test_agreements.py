"""An agreement holds when everyone who is there has signed it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from matching.models import Membership, Mentorship
from mentoring import clock
from mentoring.errors import DomainError
from mentoring.outbox import Notification, Suppress
from mentoring.outbox.delivery.compose import compose
from programs.spec import catalog
from sessions import agreements
from sessions import ports as answers
from sessions.agreement_terms import Terms, suggested
from sessions.circle import circle
from sessions.models import Agreement, AgreementBody
from sessions.services import agreements as services
from tests.factories import EnrollmentFactory, member, pair
from tests.sessions.conftest import NOW

DAY = timedelta(days=1)
WORDS = "We want to get through anatomy together"
TERMS = Terms(aims=WORDS)


def propose(two, by, terms=TERMS, at=NOW):
    with clock.at(at):
        return services.propose(mentorship=two.mentorship, terms=terms, by=by)


def sign(row, by, at=NOW):
    with clock.at(at):
        return services.sign(agreement=row, by=by)


def standing(two):
    return agreements.standing(circle(two.mentorship))


def status(two):
    row = agreements.with_status(Mentorship.objects.filter(pk=two.mentorship.pk)).get()
    assert row.agreement_status == standing(two).status
    return row.agreement_status


def test_a_proposal_is_signed_by_who_makes_it_and_holds_when_the_other_signed(two):
    assert status(two) == "none"
    row = propose(two, two.mentor)
    assert status(two) == "proposed"
    assert [m.person_id for m in standing(two).missing] == [two.student.pk]
    sign(row, two.student, NOW + DAY)
    assert status(two) == "signed"
    assert list(row.signatures.values_list("person", "signed_at")) == [
        (two.mentor.pk, NOW),
        (two.student.pk, NOW + DAY),
    ]


def test_a_signed_version_holds_until_the_next_is_signed_by_all(two):
    first = propose(two, two.mentor)
    sign(first, two.student)
    second = propose(two, two.student, replace(TERMS, rhythm="weeks", every=2))
    now = standing(two)
    assert (now.in_force, now.pending) == (first, second)
    assert agreements.agreed([two.cohort.pk])[two.mentorship.pk].meeting_days == 30
    sign(second, two.mentor, NOW + DAY)
    now = standing(two)
    assert (now.in_force, now.pending) == (second, None)
    found = agreements.agreed([two.cohort.pk])[two.mentorship.pk]
    assert (found.meeting_days, found.since) == (14, NOW + DAY)
    first.refresh_from_db()
    assert first.closed_at is not None


def test_a_counter_proposal_takes_the_place_of_the_open_one(two):
    first = propose(two, two.mentor)
    second = propose(two, two.student, replace(TERMS, minutes=60))
    with pytest.raises(DomainError, match="newer version"):
        sign(first, two.student)
    assert standing(two).pending == second


def test_a_new_member_signs_the_version_that_stands(group):
    row = propose(group, group.mentor)
    sign(row, group.student)
    assert status(group) == "proposed"
    sign(row, group.other)
    assert status(group) == "signed"
    newcomer = EnrollmentFactory(cohort=group.cohort)
    member(group.mentorship, newcomer)
    assert status(group) == "proposed"
    assert [one.pk for one in agreements.waiting_for(newcomer.person)] == [row.pk]
    assert agreements.agreed([group.cohort.pk]) == {}
    sign(row, newcomer.person)
    assert status(group) == "signed"
    assert agreements.waiting_for(newcomer.person) == []


def test_who_left_need_not_sign(group):
    row = propose(group, group.mentor)
    sign(row, group.student)
    Membership.objects.filter(person=group.other).update(ended_at=NOW)
    assert status(group) == "signed"


def test_signing_twice_is_the_same_as_once_and_strangers_do_not_sign(two):
    row = propose(two, two.mentor)
    sign(row, two.student)
    sign(row, two.student)
    assert row.signatures.count() == 2
    outsider = EnrollmentFactory(cohort=two.cohort, role="coordinator").person
    with pytest.raises(DomainError, match="not part of this mentorship"):
        sign(row, outsider)


def test_the_same_terms_are_no_new_version(two):
    propose(two, two.mentor)
    with pytest.raises(DomainError, match="stands there already"):
        propose(two, two.student)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(every=9),
        Terms(rhythm="weeks", every=5),
        Terms(channels=("fax",)),
        Terms(aims="x" * 2001),
    ],
)
def test_what_cannot_be_agreed_upon_is_refused(two, terms):
    with pytest.raises(DomainError):
        propose(two, two.mentor, terms)
    assert not Agreement.objects.exists()


def test_a_proposal_can_be_taken_back_by_who_made_it(two):
    row = propose(two, two.mentor)
    with pytest.raises(DomainError, match="Only who proposed"):
        services.withdraw(agreement=row, by=two.student)
    services.withdraw(agreement=row, by=two.mentor)
    assert status(two) == "none"


def test_an_ended_mentorship_agrees_on_nothing(two):
    row = propose(two, two.mentor)
    Mentorship.objects.update(state="dissolved", ended_at=NOW)
    with pytest.raises(DomainError, match="has ended"):
        sign(row, two.student)


def test_words_are_sealed(two):
    row = propose(two, two.mentor)
    with connection.cursor() as cursor:
        cursor.execute("select sealed from meetings_agreementbody")
        assert all(b"anatomy" not in bytes(line[0]) for line in cursor.fetchall())
    assert services.read(row).aims == WORDS


def test_a_member_reads_the_versions_of_her_time(two):
    first = propose(two, two.mentor)
    sign(first, two.student)
    second = propose(two, two.mentor, replace(TERMS, minutes=60), NOW + DAY)
    sign(second, two.student, NOW + DAY)
    newcomer = EnrollmentFactory(cohort=two.cohort)
    member(two.mentorship, newcomer, started_at=NOW + 2 * DAY)
    assert list(agreements.history(two.mentorship, newcomer.person)) == [second]
    Membership.objects.filter(person=two.student).update(ended_at=NOW + 3 * DAY)
    third = propose(two, two.mentor, replace(TERMS, minutes=30), NOW + 4 * DAY)
    assert third not in agreements.history(two.mentorship, two.student)


# --- Mails ---------------------------------------------------------------------------------------


def mail(kind, person):
    return compose(Notification.objects.get(kind=kind, recipient=person))


def test_the_other_side_signs_from_the_mail_without_words_of_the_pair(two):
    row = propose(two, two.mentor)
    text = mail("agreement_proposed", two.student)
    assert f"{two.mentor.full_name} proposes an agreement" in text.subject
    url = re.search(r"Read and sign: http://[^/]+(\S+)", text.body)[1]
    page = Client().get(url).content.decode()
    assert "We meet: once a month" in page
    assert "anatomy" not in page + text.body
    assert row.signatures.count() == 1
    said = Client().post(url).content.decode()
    assert "Everyone has signed now" in said
    assert status(two) == "signed"
    for person in (two.student, two.mentor):
        assert "is signed" in mail("agreement_signed", person).subject


def test_a_mail_about_a_version_that_was_signed_or_replaced_is_not_sent(two):
    row = propose(two, two.mentor)
    services.sign(agreement=row, by=two.student)
    assert isinstance(mail("agreement_proposed", two.student), Suppress)
    propose(two, two.student, replace(TERMS, minutes=60))
    propose(two, two.mentor, replace(TERMS, minutes=90))
    assert isinstance(mail("agreement_proposed", two.mentor), Suppress)


def test_a_link_to_a_replaced_version_signs_nothing(two):
    propose(two, two.mentor)
    url = re.search(
        r"Read and sign: http://[^/]+(\S+)", mail("agreement_proposed", two.student).body
    )[1]
    propose(two, two.mentor, replace(TERMS, minutes=60))
    assert "newer version" in Client().post(url).content.decode()
    assert status(two) == "proposed"


# --- What a program suggests ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "rhythm", "every", "contact_weeks"),
    [("semmelweis", "month", 1, 1), ("delhi", "month", 1, 0), ("tromso", "weeks", 13, 0)],
)
def test_the_suggestion_follows_the_programs_cadence(slug, rhythm, every, contact_weeks):
    terms = suggested(catalog.spec(slug))
    assert (terms.rhythm, terms.every, terms.contact_weeks) == (rhythm, every, contact_weeks)
    assert terms.checked() == terms


# --- Others ask ----------------------------------------------------------------------------------


def test_a_person_gets_what_she_signed(two):
    sign(propose(two, two.mentor), two.student)
    (found,) = answers.person_export(two.student)["agreements"]
    assert found["says"]["What we want to reach"] == WORDS


def test_erasure_takes_what_only_she_signed_and_leaves_what_both_did(two):
    sign(propose(two, two.mentor), two.student)
    alone = propose(two, two.mentor, replace(TERMS, minutes=60))
    answers.person_erased(two.mentor)
    assert not AgreementBody.objects.filter(agreement=alone).exists()
    assert services.read(standing(two).in_force).aims == WORDS


def test_standing_agreements_of_a_cohort_cost_one_query(two, django_assert_num_queries):
    for _ in range(3):
        other = pair(two.cohort)
        row = services.propose(mentorship=other, terms=TERMS, by=other.mentor.person)
        services.sign(agreement=row, by=other.student.person)
    with django_assert_num_queries(1):
        assert len(agreements.agreed([two.cohort.pk])) == 3
