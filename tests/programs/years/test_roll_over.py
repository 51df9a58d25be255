"""A roll-over: planned, looked at, done as a whole, and taken back."""

from datetime import date, timedelta

import pytest

from matching.models import Membership, Mentorship
from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox.models import Notification
from programs.models import Cohort, Enrollment, EnrollmentYear, RollOver
from programs.services import cohorts, enrollments, people, year_steps, year_undo, years
from programs.services.opening import add_edition
from programs.years.people import Travelers
from programs.years.plan import changes, next_start, plan_of
from sessions.models import Meeting
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    EnrollmentYearFactory,
    ProgramVersionFactory,
    meeting,
    member,
)
from tests.programs.years import vertical

S = Enrollment.State


def fresh(cohort):
    return Cohort.objects.get(pk=cohort.pk)


def picture(cohort):
    """Everything that a roll-over may touch, as plain rows."""
    return {
        "people": sorted(cohort.enrollments.values_list("pk", "state", "left_at", "capacity")),
        "years": sorted(
            EnrollmentYear.objects.filter(enrollment__cohort=cohort).values_list(
                "enrollment", "academic_year", "class_year", "status"
            )
        ),
        "groups": sorted(
            Mentorship.objects.filter(cohort=cohort).values_list("pk", "state", "ended_at")
        ),
        "places": sorted(
            Membership.objects.filter(mentorship__cohort=cohort).values_list("pk", "ended_at")
        ),
        "meetings": sorted(
            Meeting.objects.filter(cohort=cohort).values_list(
                "pk", "state", "participants__person", "participants__holds"
            )
        ),
        "editions": sorted(cohort.editions.values_list("number", "starts", "ends")),
    }


def test_the_next_year_is_proposed_on_the_same_weekday(summer):
    plan = plan_of(summer.cohort)
    assert (plan.number, plan.starts, plan.ends) == (2, date(2022, 9, 5), date(2023, 6, 11))
    assert plan.starts.weekday() == summer.cohort.planned.starts.weekday()
    assert not plan.is_kept


@pytest.mark.parametrize("first", [date(2021, 1, 1), date(2021, 12, 31), date(2024, 2, 29)])
def test_no_two_years_begin_in_one_calendar_year(db, first):
    cohort = CohortFactory()
    edition = cohort.planned
    edition.starts, edition.ends = first, first + timedelta(days=300)
    edition.save()
    for _ in range(8):
        cohort = fresh(cohort)
        starts = next_start(cohort.years)
        assert starts > cohort.planned.ends
        assert starts.year == cohort.planned.starts.year + 1
        assert starts.weekday() == first.weekday()
        add_edition(
            cohort=cohort, version=cohort.planned.version, starts=starts,
            ends=starts + timedelta(days=300),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("starts", "ends", "says"),
    [
        (date(2022, 6, 1), date(2023, 6, 1), "year before ends"),
        (date(2022, 9, 5), date(2022, 9, 1), "before the first"),
        (date(2022, 9, 5), date(2024, 9, 1), "at most 400 days"),
    ],
)
def test_impossible_days_are_refused(summer, starts, ends, says):
    with pytest.raises(DomainError, match=says):
        years.save_plan(cohort=summer.cohort, starts=starts, ends=ends, version="1", by=summer.by)
    assert not RollOver.objects.exists()


def test_a_program_of_one_year_has_no_next_one(db):
    cohort = CohortFactory(state="running")
    with pytest.raises(DomainError, match="lasts a year"):
        years.draft_of(cohort=cohort, by=None)
    with pytest.raises(DomainError, match="running cohort"):
        years.draft_of(cohort=CohortFactory(edition=vertical.document(2, 1)), by=None)


def test_a_year_that_has_not_begun_has_no_successor_yet(summer):
    vertical.roll(summer.cohort, summer.by)
    with pytest.raises(DomainError, match="has not begun yet"):
        vertical.roll(fresh(summer.cohort), summer.by)
    assert fresh(summer.cohort).editions.count() == 2


