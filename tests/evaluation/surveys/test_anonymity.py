"""Twelve people answer; an attacker copies the whole database before and after every step.

She knows who sat at the site between two copies, sees every row of every table with its place on
the disk and its transaction, and compares. For no answer may fewer than five people come into
question. Without ``FIELD_KEYS``: see ``docs/surveys.md`` for what those who hold them could do.
"""

import itertools
import json
from base64 import urlsafe_b64decode
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from evaluation.models import SurveyComment, SurveyInvitation, SurveyResponse, WaitingAnswer
from evaluation.surveys import mails, sealing
from mentoring import clock
from mentoring.accounts import services as accounts
from tests.evaluation.conftest import after
from tests.evaluation.surveys.conftest import LAST, answer, answers, ask, close, ground, pass_time

pytestmark = pytest.mark.django_db(transaction=True)
RESPONSES = SurveyResponse._meta.db_table
COMMENTS = SurveyComment._meta.db_table
WAITING = WaitingAnswer._meta.db_table
INVITATIONS = SurveyInvitation._meta.db_table
SURVEYS = "evaluation_survey"


@dataclass(frozen=True)
class Row:
    """A row as the disk has it: its place, its transactions, its values."""

    place: Any
    made_by: Any
    locked_by: Any
    values: tuple[Any, ...]


def plain(value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value)
    return json.dumps(value, sort_keys=True) if isinstance(value, dict | list) else value


def copy() -> dict[str, list[Row]]:
    """Every table, in the order of the disk."""
    postgres = connection.vendor == "postgresql"
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            if postgres:
                cursor.execute(f"SELECT ctid::text, xmin::text, xmax::text, * FROM {name}")
                rows = [Row(*row[:3], tuple(map(plain, row[3:]))) for row in cursor.fetchall()]
                rows.sort(key=lambda row: tuple(map(int, row.place.strip("()").split(","))))
            else:
                cursor.execute(f"SELECT rowid, * FROM {name} ORDER BY rowid")
                rows = [
                    Row(row[0], None, None, tuple(map(plain, row[1:]))) for row in cursor.fetchall()
                ]
            found[table] = rows
    return found


def changed(before: dict[str, list[Row]], now: dict[str, list[Row]]) -> set[str]:
    """The tables whose values differ."""
    return {
        table
        for table in now
        if sorted(map(repr, (row.values for row in before.get(table, []))))
        != sorted(map(repr, (row.values for row in now[table])))
    }


def column(model: Any, name: str) -> int:
    with connection.cursor() as cursor:
        fields = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return [field.name for field in fields].index(model._meta.get_field(name).column)


def contents(model: Any, rows: list[Row], name: str) -> set[str]:
    at = column(model, name)
    return {str(row.values[at]) for row in rows}


def marked(rows: list[Row]) -> set[int]:
    person, answered = column(SurveyInvitation, "person"), column(SurveyInvitation, "answered")
    return {row.values[person] for row in rows if row.values[answered]}


@pytest.fixture
def story():
    """Copies after the opening, after each of twelve answers and each pass, and after closing."""
    place = ground()
    survey = ask(place)
    copies = [copy()]
    for number, person in enumerate(place.students):
        answer(survey, person, number, days=1 + number)
        copies.append(copy())
        pass_time(1 + number)
        copies.append(copy())
    close(survey)
    copies.append(copy())
    return place, survey, copies


def test_comparing_any_two_copies_leaves_five_people_for_each_answer(story):
    _place, _survey, copies = story
    for first, before in enumerate(copies):
        for now in copies[first + 1 :]:
            came = marked(now[INVITATIONS]) - marked(before[INVITATIONS])
            for model, table, field in (
                (SurveyResponse, RESPONSES, "ratings"),
                (SurveyComment, COMMENTS, "text"),
            ):
                new = contents(model, now[table], field) - contents(model, before[table], field)
                assert len(new) in {0, len(came)}
                assert not new or len(came) >= 5
    assert len(copies[-1][RESPONSES]) == len(copies[-1][COMMENTS]) == 12
    assert len(marked(copies[-1][INVITATIONS])) == 12


