"""Certificates: what they say, once for each state of facts, and taking them back."""

from datetime import timedelta

import pytest
from django.utils import translation

from mentoring import ports
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from programs.services import deleting, enrollments
from sessions import certificates as known
from sessions.models import Certificate, CertificateFile
from sessions.services import certificates
from tests.factories import (
    CohortFactory,
    EnrollmentFactory,
    SeriesFactory,
    attend,
    meeting,
    pair,
    template_document,
    training_date,
)
from tests.sessions.conftest import NOW, mentor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def program(**changes):
    """Semmelweis's, with changes: its marks of what the source says lead nowhere then."""
    return template_document() | {"assumed": [], "from_source": []} | changes


def title(**more):
    return {"slug": "fellow", "role": "mentor", "kind": "title", "title": "Fellow"} | more


def trained(row, times=1, kind="training", name="Mentor training"):
    """Somebody's places in dates that were held, the latest first."""
    series = SeriesFactory(cohort=row.cohort, kind=kind, title=name)
    start = NOW - 3 * HOUR * (kind == "supervision")
    return [
        attend(training_date(series, start - (n + 1) * DAY, "held"), row, "present")
        for n in range(times)
    ]


def ready(cohort, **fields):
    """A mentor who has completed."""
    return mentor(cohort, state="completed", left_at=NOW, activated_at=NOW - 30 * DAY, **fields)


def issue(row, by, kind="attendance"):
    return certificates.issue(enrollment=row, kind=kind, by=by)


# --- Attendance ----------------------------------------------------------------------------------


def test_attendance_lists_what_lists_call_present(cohort):
    row = mentor(cohort)
    trained(row, 2)
    trained(row, 1, "supervision", "Supervision")
    series = SeriesFactory(cohort=cohort)
    for n, said in enumerate(("absent", "excused", "unknown")):
        attend(training_date(series, NOW - (5 + n) * DAY, "held"), row, said)
    attend(training_date(series, NOW - 9 * DAY), row, "present")
    facts = known.facts_now(row, "attendance")
    assert [one["title"] for one in facts["dates"]] == [
        "Mentor training", "Supervision", "Mentor training",
    ]  # fmt: skip
    assert facts["minutes"] == 270
    assert (facts["first"], facts["last"]) == ("2021-09-08", "2021-09-09")

    assert facts["dates"][0] == {
        "kind": "training", "title": "Mentor training", "day": "2021-09-08", "minutes": 90,
    }  # fmt: skip


def test_half_a_course_is_not_certified(cohort):
    whole, half = mentor(cohort), mentor(cohort)
    course = SeriesFactory(cohort=cohort, course=True, title="Course of two days")
    days = [training_date(course, NOW - n * DAY, "held") for n in (3, 2)]
    for day in days:
        attend(day, whole, "present")
    attend(days[0], half, "present")
    assert len(known.facts_now(whole, "attendance")["dates"]) == 2
    assert known.facts_now(half, "attendance") is None


def test_nothing_attended_nothing_certified(cohort, coordinator):
    with pytest.raises(DomainError, match="nothing to certify yet"):
        issue(mentor(cohort), coordinator)
    assert Certificate.objects.count() == 0


def test_an_address_is_no_name(cohort, coordinator):
    row = mentor(cohort, person__given_name="", person__family_name="")
    trained(row)
    with pytest.raises(DomainError):
        issue(row, coordinator)


def test_meetings_of_a_pair_are_no_attendance():
    two = pair()
    meeting(two, NOW - DAY, "held")
    assert known.facts_now(two.mentor, "attendance") is None


# --- Issued once for each state of facts ---------------------------------------------------------


def test_the_same_facts_give_the_same_certificate(cohort, coordinator):
    row = mentor(cohort)
    trained(row)
    first = issue(row, coordinator)
    with translation.override("de"):
        assert issue(row, coordinator) == first
    assert certificates.fetch(enrollment=row, kind="attendance", by=row.person) == first
    assert len(first.code) == 24
    assert Certificate.objects.get().facts == first.facts