def test_everybody_moves_up_and_the_last_class_completes(summer):
    rows = Travelers(plan_of(summer.cohort)).rows
    fates = {(row.role, row.class_before): row.fate for row in rows}
    assert fates == {
        ("student", 1): "up", ("student", 2): "up", ("student", 3): "up",
        ("student", 4): "completes", ("mentor", None): "stays", ("junior_mentor", 4): "completes",
    }  # fmt: skip


def test_single_people_are_decided_otherwise(summer, one_of):
    choose = {1: "repeats", 2: "pauses", 3: "leaves", 4: "repeats"}
    rows = {year: one_of(class_year=year) for year in choose}
    for year, fate in choose.items():
        years.choose(cohort=summer.cohort, enrollment=rows[year], fate=fate, by=summer.by)
    with pytest.raises(DomainError, match="not possible"):
        years.choose(cohort=summer.cohort, enrollment=rows[1], fate="stays", by=summer.by)
    turn = vertical.roll(summer.cohort, summer.by)
    found = {
        row.enrollment_id: (row.fate, row.class_after, row.enrollment.state)
        for row in turn.passages.select_related("enrollment")
    }
    assert found[rows[1].pk] == ("repeats", 1, S.ACTIVE)
    assert found[rows[2].pk] == ("pauses", 2, S.ACTIVE)
    assert found[rows[3].pk] == ("leaves", None, S.WITHDRAWN)
    assert found[rows[4].pk] == ("repeats", 4, S.ACTIVE)
    status = dict(
        EnrollmentYear.objects.filter(academic_year=2022).values_list("enrollment", "status")
    )
    assert (status[rows[1].pk], status[rows[2].pk]) == ("repeating", "paused")
    live = set(Membership.objects.filter(ended_at=None).values_list("enrollment", flat=True))
    assert {rows[1].pk, rows[2].pk, rows[4].pk} <= live
    assert rows[3].pk not in live


def test_a_choice_that_says_what_is_proposed_is_taken_back(summer, one_of):
    row = one_of(class_year=1)
    for fate, kept in (("leaves", 1), ("up", 0)):
        years.choose(cohort=summer.cohort, enrollment=row, fate=fate, by=summer.by)
        assert plan_of(summer.cohort).passages.count() == kept


def test_an_undo_brings_everything_back(summer, one_of):
    group = Mentorship.objects.filter(cohort=summer.cohort).first()
    group_meeting = meeting(group, clock.now() + timedelta(days=30))
    years.choose(cohort=summer.cohort, enrollment=one_of(class_year=1), fate="leaves", by=summer.by)
    before = picture(summer.cohort)
    turn = vertical.roll(summer.cohort, summer.by)
    assert picture(fresh(summer.cohort)) != before
    year_undo.undo(roll_over=turn, by=summer.by)
    assert picture(fresh(summer.cohort)) == before
    group_meeting.refresh_from_db()
    assert group_meeting.state == "booked"
    assert set(Event.objects.values_list("action", flat=True)) >= {"year.rolled", "year.undone"}
    assert not Notification.objects.filter(kind__in=["completed", "year_begins"], state="queued")
    draft = plan_of(fresh(summer.cohort))
    assert (draft.state, draft.passages.count()) == ("draft", 1), "the plan and its choice stay"
    again = vertical.roll(fresh(summer.cohort), summer.by)
    assert again.is_done
    assert Notification.objects.filter(kind="completed", state="queued").count() == 6


def test_a_group_meeting_goes_on_without_those_who_left(summer):
    group = Mentorship.objects.filter(cohort=summer.cohort).first()
    kept = meeting(group, clock.now() + timedelta(days=30))
    vertical.roll(summer.cohort, summer.by)
    kept.refresh_from_db()
    assert kept.state == "booked"
    holding = set(kept.participants.filter(holds=True).values_list("person", flat=True))
    live = set(group.memberships.filter(ended_at=None).values_list("person", flat=True))
    assert holding == live