def test_the_batches_are_of_five_at_least_the_last_one_too(story):
    _place, _survey, copies = story
    sizes = [len(one[RESPONSES]) for one in copies]
    steps = [after - before for before, after in itertools.pairwise(sizes) if after > before]
    assert sum(steps) == 12
    assert min(steps) >= 5


def test_no_value_is_shared_with_any_row_that_leads_to_a_person(story):
    _place, survey, copies = story
    own = {RESPONSES, COMMENTS}
    secrets = {
        str(value)
        for one in copies
        for table in own
        for row in one[table]
        for value in row.values
        if str(value) not in {str(survey.pk), "open-word.change"}
    }
    elsewhere = {
        str(value)
        for one in copies
        for table, rows in one.items()
        if table not in own
        for row in rows
        for value in row.values
    }
    assert secrets.isdisjoint(elsewhere)
    text = " ".join(elsewhere)
    assert "Voice number" not in text


def test_an_answers_number_is_never_the_number_under_which_it_waited(story):
    _place, _survey, copies = story
    waited = {row.values[column(WaitingAnswer, "id")] for one in copies for row in one[WAITING]}
    numbers = {row.values[0] for one in copies for t in (RESPONSES, COMMENTS) for row in one[t]}
    assert len(waited) == 12
    assert waited.isdisjoint(numbers)


def test_ratings_and_words_of_one_person_share_nothing_after_closing(story):
    _place, _survey, copies = story
    by_rating = [
        _person(json.loads(row.values[column(SurveyResponse, "ratings")]))
        for row in copies[-1][RESPONSES]
    ]
    by_word = [int(row.values[column(SurveyComment, "text")][-3:]) for row in copies[-1][COMMENTS]]
    assert sorted(by_rating) == sorted(by_word) == list(range(12))
    # The same order on both disks would tell; by chance it is once in 12! plays.
    assert by_rating != by_word


def _person(ratings: dict[str, int]) -> int:
    return next(n for n in range(12) if answers(n) == ratings)


def test_the_place_on_the_disk_is_the_order_of_random_numbers(story):
    _place, _survey, copies = story
    for table in (RESPONSES, COMMENTS):
        numbers = [row.values[0] for row in copies[-1][table]]
        assert numbers == sorted(numbers)
    first = [row.values[0] for row in copies[-2][RESPONSES]]
    assert set(first).isdisjoint(row.values[0] for row in copies[-1][RESPONSES])


def test_no_transaction_ties_an_answer_to_fewer_than_five_people(story):
    _place, _survey, copies = story
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps no transaction numbers")
    for one in copies:
        people: dict[str, set[int]] = defaultdict(set)
        for row in one[INVITATIONS]:
            people[row.made_by].add(row.values[column(SurveyInvitation, "person")])
        for table in (RESPONSES, COMMENTS):
            for row in one[table]:
                assert len(people.get(row.made_by, range(5))) >= 5
        assert len({row.made_by for row in copies[-1][RESPONSES] + copies[-1][COMMENTS]}) == 1


def test_a_waiting_answers_transaction_marks_no_other_row_but_the_surveys(story):
    _place, _survey, copies = story
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps no transaction numbers")
    for one in copies:
        made = {row.made_by for row in one[WAITING]}
        for table, rows in one.items():
            if table not in {WAITING, SURVEYS}:
                assert made.isdisjoint(
                    {mark for row in rows for mark in (row.made_by, row.locked_by)}
                )


def test_waiting_answers_are_alike_in_length_and_carry_no_time(story):
    _place, _survey, copies = story
    at = column(WaitingAnswer, "sealed")
    sealed = [row.values[at] for one in copies for row in one[WAITING]]
    assert len({len(one) for one in sealed}) == 1
    assert {int.from_bytes(urlsafe_b64decode(one)[1:9], "big") for one in sealed} == {0}


