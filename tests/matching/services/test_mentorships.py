import pytest

from matching.models import Membership, Mentorship, PairRule
from matching.services import mentorships
from matching.services.inputs import snapshot
from matching.services.pair_rules import set_rule
from mentoring import ports
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox.delivery.compose import compose
from mentoring.outbox.models import Notification
from tests.factories import EnrollmentFactory, member, pair


def mails(kind):
    rows = Notification.objects.filter(kind=kind)
    return sorted(rows.values_list("recipient", flat=True))


def test_a_late_student_is_assigned_by_hand_and_both_are_told(cohort, coordinator, student, mentor):
    anna, kata = student(), mentor()
    mentorship = mentorships.assign(student=anna, mentor=kata, by=coordinator)
    assert mentorship.is_live
    assert mails("mentorship_formed") == sorted([anna.person_id, kata.person_id])
    event = Event.objects.get(action="mentorship.assigned")
    assert (event.actor, event.data) == (
        coordinator.pk,
        {"student": anna.pk, "mentor": kata.pk},
    )


def test_nobody_gets_more_students_than_places(student, mentor):
    kata = mentor(capacity=1)
    mentorships.assign(student=student(), mentor=kata, by=None)
    with pytest.raises(DomainError, match="has no place left"):
        mentorships.assign(student=student(), mentor=kata, by=None)


def test_a_student_has_one_mentor_at_a_time(student, mentor):
    anna = student()
    mentorships.assign(student=anna, mentor=mentor(), by=None)
    with pytest.raises(DomainError, match="has a mentor already"):
        mentorships.assign(student=anna, mentor=mentor(), by=None)


def test_a_pair_that_is_kept_apart_is_not_assigned(cohort, student, mentor):
    anna, kata = student(), mentor()
    set_rule(cohort=cohort, student=anna, mentor=kata, kind=PairRule.Kind.FORBID, by=None)
    with pytest.raises(DomainError, match="Keep apart"):
        mentorships.assign(student=anna, mentor=kata, by=None)


def test_people_of_different_cohorts_are_not_joined(student):
    with pytest.raises(DomainError, match="same cohort"):
        mentorships.assign(student=student(), mentor=EnrollmentFactory(role="mentor"), by=None)


def test_moving_ends_one_mentorship_and_begins_another(cohort, coordinator, mentor):
    old = pair(cohort)
    kata = mentor()
    new = mentorships.move(
        mentorship=old, student=old.student, mentor=kata, reason="fit", by=coordinator
    )
    old.refresh_from_db()
    assert (old.state, old.end_reason, old.ended_by, old.replaced_by) == (
        "dissolved",
        "fit",
        coordinator.key,
        new,
    )
    assert not old.memberships.filter(ended_at=None).exists()
    assert new.memberships.filter(ended_at=None).count() == 2
    # The student reads of her new mentor only; the mentor she had learns that it ended.
    assert mails("mentorship_ended") == [old.mentor.person_id]
    assert mails("mentorship_formed") == sorted([old.student.person_id, kata.person_id])


def test_a_move_to_a_full_mentor_changes_nothing(cohort, mentor):
    old, full = pair(cohort), mentor(capacity=0)
    with pytest.raises(DomainError, match="no place left"):
        mentorships.move(mentorship=old, student=old.student, mentor=full, reason="fit", by=None)
    old.refresh_from_db()
    assert old.is_live
    assert not Notification.objects.exists()


def test_a_move_to_her_own_mentor_is_refused(cohort):
    old = pair(cohort)
    with pytest.raises(DomainError, match="already"):
        mentorships.move(
            mentorship=old, student=old.student, mentor=old.mentor, reason="fit", by=None
        )


def test_ending_needs_a_reason_and_happens_once(cohort, coordinator):
    old = pair(cohort)
    with pytest.raises(DomainError, match="reason"):
        mentorships.end(mentorship=old, reason="his fault", by=coordinator)
    mentorships.end(mentorship=old, reason="time", by=coordinator)
    assert mails("mentorship_ended") == sorted([old.student.person_id, old.mentor.person_id])
    with pytest.raises(DomainError, match="ended already"):
        mentorships.end(mentorship=old, reason="time", by=coordinator)


def test_one_student_leaves_a_group_and_the_others_go_on(cohort, student):
    group = pair(cohort)
    other = student()
    member(group, other)
    mentorships.end(mentorship=group, person=other, reason="need", by=None)
    group.refresh_from_db()
    assert group.is_live
    assert group.memberships.filter(ended_at=None).count() == 2
    assert mails("mentorship_ended") == sorted([other.person_id, group.mentor.person_id])


def test_who_leaves_the_cohort_leaves_her_mentorship_and_her_partner_is_told(cohort, monkeypatch):
    old = pair(cohort)
    ended = []
    monkeypatch.setattr(ports.MEMBERSHIP_ENDED, "_answers", [])
    ports.MEMBERSHIP_ENDED.register(lambda seat, by: ended.append(seat.enrollment_id))
    ports.ENROLLMENT_LEFT.tell(old.mentor, None)
    old.refresh_from_db()
    assert (old.state, old.end_reason) == ("dissolved", "left")
    assert mails("mentorship_ended") == [old.student.person_id]
    assert sorted(ended) == sorted([old.student.pk, old.mentor.pk])


def test_a_pair_that_has_ended_is_not_proposed_again(cohort):
    old = pair(cohort)
    mentorships.end(mentorship=old, reason="fit", by=None)
    rules = snapshot(cohort, {}, []).data["rules"]
    assert rules == [[old.student.pk, old.mentor.pk, "former"]]


def test_mails_say_who_and_never_why(cohort, student, mentor):
    anna, kata = student(), mentor()
    mentorship = mentorships.assign(student=anna, mentor=kata, by=None)
    formed = {
        note.recipient_id: compose(note)
        for note in Notification.objects.filter(kind="mentorship_formed")
    }
    assert formed[anna.person_id].subject == f"Your mentor is {kata.person.full_name}"
    assert formed[kata.person_id].subject == f"Your student is {anna.person.full_name}"
    mentorships.end(mentorship=mentorship, reason="fit", by=None)
    for note in Notification.objects.filter(kind="mentorship_ended"):
        mail = compose(note)
        assert "nobody is at fault" in mail.body
        assert "suits" not in mail.body
    # What was queued and is no longer true is not sent.
    late = Notification.objects.filter(kind="mentorship_formed").first()
    assert compose(late).why == "the mentorship has ended"


def test_the_database_itself_refuses_a_second_place(cohort, django_assert_num_queries):
    from django.db import IntegrityError, transaction

    old = pair(cohort)
    other = Mentorship.objects.create(cohort=cohort, shape=old.shape)
    with pytest.raises(IntegrityError), transaction.atomic():
        member(other, old.student)
    assert Membership.objects.filter(enrollment=old.student).count() == 1