def test_a_new_person_place_or_meeting_makes_the_new_year_stand(summer):
    turn = vertical.roll(summer.cohort, summer.by)
    assert year_undo.obstacles(turn) == []
    with clock.at(clock.now() + timedelta(minutes=1)):
        people.add(
            cohort=fresh(summer.cohort), email="new@example.edu", given_name="N",
            family_name="N", role="student", class_year=1, by=summer.by, invite=False,
        )  # fmt: skip
        group = Mentorship.objects.filter(cohort=summer.cohort).first()
        meeting(group, clock.now() + timedelta(days=90), created_at=clock.now())
        member(group, EnrollmentFactory(cohort=summer.cohort), started_at=clock.now())
        reasons = " ".join(year_undo.obstacles(turn))
        assert all(word in reasons for word in ("People", "meeting", "place"))
        with pytest.raises(DomainError, match="cannot be undone"):
            year_undo.undo(roll_over=turn, by=summer.by)


def test_new_people_belong_to_the_new_year_before_it_begins(summer):
    vertical.roll(summer.cohort, summer.by)
    cohort = fresh(summer.cohort)
    assert (cohort.edition.number, cohort.planned.number) == (1, 2)
    row = people.add(
        cohort=cohort, email="new@example.edu", given_name="N", family_name="N", role="student",
        class_year=1, by=summer.by, invite=False,
    )  # fmt: skip
    assert row.years.get().academic_year == 2022


def test_who_read_of_it_is_told_of_the_undo(summer):
    turn = vertical.roll(summer.cohort, summer.by)
    sent = Notification.objects.filter(kind="completed").first()
    Notification.objects.filter(pk=sent.pk).update(state="sent", settled_at=clock.now())
    year_undo.undo(roll_over=turn, by=summer.by)
    told = Notification.objects.get(kind="year_undone")
    assert told.recipient == sent.recipient


def test_mails_say_what_the_new_year_means(summer, one_of):
    from mentoring.outbox import kinds

    vertical.roll(summer.cohort, summer.by)
    note = Notification.objects.get(kind="year_begins", recipient=one_of(Role.MENTOR).person)
    [line] = kinds.get("year_begins").build(note).context["lines"]
    assert "goes on with 6 students" in line
    assert "Not in it any more:" in line
    assert note.due_at == clock.now() + year_steps.GRACE


# --- Versions ------------------------------------------------------------------------------------


def test_a_newer_version_is_adopted_and_shown_as_a_difference(summer):
    document = vertical.document(2, 1) | {"topics": ["Finding a specialty"]}
    newer = ProgramVersionFactory(program=summer.cohort.program, number=2, document=document)
    plan = plan_of(summer.cohort)
    years.save_plan(
        cohort=summer.cohort, starts=plan.starts, ends=plan.ends, version="2", by=summer.by
    )
    [change] = changes(plan_of(summer.cohort))
    assert (change.path, change.before, change.after) == ("topics", None, ["Finding a specialty"])
    turn = year_steps.roll(cohort=summer.cohort, by=summer.by)
    cohort = fresh(summer.cohort)
    assert turn.edition.version == newer
    assert (cohort.planned.version, cohort.edition.version.number) == (newer, 1)
    with pytest.raises(DomainError, match="one of the versions"):
        years.save_plan(
            cohort=cohort, starts=date(2023, 9, 4), ends=date(2024, 6, 1), version="9", by=None
        )


def test_terms_of_the_new_year_are_cut_to_its_days(db):
    cohort = CohortFactory()
    spec = cohort.planned.version.spec
    edition = add_edition(
        cohort=cohort, version=cohort.planned.version, starts=date(2022, 9, 5),
        ends=date(2022, 11, 30),
    )  # fmt: skip
    assert spec.year.terms
    assert {term.ends <= edition.ends for term in edition.terms.all()} == {True}


def test_years_of_a_cohort_do_not_overlap(summer):
    vertical.roll(summer.cohort, summer.by)
    first = fresh(summer.cohort).years[0]
    with pytest.raises(DomainError, match="another year"):
        cohorts.set_dates(edition=first, starts=first.starts, ends=date(2022, 10, 1), by=None)


