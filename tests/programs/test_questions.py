"""A cohort's own questions: asked, answered, kept as they were answered."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import clock, ports
from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs import asking
from programs.models import Answer, Cohort, Enrollment, Question
from programs.services import along, answers, applications, questions
from tests.factories import CohortFactory, EnrollmentFactory, UserFactory, sibling

pytestmark = pytest.mark.django_db
BOTH = ["student", "mentor"]
SHIFTS = {
    "text": "Which shifts do you work?",
    "kind": "several",
    "options": ["Day", "Night"],
    "roles": BOTH,
}


@pytest.fixture(autouse=True)
def noon():
    cache.clear()
    with clock.at(datetime(2021, 9, 6, 10, tzinfo=UTC)):
        yield


@pytest.fixture
def cohort():
    return CohortFactory(applications_open=True, state="recruiting")


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.fixture
def ask(cohort, boss):
    def add(**fields):
        return questions.add(
            cohort=cohort, by=boss, **{"text": "Why?", "kind": "short", "roles": BOTH} | fields
        )

    return add


def texts(cohort, role="student"):
    return [asking.text_for(one, role) for one in asking.asked_of(questions.current(cohort), role)]


# --- The form and its questions ------------------------------------------------------------------


def test_a_question_is_written_on_a_page(as_user, cohort, boss):
    page = reverse("programs:question_add", args=[cohort.key])
    sent = {
        "role": "mentor", "text": "Which shifts do you work?", "kind": "several",
        "options": "Day\n\n Night ", "roles": BOTH, "reader": "pair", "use": "weight",
        "weight": "2.5", "required": "on",
    }  # fmt: skip
    response = as_user(boss).post(page, sent)
    assert response["Location"] == reverse("programs:questions", args=[cohort.key]) + "?role=mentor"
    row = Question.objects.get()
    assert (row.options, row.roles, row.weight) == (["Day", "Night"], BOTH, 2.5)
    assert (row.reader, row.use, row.required, row.slug) == (
        "pair", "weight", True, "which-shifts-do-you-work",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"roles": []}, "of whom"),
        ({"roles": ["supervisor"]}, "of whom"),
        ({"text": "  "}, "Write the question"),
        ({"kind": "one", "options": ["Day"]}, "at least two"),
        ({"kind": "one", "options": ["Day", " day "]}, "the same"),
        ({"kind": "one", "options": ["a" * 101, "b"]}, "100 characters"),
        ({"kind": "one", "options": [str(n) for n in range(21)]}, "At most 20"),
        ({"use": "weight"}, "Only choices"),
        (SHIFTS | {"use": "share", "roles": ["mentor"]}, "of students and of mentors"),
        (SHIFTS | {"use": "weight", "weight": 0}, "above 0"),
        (SHIFTS | {"use": "weight", "weight": None}, "above 0"),
    ],
)
def test_what_makes_no_sense_is_refused(ask, fields, problem):
    with pytest.raises(DomainError, match=problem):
        ask(**fields)
    assert not Question.objects.exists()


def test_mistakes_are_said_at_their_field_and_nothing_is_lost(as_user, cohort, boss):
    page = reverse("programs:question_add", args=[cohort.key])
    sent = {"text": "Shifts?", "kind": "one", "options": "Day", "roles": BOTH, "reader": "staff",
            "use": "none", "help_text": "Kept words"}  # fmt: skip
    response = as_user(boss).post(page, sent)
    assert response.status_code == 422
    assert "at least two choices" in response.content.decode()
    assert "Kept words" in response.content.decode()


def test_a_role_is_asked_what_is_meant_for_it_in_its_own_words(ask, cohort):
    ask(text="What do you look for?", mentor_text="What do you offer?")
    ask(text="Have you mentored before?", roles=["mentor"])
    assert texts(cohort) == ["What do you look for?"]
    assert texts(cohort, "mentor") == ["What do you offer?", "Have you mentored before?"]


def test_questions_move_within_the_form_that_is_looked_at(ask, cohort, as_user, boss):
    for text, roles in (("A", BOTH), ("B", ["mentor"]), ("C", ["student"]), ("D", BOTH)):
        ask(text=text, roles=roles)
    last = Question.objects.get(text="D")
    page = reverse("programs:questions_act", args=[cohort.key])
    as_user(boss).post(page, {"act": "up", "question": last.key, "role": "student"})
    assert texts(cohort) == ["A", "D", "C"]
    as_user(boss).post(page, {"act": "down", "question": last.key, "role": "mentor"})
    assert texts(cohort, "mentor") == ["A", "B", "D"]
    as_user(boss).post(
        page, {"act": "up", "question": Question.objects.get(text="A").key, "role": "mentor"}
    )
    assert texts(cohort, "mentor") == ["A", "B", "D"]


# --- Versions ------------------------------------------------------------------------------------


def answered(cohort, question, value, role="student"):
    row = EnrollmentFactory(cohort=cohort, role=role)
    answers.save(enrollment=row, answers={question: value}, by=None)
    return row


def test_a_question_nobody_answered_is_changed_in_place(ask, cohort, boss):
    row = ask()
    changed = questions.change(question=row, by=boss, text="How?", kind="long", roles=["mentor"])
    assert changed.pk == row.pk
    assert (changed.text, changed.kind) == ("How?", "long")


@pytest.mark.parametrize(
    "change",
    [
        {"text": "Which shifts do you like?"},
        {"options": ["Day", "Evening"]},
        {"options": ["Night", "Day"]},
        {"kind": "one"},
        {"reader": "pair"},
    ],
)
def test_another_meaning_for_an_answered_question_is_a_new_one(ask, cohort, boss, change):
    old = ask(**SHIFTS)
    row = answered(cohort, old, ["Night"])
    new = questions.change(question=old, by=boss, **SHIFTS | change)
    old.refresh_from_db()
    assert (new.pk != old.pk, new.version, new.slug) == (True, 2, old.slug)
    assert old.retired_at is not None
    assert list(questions.current(cohort)) == [new]
    assert [one.question_id for one in answers.of_many([row.pk])[row.pk]] == [old.pk]


@pytest.mark.parametrize(
    "change",
    [
        {"options": ["Day", "Night", "Evening"]},
        {"required": True, "help_text": "Roughly.", "use": "weight", "weight": 4},
    ],
)
def test_what_leaves_an_answer_as_it_was_meant_changes_in_place(ask, cohort, boss, change):
    row = ask(**SHIFTS)
    answered(cohort, row, ["Night"])
    assert questions.change(question=row, by=boss, **SHIFTS | change).pk == row.pk


def test_fewer_readers_than_promised_need_no_new_question(ask, cohort, boss):
    row = ask(**SHIFTS, reader="pair")
    answered(cohort, row, ["Night"])
    changed = questions.change(question=row, by=boss, **SHIFTS, reader="staff")
    assert (changed.pk, changed.reader) == (row.pk, "staff")


def test_a_removed_question_keeps_its_answers(ask, cohort, as_user, boss):
    unanswered, kept = ask(), ask(**SHIFTS)
    row = answered(cohort, kept, ["Night"])
    for question in (unanswered, kept):
        questions.remove(question=question, by=boss)
    assert texts(cohort) == []
    assert list(Question.objects.all()) == [kept]
    page = as_user(boss).get(reverse("programs:person", args=[cohort.key, row.key]))
    assert "asked no more" in page.content.decode()


def test_a_slug_is_never_given_twice(ask, boss):
    first = ask(**SHIFTS)
    assert ask(**SHIFTS).slug == f"{first.slug}-2"
    assert ask(text="Expectation").slug == "expectation-2"


# --- Answers -------------------------------------------------------------------------------------


def page(cohort):
    return reverse("programs:apply", args=[cohort.key])


def test_every_kind_of_answer_is_kept_as_what_it_is(ask, cohort, as_user):
    rows = {
        "short": ask(kind="short"),
        "long": ask(kind="long"),
        "one": ask(**SHIFTS | {"kind": "one"}),
        "several": ask(**SHIFTS),
        "number": ask(kind="number"),
        "yes_no": ask(kind="yes_no"),
        "scale": ask(kind="scale"),
    }
    said = {"short": "Me", "long": "A\nB", "one": "Day", "several": ["Day", "Night"],
            "number": "3.50", "yes_no": "no", "scale": "4"}  # fmt: skip
    sent = {f"q-{rows[kind].key}": value for kind, value in said.items()}
    person = UserFactory()
    assert as_user(person).post(page(cohort), sent | {"role": "student"}).status_code == 302
    place = Enrollment.objects.get(person=person)
    kept = answers.of(place)
    assert {kind: kept[row.pk] for kind, row in rows.items()} == {
        "short": "Me", "long": "A\r\nB" if "\r" in kept[rows["long"].pk] else "A\nB",
        "one": ["Day"], "several": ["Day", "Night"], "number": 3.5, "yes_no": False, "scale": 4,
    }  # fmt: skip


def test_what_must_be_answered_is_asked_for_and_nothing_is_lost(ask, cohort, as_user):
    must = ask(required=True, text="Why us?")
    other = ask(**SHIFTS)
    person = UserFactory()
    sent = {"role": "student", f"q-{other.key}": ["Night"], "interests": "chess",
            "free_time": ["9", "10"]}  # fmt: skip
    response = as_user(person).post(page(cohort), sent)
    html = response.content.decode()
    assert response.status_code == 422
    assert not Enrollment.objects.filter(person=person).exists()
    assert "chess" in html
    assert 'value="Night" id="id_q-' in html
    assert html.split('value="Night"')[1].split(">")[0].rstrip().endswith("checked")
    assert html.count('name="free_time"') == html.count("free-cell") == 105
    for hour in ("9", "10"):
        assert f'name="free_time" value="{hour}" checked' in html
    with pytest.raises(DomainError, match="Why us"):
        applications.apply(cohort=cohort, role="student", by=person)
    ok = applications.apply(cohort=cohort, role="student", by=person, answers={must: "Because"})
    assert answers.of(ok) == {must.pk: "Because"}


def test_an_answer_that_is_no_choice_is_refused(ask, cohort, as_user):
    row = ask(**SHIFTS)
    response = as_user(UserFactory()).post(
        page(cohort), {"role": "student", f"q-{row.key}": ["Never"]}
    )
    assert response.status_code == 422
    assert not Answer.objects.exists()


def test_an_applicant_reads_who_will_read_each_answer(ask, cohort, as_user):
    ask(reader="staff"), ask(reader="pair")
    html = as_user(UserFactory()).get(page(cohort)).content.decode()
    assert html.count("Read by the coordinators only.") == 1
    assert html.count("Read by the coordinators, and by the mentor you are matched with.") == 1
    html = as_user(UserFactory()).get(page(cohort), {"role": "mentor"}).content.decode()
    assert html.count("Read by the coordinators, and by the students you are matched with.") == 1


def test_somebody_invited_answers_on_the_page_of_her_place_and_takes_answers_back(
    ask, cohort, as_user
):
    row, optional = ask(**SHIFTS | {"required": True}), ask()
    place = EnrollmentFactory(cohort=cohort)
    own = reverse("programs:mine", args=[cohort.key, place.key])
    client = as_user(place.person)
    assert client.post(own, {"interests": "chess"}).status_code == 422
    sent = {f"q-{row.key}": ["Day"], f"q-{optional.key}": "Because"}
    assert client.post(own, sent).status_code == 302
    assert answers.of(place) == {row.pk: ["Day"], optional.pk: "Because"}
    assert client.post(own, {f"q-{row.key}": ["Day"], f"q-{optional.key}": ""}).status_code == 302
    assert answers.of(place) == {row.pk: ["Day"]}


def test_answers_stay_in_their_cohort(ask, cohort, as_user, boss):
    row = ask()
    place = answered(cohort, row, "A secret hope")
    elsewhere = EnrollmentFactory(cohort=CohortFactory(), person=place.person)
    other = EnrollmentFactory(cohort=elsewhere.cohort, role=Role.COORDINATOR).person
    person = reverse("programs:person", args=[elsewhere.cohort.key, elsewhere.key])
    assert b"A secret hope" not in as_user(other).get(person).content
    own = reverse("programs:person", args=[cohort.key, place.key])
    assert b"A secret hope" in as_user(boss).get(own).content


def test_answers_are_exported_and_erased_with_their_author(ask, cohort):
    row = ask(text="Why us?", reader="pair")
    place = answered(cohort, row, "A secret hope")
    [found] = [part["answers"] for part in ports.PERSON_EXPORT.ask(place.person)
               if "answers" in part]  # fmt: skip
    assert found[0]["question"] == "Why us?"
    assert found[0]["answer"] == "A secret hope"
    ports.PERSON_ERASED.tell(place.person)
    assert not Answer.objects.exists()


# --- Built-in questions --------------------------------------------------------------------------


def test_expectations_are_asked_of_both_sides_at_once_in_their_own_words(cohort, boss):
    questions.switch_on(cohort=cohort, builtin="expectation", role="mentor", by=boss)
    row = Question.objects.get()
    assert (row.roles, row.use, row.reader) == (BOTH, "weight", "staff")
    student, mentor = (dict(asking.choices_for(row, role)) for role in BOTH)
    assert student.keys() == mentor.keys() == {"adviser", "role_sharer", "listener"}
    assert not set(student.values()) & set(mentor.values())
    questions.switch_off(cohort=cohort, builtin="expectation", role="student", by=boss)
    assert texts(cohort, "mentor") == []


def test_motivation_is_asked_of_the_role_it_is_switched_on_for(cohort, as_user, boss):
    act = reverse("programs:questions_act", args=[cohort.key])
    client = as_user(boss)
    for builtin in ("motivation", "motive"):
        client.post(act, {"act": "on", "builtin": builtin, "role": "mentor"})
    assert texts(cohort) == []
    assert texts(cohort, "mentor") == ["What brings you to mentoring?", "Why would you mentor?"]
    client.post(act, {"act": "on", "builtin": "motivation", "role": "student"})
    client.post(act, {"act": "off", "builtin": "motivation", "role": "mentor"})
    assert texts(cohort) == ["What brings you here?"]
    assert texts(cohort, "mentor") == ["Why would you mentor?"]


def test_a_built_in_question_is_not_reworded(cohort, boss):
    row = questions.switch_on(cohort=cohort, builtin="motive", role="mentor", by=boss)
    with pytest.raises(DomainError, match="wording"):
        questions.change(question=row, by=boss, text="Why?", kind="short", roles=BOTH)


def test_switched_off_and_on_again_asks_anew(cohort, boss):
    first = questions.switch_on(cohort=cohort, builtin="motive", role="mentor", by=boss)
    answered(cohort, first, 4, role="mentor")
    questions.switch_off(cohort=cohort, builtin="motive", role="mentor", by=boss)
    again = questions.switch_on(cohort=cohort, builtin="motive", role="mentor", by=boss)
    assert (again.pk != first.pk, again.version) == (True, 2)
    assert Answer.objects.filter(question=first).count() == 1


@pytest.mark.parametrize("student", asking.EXPECTATIONS)
@pytest.mark.parametrize("mentor", asking.EXPECTATIONS)
def test_expectations_that_differ_are_said_without_blame(student, mentor):
    said = asking.mismatch(student, mentor, student_name="Lea", mentor_name="Ida")
    assert bool(said) == (student != mentor)
    if said:
        assert said.startswith("Lea ")
        assert "; Ida would rather " in said
    assert asking.mismatch("", mentor, student_name="Lea", mentor_name="Ida") == ""


# --- From an earlier cohort ----------------------------------------------------------------------


def test_the_form_of_an_earlier_cohort_is_taken_over_without_its_answers(
    ask, cohort, boss, as_user
):
    answered(cohort, ask(**SHIFTS), ["Night"])
    ask(text="Removed")
    questions.remove(question=Question.objects.get(text="Removed"), by=boss)
    new = sibling(cohort, years=1)
    EnrollmentFactory(cohort=new, person=boss, role=Role.COORDINATOR)
    questions.add(cohort=new, by=boss, text="Which shifts do you work?", kind="short", roles=BOTH)
    Question.objects.filter(cohort=new).update(slug="other", text="Own")
    act = reverse("programs:questions_act", args=[new.key])
    client = as_user(boss)
    client.post(act, {"act": "copy", "source": cohort.key, "role": "student"})
    client.post(act, {"act": "copy", "source": cohort.key, "role": "student"})
    assert texts(Cohort.objects.get(pk=new.pk)) == ["Own", "Which shifts do you work?"]
    assert not Answer.objects.filter(question__cohort=new).exists()


def test_a_form_is_taken_over_from_the_own_cohorts_only(ask, cohort, boss):
    ask()
    stranger = sibling(cohort, years=-1)
    assert along.sources(cohort, boss) == []
    EnrollmentFactory(cohort=stranger, person=boss, role=Role.COORDINATOR)
    assert along.sources(cohort, boss) == [stranger]
    assert along.sources(stranger, boss) == []


# --- Pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["questions", "questions_preview"])
def test_the_form_takes_as_many_queries_for_thirty_questions_as_for_one(
    ask, cohort, boss, as_user, name
):
    client, url = as_user(boss), reverse(f"programs:{name}", args=[cohort.key])

    def cost():
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    ask()
    few = cost()
    for number in range(29):
        ask(text=f"Question {number}")
    assert cost() == few


def test_a_form_has_an_end(ask, cohort):
    for number in range(questions.MOST_QUESTIONS):
        ask(text=f"Question {number}")
    with pytest.raises(DomainError, match="long already"):
        ask(text="One more")