def test_the_longest_and_the_shortest_answer_look_alike():
    survey = ask(ground())
    short = sealing.seal(survey, {"ratings": {}, "comments": {"open-word.change": "x"}})
    long = sealing.seal(
        survey, {"ratings": answers(3), "comments": {"open-word.change": "\x01" * 2000}}
    )
    emoji = sealing.seal(survey, {"ratings": {}, "comments": {"open-word.change": "🙂" * 2000}})
    assert len(short) == len(long) == len(emoji)


@pytest.mark.parametrize("signed_in", [True, False], ids=["at home", "from the mail"])
def test_answering_on_the_page_changes_one_table_by_one_row(signed_in):
    place = ground()
    survey = ask(place)
    person = place.students[3]
    with clock.at(after(102)):
        client = Client()
        if signed_in:
            client.force_login(person)
            form = reverse("evaluation:answer", args=[survey.key])
        else:
            form = mails.answer_url(survey, person)
        start = copy()
        assert client.get(form).status_code == 200
        opened = copy()
        data = {"token": mails.token(survey, person), "relation-student.honest": "4"}
        response = client.post(reverse("evaluation:take_answer"), data)
        assert response["Location"] == reverse("evaluation:answered")
        client.get(response["Location"])
        client.get("/")
        end = copy()
    assert changed(start, opened) == set()
    assert changed(opened, end) == {WAITING}
    assert len(end[WAITING]) == len(opened[WAITING]) + 1


def pages(place, survey) -> list[str]:
    """What staff can read, less what is new at each reading."""
    client = Client()
    client.force_login(place.coordinator)
    addresses = [
        reverse("evaluation:survey", args=[survey.key]),
        reverse("evaluation:surveys", args=[place.cohort.key]),
        reverse("evaluation:board", args=[place.cohort.key]),
    ]
    main = [client.get(address).content.decode().split("<main")[1] for address in addresses]
    return ["\n".join(line for line in one.splitlines() if "csrf" not in line) for one in main]


def test_no_page_of_an_open_survey_moves_by_less_than_five():
    place = ground(16)
    survey = ask(place)
    counts = []
    for number, person in enumerate(place.students):
        with clock.at(after(110)):
            before = pages(place, survey)
            answer(survey, person, number, days=10)
            assert pages(place, survey) == before
            pass_time(10)
        survey.refresh_from_db()
        counts.append(survey.answered)
    moves = [b - a for a, b in itertools.pairwise(counts) if b != a]
    assert counts[0] == 0
    assert moves
    assert min(moves) >= 5


@pytest.mark.parametrize("number", [1, 4])
def test_of_fewer_than_five_answers_nothing_is_left(number):
    place = ground()
    survey = ask(place)
    for n in range(number):
        answer(survey, place.students[n], n)
    pass_time(2)
    close(survey)
    left = copy()
    assert (left[RESPONSES], left[COMMENTS], left[WAITING]) == ([], [], [])
    assert marked(left[INVITATIONS]) == set()
    with clock.at(LAST):
        page = pages(place, survey)[0]
    assert "Fewer than 5 people answered" in page
    assert "Voice number" not in page


def test_closing_early_by_hand_reveals_no_more_than_closing_in_time():
    place = ground()
    survey = ask(place)
    for n in range(11):
        answer(survey, place.students[n], n)
        pass_time(1)
    before = copy()
    close(survey)
    now = copy()
    assert len(marked(now[INVITATIONS]) - marked(before[INVITATIONS])) >= 5


def test_mails_and_events_do_not_tell_who_answered(story):
    place, _survey, copies = story
    asked = {person.pk for person in place.students}
    notes = [repr(row.values) for row in copies[-1]["outbox_notification"]]
    assert len(notes) % len(asked) == 0
    events = [row.values for row in copies[-1]["audit_event"]]
    assert all("survey.answered" not in repr(event) for event in events)
    assert len([event for event in events if "survey" in repr(event)]) == 2


def test_a_persons_export_holds_no_answer_and_no_time_of_one(story):
    place, _survey, _copies = story
    found = json.dumps(accounts.export(by=place.students[0]), default=str)
    assert "Mid-year survey" in found
    assert "Voice number" not in found
    assert "relation-student" not in found