def test_a_corrected_list_makes_the_certificate_false_at_once(cohort, coordinator):
    row = mentor(cohort)
    seat, _other = trained(row, 2)
    first = issue(row, coordinator)
    seat.attendance = "absent"
    seat.save()
    assert known.standing(first) == "corrected"
    second = issue(row, coordinator)
    first.refresh_from_db()
    assert (known.standing(first), known.standing(second)) == ("superseded", "holds")
    assert [len(one.facts["dates"]) for one in (first, second)] == [2, 1]


def test_what_comes_on_top_takes_nothing_from_a_certificate(cohort, coordinator):
    row = mentor(cohort)
    trained(row)
    first = issue(row, coordinator)
    trained(row, 1, "supervision", "Supervision")
    assert known.standing(first) == "holds"
    assert issue(row, coordinator) != first


def test_all_who_are_due_get_one_and_nobody_two(cohort, coordinator):
    rows = [mentor(cohort) for _ in range(3)]
    for row in rows:
        trained(row)
    mentor(cohort)
    first = issue(rows[0], coordinator)
    assert certificates.issue_all(cohort=cohort, kind="attendance", by=coordinator) == 2
    assert certificates.issue_all(cohort=cohort, kind="attendance", by=coordinator) == 0
    assert Certificate.objects.count() == 3
    trained(rows[0], 1, "supervision", "Supervision")
    assert certificates.issue_all(cohort=cohort, kind="attendance", by=coordinator) == 1
    first.refresh_from_db()
    assert first.superseded_at == NOW


def test_issuing_many_takes_as_many_queries_as_issuing_one(cohort, coordinator):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def measure(count):
        for _ in range(count):
            trained(mentor(cohort))
        with CaptureQueriesContext(connection) as caught:
            certificates.issue_all(cohort=cohort, kind="attendance", by=coordinator)
        return len(caught)

    assert measure(1) == measure(20)


# --- Who gets one herself ------------------------------------------------------------------------


def test_a_person_fetches_her_own_and_nobody_elses(cohort):
    row, other = mentor(cohort), mentor(cohort)
    trained(row)
    made = certificates.fetch(enrollment=row, kind="attendance", by=row.person)
    assert made.issued_by == row.person
    with pytest.raises(DomainError, match="coordinators"):
        certificates.fetch(enrollment=row, kind="attendance", by=other.person)


def test_a_program_can_keep_the_issuing_to_its_coordinators():
    cohort = CohortFactory(edition=program(certificates={"own": []}))
    row = mentor(cohort)
    trained(row)
    with pytest.raises(DomainError, match="coordinators"):
        certificates.fetch(enrollment=row, kind="attendance", by=row.person)


def test_completion_is_fetched_only_where_the_program_says_so():
    for own, allowed in ((["completion"], True), (["attendance"], False)):
        document = program(incentives=[title()], certificates={"own": own})
        row = ready(CohortFactory(edition=document))
        if allowed:
            assert certificates.fetch(enrollment=row, kind="completion", by=row.person)
        else:
            with pytest.raises(DomainError):
                certificates.fetch(enrollment=row, kind="completion", by=row.person)


# --- Completion ----------------------------------------------------------------------------------


def test_completion_says_role_period_and_what_was_earned():
    cohort = CohortFactory(edition=program(incentives=[title()]))
    row = ready(cohort)
    facts = known.facts_now(row, "completion")
    assert (facts["role"], facts["first"], facts["last"]) == ("mentor", "2021-08-11", "2021-09-10")
    assert facts["awards"] == [{"kind": "title", "title": "Fellow"}]


def test_whoever_has_not_completed_or_was_promised_nothing_gets_none():
    promising = CohortFactory(edition=program(incentives=[title()]))
    silent = CohortFactory(edition=program(incentives=[]))
    assert known.facts_now(mentor(promising), "completion") is None
    assert known.facts_now(ready(silent), "completion") is None
    student = EnrollmentFactory(cohort=promising, state="completed", left_at=NOW)
    assert known.facts_now(student, "completion") is None