# --- Other programs ------------------------------------------------------------------------------


def yearly(cohort, number, **enrollment):
    row = EnrollmentFactory(cohort=cohort, **enrollment)
    if number:
        EnrollmentYearFactory(enrollment=row, class_year=number)
    return row


def test_who_crosses_to_the_other_tier_leaves_her_pair(db):
    from tests.matching.services.test_groups import TIERS

    cohort = CohortFactory(edition=TIERS, state="running")
    junior, crosses, stays = (
        EnrollmentFactory(cohort=cohort, role=Role.JUNIOR_MENTOR, capacity=2),
        yearly(cohort, 2), yearly(cohort, 1),
    )  # fmt: skip
    pairs = []
    for student in (crosses, stays):
        pairs.append(Mentorship.objects.create(cohort=cohort, shape="peer"))
        member(pairs[-1], student, started_at=vertical.datetime(2021, 9, 8, tzinfo=vertical.UTC))
        member(pairs[-1], junior, started_at=vertical.datetime(2021, 9, 8, tzinfo=vertical.UTC))
    with clock.at(vertical.after_the_year(cohort)):
        vertical.roll(cohort, None)
    assert [Mentorship.objects.get(pk=one.pk).state for one in pairs] == ["completed", "active"]
    crosses.refresh_from_db()
    assert crosses.state == S.ACTIVE, "she waits for a physician"


def test_a_facilitator_who_changes_yearly_leaves_and_the_group_waits(db):
    document = vertical.document(2, 1)
    document["shapes"][0]["seats"][1]["lasts"] = {"unit": "year"}
    cohort = CohortFactory(edition=document, state="running")
    began = vertical.datetime(2021, 9, 8, tzinfo=vertical.UTC)
    group = Mentorship.objects.create(cohort=cohort, shape="group", started_at=began)
    mentor = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    for row in (mentor, yearly(cohort, 1), yearly(cohort, 2)):
        member(group, row)
    with clock.at(vertical.after_the_year(cohort)):
        vertical.roll(cohort, None)
    group.refresh_from_db()
    mentor.refresh_from_db()
    assert group.is_live
    assert mentor.state == S.ACTIVE
    assert not mentor.memberships.filter(ended_at=None).exists()


def test_seniors_stay_for_two_years_and_no_longer(db):
    document = vertical.document(2, 1)
    document["shapes"][0]["seats"][2] |= {
        "lasts": {"unit": "year", "length": 2}, "class_years": [], "within": None,
    }  # fmt: skip
    cohort = CohortFactory(edition=document, state="running")
    began = vertical.datetime(2021, 9, 8, tzinfo=vertical.UTC)
    group = Mentorship.objects.create(cohort=cohort, shape="group", started_at=began)
    senior = EnrollmentFactory(cohort=cohort, role=Role.JUNIOR_MENTOR)
    for row in (EnrollmentFactory(cohort=cohort, role=Role.MENTOR), senior, yearly(cohort, 1)):
        member(group, row)
    with clock.at(vertical.after_the_year(cohort)):
        vertical.roll(cohort, None)
        senior.refresh_from_db()
        assert senior.state == S.ACTIVE
    cohort = fresh(cohort)
    with clock.at(vertical.after_the_year(cohort)):
        vertical.roll(cohort, None)
    senior.refresh_from_db()
    assert senior.state == S.COMPLETED


def test_a_class_year_that_pauses_keeps_its_place(db):
    cohort = CohortFactory(edition="tromso", state="running")
    began = vertical.datetime(2021, 9, 8, tzinfo=vertical.UTC)
    group = Mentorship.objects.create(cohort=cohort, shape="group", started_at=began)
    away = yearly(cohort, 4)
    mentors = [EnrollmentFactory(cohort=cohort, role=Role.MENTOR) for _ in range(2)]
    for row in (away, *mentors):
        member(group, row)
    for expected in (5, 6):
        with clock.at(vertical.after_the_year(cohort)):
            vertical.roll(cohort, None)
            cohort = fresh(cohort)
            assert away.years.get(academic_year=cohort.planned.starts.year).class_year == expected
            assert away.memberships.filter(ended_at=None).exists()
    with clock.at(vertical.after_the_year(cohort)):
        vertical.roll(cohort, None)
    away.refresh_from_db()
    assert away.state == S.COMPLETED


