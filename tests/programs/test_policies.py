"""Policies and consents: versions never change, answers are kept, and the last one stands."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import clock, ports
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from programs import policy_ports
from programs import queries_policies as queries
from programs.models import Cohort, Enrollment, Policy, PolicyAnswer, PolicyVersion
from programs.readiness import readiness
from programs.services import enrollments, policies, policy_answers
from tests.factories import CohortFactory, EnrollmentFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2021, 9, 6, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOW):
        yield


@pytest.fixture
def cohort():
    return CohortFactory(state="recruiting")


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.fixture
def student(cohort):
    return EnrollmentFactory(cohort=cohort)


def published(cohort, text="Be kind.", **fields):
    row = policies.add(cohort=cohort, by=None, text=text, **{"title": "Code of conduct"} | fields)
    publish(row)
    return row


def publish(row, by=None):
    return policies.publish(policy=row, by=by, seen=policies.seal(queries.draft_of(row)))


def consent(cohort, **fields):
    return published(cohort, **{"title": "Research", "kind": "consent"} | fields)


def next_version(row, text, **fields):
    draft = policies.revise(policy=row, by=None)
    policies.save_draft(draft=draft, by=None, text=text, **{"changes": "A word."} | fields)
    publish(row)


def say(row, place, reply="acknowledged"):
    number = queries.current_version(row).number
    policy_answers.answer(policy=row, reply=reply, number=number, by=place.person)


def count(row):
    return queries.counts(row.cohort, [row])[row.pk]


# --- Versions ------------------------------------------------------------------------------------


def test_a_published_version_never_changes(cohort):
    row = published(cohort)
    version = row.versions.get()
    version.text = "Be cruel."
    with pytest.raises(TypeError):
        version.save()
    version.refresh_from_db()
    with pytest.raises(DomainError, match="published or thrown away"):
        policies.save_draft(draft=version, by=None, text="Be cruel.")
    assert row.versions.get().text == "Be kind."


def test_one_draft_at_a_time_begun_from_the_text_in_force(cohort):
    row = published(cohort)
    draft = policies.revise(policy=row, by=None)
    assert (draft.number, draft.text) == (2, "Be kind.")
    assert policies.revise(policy=row, by=None).pk == draft.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.create(policy=row, number=3, text="Another")


def test_what_is_published_is_what_was_seen(cohort):
    row = policies.add(cohort=cohort, by=None, title="Conduct", text="Be kind.")
    seen = policies.seal(queries.draft_of(row))
    with clock.at(NOW + timedelta(minutes=1)):
        policies.save_draft(draft=queries.draft_of(row), by=None, text="Be kind, always.")
    with pytest.raises(DomainError, match="changed meanwhile"):
        policies.publish(policy=row, by=None, seen=seen)
    publish(row)
    with pytest.raises(DomainError, match="no draft"):
        policies.publish(policy=row, by=None, seen=seen)


def test_a_later_version_says_what_changed(cohort):
    row = published(cohort)
    policies.revise(policy=row, by=None)
    with pytest.raises(DomainError, match="what changed"):
        publish(row)


def test_a_draft_thrown_away_takes_an_unpublished_policy_along(cohort):
    row = policies.add(cohort=cohort, by=None, title="Conduct", text="Be kind.")
    policies.discard(policy=row, by=None)
    assert not Policy.objects.exists()
    row = published(cohort)
    policies.revise(policy=row, by=None)
    policies.discard(policy=row, by=None)
    assert [one.number for one in row.versions.all()] == [1]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "  "}, "title"),
        ({"text": " \n"}, "text"),
        ({"text": "a" * 20_001}, "text"),
        ({"kind": "consent", "required": True}, "required"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(cohort, fields, field):
    with pytest.raises(DomainError) as error:
        policies.add(cohort=cohort, by=None, **{"title": "A", "text": "b"} | fields)
    assert error.value.field == field
    assert not Policy.objects.exists()


def test_title_and_kind_stay_once_people_have_read_it(cohort):
    row = published(cohort)
    with pytest.raises(DomainError, match="under this title"):
        policies.change(policy=row, by=None, title="Something else")
    policies.change(policy=row, by=None, audience="mentors", required=True)
    row.refresh_from_db()
    assert (row.title, row.audience, row.required) == ("Code of conduct", "mentors", True)


def test_our_drafts_come_once_and_say_what_the_program_promises(cohort, boss):
    assert policies.add_starters(cohort=cohort, by=boss) == 4
    assert policies.add_starters(cohort=cohort, by=boss) == 0
    assert not queries.in_force(cohort.policies.all()).exists()
    text = cohort.policies.get(title="Confidentiality and its limits").versions.get().text
    assert "%(" not in text
    assert "Coordinators see" in text or "Nothing leaves the pair" in text


# --- Answers -------------------------------------------------------------------------------------


def test_the_last_answer_stands_and_the_earlier_ones_are_kept(cohort, student):
    row = consent(cohort)
    for reply in ("refused", "agreed", "agreed"):
        say(row, student, reply)
    policy_answers.withdraw(policy=row, by=student.person)
    kept = PolicyAnswer.objects.order_by("pk")
    assert [one.answer for one in kept] == ["refused", "agreed", "withdrawn"]
    assert [one.replaced_at is None for one in kept] == [False, False, True]


def test_the_database_lets_one_answer_stand(cohort, student):
    row = consent(cohort)
    say(row, student, "agreed")
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyAnswer.objects.create(
            policy=row, version=row.versions.get(), enrollment=student, answer="refused"
        )


@pytest.mark.parametrize(("kind", "reply"), [("policy", "agreed"), ("consent", "acknowledged")])
def test_each_kind_has_its_answers(cohort, student, kind, reply):
    row = published(cohort, kind=kind)
    with pytest.raises(DomainError, match="one of the answers"):
        say(row, student, reply)
    assert not PolicyAnswer.objects.exists()


def test_an_answer_is_to_the_version_that_was_read(cohort, student):
    row = published(cohort)
    next_version(row, "Be kind, always.")
    with pytest.raises(DomainError, match="read it again"):
        policy_answers.answer(policy=row, reply="acknowledged", number=1, by=student.person)


def test_only_those_whom_it_is_for_are_asked(cohort, student):
    mentor = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    row = published(cohort, audience="mentors")
    assert (queries.open_for(student.person), queries.open_for(mentor.person)) == ([], [row])
    with pytest.raises(DomainError, match="not asked"):
        say(row, student)
    say(row, mentor)
    assert queries.open_for(mentor.person) == []


def test_a_small_correction_asks_nobody_again_and_a_change_everybody(cohort, student):
    row = published(cohort)
    say(row, student)
    next_version(row, "Be kind!", asks_again=False)
    assert (queries.open_for(student.person), count(row).open) == ([], 0)
    next_version(row, "Be kind, always.")
    assert (queries.open_for(student.person), count(row).open) == ([row], 1)
    assert list(queries.unanswered(row)) == [student]
    say(row, student)
    assert list(queries.said_yes(row)) == [student]


def test_somebody_with_two_places_answers_once(cohort, student):
    EnrollmentFactory(cohort=cohort, person=student.person, role=Role.JUNIOR_MENTOR)
    row = published(cohort)
    say(row, student)
    assert queries.open_for(student.person) == []
    assert (count(row).asked, count(row).answered) == (2, 2)


def test_a_consent_is_withdrawn_after_leaving_and_after_it_was_retired(cohort, student, as_user):
    row = consent(cohort)
    say(row, student, "agreed")
    enrollments.withdraw(enrollment=student, by=student.person)
    policies.retire(policy=row, by=None)
    page = reverse("programs:my_policy", args=[row.key])
    assert as_user(student.person).get(page).status_code == 200
    as_user(student.person).post(page, {"answer": "withdrawn"})
    assert PolicyAnswer.objects.get(replaced_at=None).answer == "withdrawn"
    with pytest.raises(DomainError, match="no agreement"):
        policy_answers.withdraw(policy=row, by=student.person)


def test_what_somebody_said_to_a_consent_stands_in_no_history(cohort, student):
    row = consent(cohort)
    say(row, student, "refused")
    [event] = Event.objects.filter(action="policy.answered")
    assert event.data == {}
    from programs.presenters import history

    assert not {"policy.answered", "policy.withdrawn"} & set(history.WORDS)


# --- Being active --------------------------------------------------------------------------------


@pytest.fixture
def running(cohort):
    Cohort.objects.filter(pk=cohort.pk).update(state="running")
    cohort.refresh_from_db()
    return cohort


def test_who_has_not_confirmed_what_is_needed_becomes_active_by_confirming(running):
    row = published(running, required=True)
    place = EnrollmentFactory(cohort=running, state="applied")
    enrollments.accept(enrollment=place, by=None)
    assert place.state == "accepted"
    assert enrollments.gates(place) == ["“Code of conduct” is still to be read and confirmed."]
    say(row, place)
    place.refresh_from_db()
    assert place.state == "active"


def test_nobody_who_is_active_stops_being_so(running, student):
    row = published(running, required=True)
    next_version(row, "Be kind, always.")
    student.refresh_from_db()
    assert student.state == "active"


def test_once_it_is_needed_no_more_those_who_waited_become_active(running):
    row = published(running, required=True)
    place = EnrollmentFactory(cohort=running, state="accepted")
    policies.change(policy=row, by=None, required=False)
    place.refresh_from_db()
    assert place.state == "active"


def test_staff_and_consents_wait_for_nothing(running):
    published(running, required=True)
    consent(running)
    assert enrollments.gates(EnrollmentFactory(cohort=running, role=Role.SUPERVISOR)) == []
    place = EnrollmentFactory(cohort=running, state="accepted")
    assert len(enrollments.gates(place)) == 1


# --- Mails ---------------------------------------------------------------------------------------


def mails():
    return Notification.objects.filter(kind="policies_open")


def test_publishing_tells_those_who_are_asked_and_one_mail_a_day_names_all(cohort, student):
    assert published(cohort) is not None
    consent(cohort)
    assert [note.recipient for note in mails()] == [student.person]


def test_a_reminder_reaches_the_silent_once_a_day(cohort, student, boss):
    done = EnrollmentFactory(cohort=cohort)
    row = published(cohort)
    say(row, done)
    assert policies.remind(policy=row, by=boss) == 0
    with clock.at(NOW + timedelta(days=1)):
        assert policies.remind(policy=row, by=boss) == 1
        assert policies.remind(policy=row, by=boss) == 0
    assert mails().filter(recipient=student.person).count() == 2
    assert mails().filter(recipient=done.person).count() == 1


def test_the_mail_names_titles_and_nothing_once_all_is_answered(cohort, student):
    from mentoring.outbox import Suppress, kinds

    row = published(cohort)
    build = kinds.get("policies_open").build
    mail = build(mails().get())
    assert [one.title for one in mail.context["policies"]] == ["Code of conduct"]
    assert mail.context["url"].endswith(reverse("programs:my_policies"))
    say(row, student)
    assert isinstance(build(mails().get()), Suppress)


def test_a_correction_writes_to_nobody(cohort, student):
    row = published(cohort)
    mails().delete()
    next_version(row, "Be kind!", asks_again=False)
    assert not mails().exists()


def test_what_is_retired_asks_and_reminds_nobody(cohort, student):
    row = published(cohort)
    policies.retire(policy=row, by=None)
    assert queries.open_for(student.person) == []
    with pytest.raises(DomainError, match="Nobody is asked"):
        policies.remind(policy=row, by=None)
    policies.retire(policy=row, by=None, retired=False)
    assert queries.open_for(student.person) == [row]


# --- Readiness, export, erasure ------------------------------------------------------------------


def items(cohort):
    found = {one.slug: one for one in readiness(Cohort.objects.get(pk=cohort.pk))}
    return [(one.state, str(one.detail), one.must)
            for slug in ("policies", "policies_confirmed") if (one := found.get(slug))]  # fmt: skip


def test_readiness_says_what_is_missing_and_stops_nothing(cohort, student):
    assert items(cohort) == [], "a cohort without policies is not told to have some"
    row = policies.add(cohort=cohort, by=None, title="Conduct", text="Be kind.")
    assert items(cohort) == [("amber", "1 draft is not published yet.", False)]
    publish(row)
    assert items(cohort) == [
        ("green", "1 text.", False),
        ("amber", "0 of 1 have confirmed.", False),
    ]
    say(row, student)
    assert [one[0] for one in items(cohort)] == ["green", "green"]


def test_what_i_answered_is_in_my_export_and_goes_with_me(cohort, student):
    row = consent(cohort)
    say(row, student, "agreed")
    [mine] = [
        part["policy_answers"]
        for part in ports.PERSON_EXPORT.ask(student.person)
        if "policy_answers" in part
    ]
    assert [(one["policy__title"], one["version__text"], one["answer"]) for one in mine] == [
        ("Research", "Be kind.", "agreed")
    ]
    ports.PERSON_ERASED.tell(student.person)
    assert not PolicyAnswer.objects.exists()


def test_the_gate_of_one_person_costs_the_same_however_many_texts(cohort, student):
    costs = []
    for number in range(3):
        published(cohort, title=f"Text {number}", required=True)
        with CaptureQueriesContext(
            connection,
        ) as found:
            policy_ports.activation_gates(Enrollment.objects.get(pk=student.pk))
        costs.append(len(found))
    assert costs == [3, 3, 3]