def test_credits_stand_in_it_once_their_quota_is_met(cohort):
    """Four trainings and two supervisions a semester (Semmelweis)."""
    row = ready(cohort)
    assert known.facts_now(row, "completion")["awards"] == []
    for first in (NOW + DAY, NOW + 200 * DAY):
        for kind, times in (("training", 4), ("supervision", 2)):
            series = SeriesFactory(cohort=cohort, kind=kind, title=kind)
            for n in range(times):
                shift = timedelta(days=n, hours=3 * (kind == "training"))
                attend(training_date(series, first + shift, "held"), row)
    assert known.facts_now(row, "completion")["awards"] == [{"kind": "credits", "unit": "ECTS"}]


def test_a_certificate_that_asks_for_something_is_not_given_without_it():
    part = {"slug": "w", "role": "mentor", "kind": "certificate", "needs": ["training"]}
    cohort = CohortFactory(edition=program(incentives=[part]))
    assert known.facts_now(ready(cohort), "completion") is None


@pytest.mark.parametrize(("level", "met"), [("open", 1), ("counts", 1), ("strict", None)])
def test_how_often_people_met_stands_in_it_only_where_numbers_leave_the_pair(level, met):
    document = program(incentives=[title()], confidentiality={"level": level})
    two = pair(CohortFactory(edition=document))
    meeting(two, NOW - DAY, "held")
    meeting(two, NOW - 2 * DAY, "missed")
    enrollments.complete(enrollment=two.mentor, by=None)
    two.mentor.refresh_from_db()
    assert known.facts_now(two.mentor, "completion").get("met") == met


def test_a_place_that_is_open_again_makes_its_completion_false(coordinator):
    cohort = CohortFactory(edition=program(incentives=[title()]))
    row = ready(cohort)
    made = issue(row, coordinator, "completion")
    row.state, row.left_at = "active", None
    row.save()
    made = known.ROWS.get(pk=made.pk)
    assert known.standing(made) == "corrected"


# --- Taking back, keeping, forgetting ------------------------------------------------------------


def test_what_was_taken_back_is_not_had_again_by_asking(cohort, coordinator):
    row = mentor(cohort)
    trained(row)
    made = issue(row, coordinator)
    with pytest.raises(DomainError) as refused:
        certificates.revoke(certificate=made, why="  ", by=coordinator)
    assert refused.value.field == "why"
    made = certificates.revoke(certificate=made, why="Another person was meant", by=coordinator)
    assert known.standing(made) == "revoked"
    with pytest.raises(DomainError, match="taken back"):
        certificates.fetch(enrollment=row, kind="attendance", by=row.person)
    assert known.standing(issue(row, coordinator)) == "holds"


def test_every_act_is_recorded_without_names(cohort, coordinator):
    row = mentor(cohort)
    seat, _other = trained(row, 2)
    first = issue(row, coordinator)
    seat.delete()
    second = issue(row, coordinator)
    certificates.revoke(certificate=second, why="A mistake", by=coordinator)
    events = Event.objects.filter(action__startswith="certificate.").order_by("pk")
    assert [(one.action, one.subject, one.data["replaces"]) for one in events] == [
        ("certificate.issued", first.pk, None),
        ("certificate.issued", second.pk, first.pk),
        ("certificate.revoked", second.pk, None),
    ]
    assert {one.cohort for one in events} == {cohort.pk}
    assert row.person.family_name not in str([one.data for one in events])


def test_a_person_has_hers_in_the_export_and_nobody_has_them_after_erasure(cohort, coordinator):
    row, other = mentor(cohort), mentor(cohort)
    for one in (row, other):
        trained(one)
        made = issue(one, coordinator)
        CertificateFile.keep(certificate=made, paper="a4", content=b"%PDF-")
    sections = {}
    for answer in ports.PERSON_EXPORT.ask(row.person):
        sections.update(answer)
    (exported,) = sections["certificates"]
    assert exported["says"]["minutes"] == 90
    ports.PERSON_ERASED.tell(row.person)
    assert [one.enrollment for one in Certificate.objects.all()] == [other]


def test_a_cohort_with_certificates_is_not_deleted(cohort, coordinator):
    row = mentor(cohort)
    trained(row)
    issue(row, coordinator)
    with pytest.raises(DomainError):
        deleting.delete(cohort=cohort, by=coordinator)
    assert Certificate.objects.count() == 1