def test_the_rules_rest_for_a_class_year_that_pauses(db):
    from evaluation.monitoring import world as worlds
    from evaluation.monitoring.catalog import RULES

    cohort = CohortFactory(edition="tromso", state="running")
    began = vertical.datetime(2021, 9, 8, tzinfo=vertical.UTC)
    group = Mentorship.objects.create(cohort=cohort, shape="group", started_at=began)
    away, here, paused = yearly(cohort, 5), yearly(cohort, 1), EnrollmentFactory(cohort=cohort)
    EnrollmentYearFactory(enrollment=paused, class_year=2, status="paused")
    for row in (away, here, paused, EnrollmentFactory(cohort=cohort, role=Role.MENTOR)):
        member(group, row)
    with clock.at(vertical.datetime(2021, 11, 8, 12, tzinfo=vertical.UTC)):
        seen = worlds.load(RULES, cohort=cohort)
    scope = seen.scopes[cohort.pk]
    assert seen.absences == {away.pk: (scope.edition,), paused.pk: (scope.edition,)}


def test_the_time_of_a_booked_pair_is_free_again_when_its_mentor_stops(db):
    from tests.matching.services.test_groups import TIERS

    cohort = CohortFactory(edition=TIERS, state="running")
    mentor, student = EnrollmentFactory(cohort=cohort, role=Role.MENTOR), yearly(cohort, 3)
    pair = Mentorship.objects.create(cohort=cohort, shape="physician")
    for row in (mentor, student):
        member(pair, row, started_at=vertical.datetime(2021, 9, 8, tzinfo=vertical.UTC))
    with clock.at(vertical.after_the_year(cohort)):
        booked = meeting(pair, clock.now() + timedelta(days=3))
        years.choose(cohort=cohort, enrollment=mentor, fate="completes", by=None)
        turn = vertical.roll(cohort, None)
        booked.refresh_from_db()
        assert (booked.state, booked.cancelled_by) == ("cancelled", "staff")
        pair.refresh_from_db()
        assert pair.state == "completed"
        year_undo.undo(roll_over=turn, by=None)
        booked.refresh_from_db()
        assert booked.state == "booked"
        assert booked.participants.filter(holds=True).count() == 2


def test_a_meeting_whose_time_was_taken_since_stands_again_with_an_invitation(db):
    from tests.matching.services.test_groups import TIERS

    cohort = CohortFactory(edition=TIERS, state="running")
    mentor, student = EnrollmentFactory(cohort=cohort, role=Role.MENTOR), yearly(cohort, 3)
    pair = Mentorship.objects.create(cohort=cohort, shape="physician")
    for row in (mentor, student):
        member(pair, row, started_at=vertical.datetime(2021, 9, 8, tzinfo=vertical.UTC))
    elsewhere = Mentorship.objects.create(cohort=CohortFactory(), shape="pair")
    member(elsewhere, EnrollmentFactory(cohort=elsewhere.cohort, person=student.person))
    with clock.at(vertical.after_the_year(cohort)):
        at = clock.now() + timedelta(days=3)
        booked = meeting(pair, at)
        years.choose(cohort=cohort, enrollment=mentor, fate="completes", by=None)
        turn = vertical.roll(cohort, None)
        meeting(elsewhere, at)
        year_undo.undo(roll_over=turn, by=None)
        seats = dict(booked.participants.values_list("person", "holds"))
    assert seats == {mentor.person_id: True, student.person_id: False}


def test_ending_by_hand_since_makes_the_year_stand(summer, one_of):
    turn = vertical.roll(summer.cohort, summer.by)
    with clock.at(clock.now() + timedelta(minutes=5)):
        enrollments.withdraw(enrollment=one_of(class_year=1), by=summer.by)
        assert "ended" in " ".join(year_undo.obstacles(turn))
