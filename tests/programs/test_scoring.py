"""More applications than places: scored independently, read together, answered at once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import clock, outbox, ports
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from mentoring.outbox import Notification
from programs import queries
from programs.models import Enrollment, Review
from programs.services import deciding, enrollments, scoring
from tests.factories import CohortFactory, EnrollmentFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2021, 9, 6, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def cohort():
    return CohortFactory(applications_open=True, state="recruiting")


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.fixture
def colleague(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.fixture
def rubric(cohort, boss):
    return scoring.set_rubric(cohort=cohort, role="mentor", criteria=["Interest", "Time"], by=boss)


@pytest.fixture
def applicant(cohort):
    made = []

    def apply(**fields):
        at = NOON + timedelta(minutes=len(made))
        row = EnrollmentFactory(
            cohort=cohort, **{"role": "mentor", "state": "applied", "applied_at": at} | fields
        )
        made.append(row)
        return row

    return apply


@pytest.fixture
def score(rubric, colleague):
    def give(row, *points, by=colleague, note=""):
        keys = [one["key"] for one in rubric.criteria]
        return scoring.give(
            enrollment=row, points=dict(zip(keys, points, strict=True)), by=by, note=note
        )

    return give


def seen(cohort, reader):
    """What a reader sees of each application: its mean where it is shown."""
    return [
        row.mean if row.shown else None for row in queries.applicants(cohort, reader).order_by("pk")
    ]


def page(name, cohort, *more):
    return reverse(f"programs:{name}", args=[cohort.key, *more])


# --- The rubric ----------------------------------------------------------------------------------


def test_criteria_are_set_on_a_page(as_user, cohort, boss):
    url = page("scoring", cohort)
    sent = {"role": "mentor", "criterion_1": "Interest", "criterion_3": " Time "}
    assert as_user(boss).post(url, sent).status_code == 302
    found = scoring.rubric_of(cohort, "mentor")
    assert [one["text"] for one in found.criteria] == ["Interest", "Time"]
    assert scoring.rubric_of(cohort, "student") is None
    as_user(boss).post(url, {"role": "mentor"})
    assert scoring.rubric_of(cohort, "mentor") is None


def test_a_rubric_has_at_most_five_criteria(cohort, boss):
    with pytest.raises(DomainError, match="At most 5"):
        scoring.set_rubric(cohort=cohort, role="mentor", criteria=list("abcdef"), by=boss)


def test_criteria_stay_once_somebody_has_scored_until_scores_are_thrown_away(
    cohort, boss, applicant, score
):
    score(applicant(), 3, 4, by=boss)
    with pytest.raises(DomainError, match="Throw the scores away"):
        scoring.set_rubric(cohort=cohort, role="mentor", criteria=["Other"], by=boss)
    assert scoring.throw_away(cohort=cohort, role="mentor", by=boss) == 1
    scoring.set_rubric(cohort=cohort, role="mentor", criteria=["Other"], by=boss)


# --- Scores --------------------------------------------------------------------------------------


def test_a_score_needs_points_for_every_criterion(as_user, cohort, boss, rubric, applicant):
    row = applicant()
    first, second = (one["key"] for one in rubric.criteria)
    url = page("applicant", cohort, row.key)
    refused = as_user(boss).post(url, {first: "4", "note": "Kept words"})
    assert refused.status_code == 422
    assert b"Kept words" in refused.content
    assert as_user(boss).post(url, {first: "4", second: "6"}).status_code == 422
    assert as_user(boss).post(url, {first: "4", second: "1"}).status_code == 302
    assert Review.objects.get().mean == 2.5


def test_nobody_reads_the_scores_of_others_before_she_has_given_hers(
    as_user, cohort, boss, applicant, score
):
    row = applicant()
    score(row, 5, 4, note="Remarkable")
    assert seen(cohort, boss) == [None]
    url = page("applicant", cohort, row.key)
    before = as_user(boss).get(url).content.decode()
    assert "1 score is given, and shown after yours" in before
    assert "Remarkable" not in before
    assert "4.5" not in before + as_user(boss).get(page("applicants", cohort)).content.decode()
    score(row, 3, 4, by=boss)
    assert seen(cohort, boss) == [4.0]
    after = as_user(boss).get(url).content.decode()
    assert "Remarkable" in after
    assert "mean 4.0" in after
    assert "(3.5–4.5)" in after


def test_the_order_of_the_list_does_not_tell_what_is_hidden(
    cohort, boss, colleague, applicant, score
):
    first, second, third = applicant(), applicant(), applicant()
    score(first, 1, 1, by=colleague)
    score(second, 5, 5, by=colleague)
    score(third, 3, 3, by=boss)
    rows = queries.applicants(cohort, boss).order_by("sortable", "pk")
    assert [row.sortable for row in rows] in ([None, None, 3.0], [3.0, None, None])


def test_closing_shows_all_scores_and_ends_scoring(cohort, boss, colleague, applicant, score):
    row, other = applicant(), applicant()
    with pytest.raises(DomainError, match="Nobody has scored"):
        scoring.close(cohort=cohort, role="mentor", by=boss)
    score(row, 5, 4, by=colleague)
    scoring.close(cohort=cohort, role="mentor", by=boss)
    assert seen(cohort, boss) == [4.5, None]
    with pytest.raises(DomainError, match="closed"):
        score(other, 1, 1, by=boss)
    scoring.reopen(cohort=cohort, role="mentor", by=boss)
    assert seen(cohort, boss) == [None, None]
    score(other, 1, 1, by=boss)


def test_a_score_is_changed_and_taken_back(as_user, cohort, boss, applicant, score):
    row = applicant()
    score(row, 5, 4, by=boss)
    score(row, 1, 2, by=boss)
    assert Review.objects.get().mean == 1.5
    as_user(boss).post(page("applicant", cohort, row.key), {"back": "1"})
    assert not Review.objects.exists()


def test_nobody_scores_her_own_application_or_reads_its_scores(
    as_user, cohort, boss, applicant, score
):
    own = applicant(person=boss)
    colleague = score(own, 5, 5, note="Remarkable").reviewer
    with pytest.raises(DomainError, match="your own"):
        score(own, 5, 5, by=boss)
    scoring.close(cohort=cohort, role="mentor", by=colleague)
    assert seen(cohort, boss) == [None]
    assert as_user(boss).get(page("applicant", cohort, own.key)).status_code == 404
    listed = as_user(boss).get(page("applicants", cohort)).content.decode()
    assert "your own application" in listed
    assert "5.0" not in listed
    assert f'value="{own.key}"' not in listed


def test_applicants_read_no_score_anywhere(as_user, cohort, boss, applicant, score):
    row = applicant()
    score(row, 4, 3, by=boss, note="Remarkable")
    client = as_user(row.person)
    for url in (page("mine", cohort, row.key), page("cohort", cohort), "/"):
        assert b"Remarkable" not in client.get(url).content
    assert client.get(page("applicant", cohort, row.key)).status_code == 404
    assert client.get(page("applicants", cohort)).status_code == 404


def scores_in_export(person):
    return next(
        part["application_scores"]
        for part in ports.PERSON_EXPORT.ask(person)
        if "application_scores" in part
    )


def test_the_mean_is_in_her_own_data_once_the_application_is_decided(
    cohort, boss, colleague, applicant, score
):
    row = applicant()
    score(row, 5, 4, by=boss, note="Remarkable")
    score(row, 3, 4, by=colleague)
    assert scores_in_export(row.person) == []
    enrollments.decline(enrollment=row, by=boss)
    assert scores_in_export(row.person) == [
        {"cohort": cohort.name, "role": "mentor", "mean_score_of_1_to_5": 4.0}
    ]


def test_scores_go_with_the_person_they_are_about(cohort, boss, applicant, score):
    row, kept = applicant(), applicant()
    score(row, 5, 4, by=boss)
    score(kept, 2, 2, by=boss, note="My words")
    ports.PERSON_ERASED.tell(row.person)
    assert Review.objects.get().enrollment_id == kept.pk
    EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR)
    ports.PERSON_ERASED.tell(boss)
    assert (Review.objects.get().note, Review.objects.get().mean) == ("", 2)


def test_no_score_is_in_mails_or_in_the_record_of_acts(cohort, boss, applicant, score, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    row = applicant()
    score(row, 4, 3, by=boss, note="Remarkable")
    scoring.close(cohort=cohort, role="mentor", by=boss)
    deciding.decide(cohort=cohort, answers={"accept": [row.key]}, by=boss)
    outbox.deliver_due()
    [sent] = mail.outbox
    assert "3.5" not in sent.body
    assert "Remarkable" not in sent.body
    told = "".join(str(event.data) for event in Event.objects.all())
    assert "3.5" not in told
    assert "Remarkable" not in told


# --- Answers to many -----------------------------------------------------------------------------


def states():
    return list(
        Enrollment.objects.filter(role="mentor").order_by("pk").values_list("state", flat=True)
    )


def test_the_best_are_accepted_after_a_look(as_user, cohort, boss, applicant, score):
    rows = [applicant() for _ in range(4)]
    for row, points in zip(rows, (2, 5, 4), strict=False):
        score(row, points, points, by=boss)
    scoring.close(cohort=cohort, role="mentor", by=boss)
    client = as_user(boss)
    sent = {"role": "mentor", "places": "2", "others": "waitlist"}
    look = client.post(page("decide", cohort), sent).content.decode()
    assert "Accept: 2" in look
    assert "Waiting list: 1" in look
    assert "1 application was scored by nobody and stays undecided." in look
    assert states() == ["applied"] * 4
    assert not Notification.objects.exists()
    confirm = {"confirm": "yes", "accept": [rows[1].key, rows[2].key], "waitlist": [rows[0].key]}
    assert client.post(page("decide", cohort), confirm).status_code == 302
    assert states() == ["waitlisted", "accepted", "accepted", "applied"]
    kinds = sorted(Notification.objects.values_list("kind", flat=True))
    assert kinds == ["application_accepted", "application_accepted", "application_waitlisted"]


def test_at_the_border_the_earlier_application_comes_first_and_it_is_said(
    cohort, boss, applicant, score
):
    later = applicant(applied_at=NOON + timedelta(hours=3))
    earlier = applicant(applied_at=NOON + timedelta(hours=1))
    for row in (later, earlier):
        score(row, 4, 4, by=boss)
    scoring.close(cohort=cohort, role="mentor", by=boss)
    found = deciding.best(cohort=cohort, role="mentor", places=1, others="", by=boss)
    assert [row.pk for row in found.answers["accept"]] == [earlier.pk]
    assert "2 applications share the score of 4.0" in found.remarks[0]


def test_while_scoring_is_open_nobody_learns_the_order(cohort, boss, applicant, score):
    score(applicant(), 4, 4, by=boss)
    with pytest.raises(DomainError, match="Close scoring first"):
        deciding.best(cohort=cohort, role="mentor", places=1, others="", by=boss)


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({}, "Tick those"),
        ({"act": "accept"}, "Tick those"),
        ({"act": "promote", "who": "x"}, "Choose an answer"),
        ({"act": "accept", "who": "x"}, "nobody to answer"),
        ({"places": "0", "role": "mentor"}, "Say how many"),
    ],
)
def test_what_cannot_be_answered_is_said(as_user, cohort, boss, sent, problem):
    response = as_user(boss).post(page("decide", cohort), sent, follow=True)
    assert problem in response.content.decode()


def test_those_ticked_get_one_answer(as_user, cohort, boss, applicant):
    rows = [applicant() for _ in range(3)]
    enrollments.decline(enrollment=rows[2], by=boss)
    sent = {"act": "decline", "who": [row.key for row in rows]}
    look = as_user(boss).post(page("decide", cohort), sent).content.decode()
    assert "Decline: 2" in look
    assert f"Left out, because the answer would change nothing: {rows[2].person.full_name}" in look


def test_all_are_answered_or_none(cohort, boss, applicant):
    first, second = applicant(), applicant()
    enrollments.decline(enrollment=second, by=boss)
    with pytest.raises(DomainError, match=second.person.full_name):
        deciding.decide(cohort=cohort, answers={"accept": [first.key, second.key]}, by=boss)
    assert states() == ["applied", "declined"]


def test_nobody_answers_her_own_application_among_many_or_those_of_another_cohort(
    cohort, boss, applicant
):
    own = applicant(person=boss)
    other = EnrollmentFactory(cohort=CohortFactory(), role="mentor", state="applied")
    for key in (own.key, other.key):
        with pytest.raises(DomainError, match="Nothing was decided"):
            deciding.decide(cohort=cohort, answers={"accept": [key]}, by=boss)


def test_an_answer_is_given_in_the_history_with_those_it_was_about(
    as_user, cohort, boss, applicant
):
    row = applicant()
    deciding.decide(cohort=cohort, answers={"accept": [row.key]}, by=boss)
    history = as_user(boss).get(page("history", cohort)).content.decode()
    assert "decided several applications at once" in history
    assert row.person.full_name in history


# --- The list ------------------------------------------------------------------------------------


def test_the_list_is_filtered_by_what_is_still_to_score(as_user, cohort, boss, applicant, score):
    scored, waiting = applicant(), applicant()
    student = applicant(role="student", state="applied")
    score(scored, 3, 3, by=boss)
    html = as_user(boss).get(page("applicants", cohort), {"mine": "missing"}).content.decode()
    assert waiting.person.full_name in html
    assert scored.person.full_name not in html
    assert student.person.full_name not in html


def test_the_next_to_score_is_one_tap_away(as_user, cohort, boss, rubric, applicant):
    first, second = applicant(), applicant()
    keys = [one["key"] for one in rubric.criteria]
    sent = dict.fromkeys(keys, "3") | {"next": "1"}
    response = as_user(boss).post(page("applicant", cohort, first.key), sent)
    assert response["Location"] == page("applicant", cohort, second.key)
    last = as_user(boss).post(page("applicant", cohort, second.key), sent)
    assert last["Location"] == page("applicant", cohort, second.key)


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(
    as_user, cohort, boss, applicant, score
):
    client, url = as_user(boss), page("applicants", cohort)

    def cost():
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    score(applicant(), 3, 3)
    few = cost()
    for _ in range(29):
        score(applicant(), 3, 4)
    assert cost() == few
