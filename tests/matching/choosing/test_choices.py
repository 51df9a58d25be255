"""Whom a student is shown: exactly as many as the round suggests, the best first, in words."""

import pytest

from matching.choices import Can, Choices
from matching.models import PairRule, RequestPause
from matching.searching import narrowed, offered
from matching.services import requests
from matching.services.mentorships import assign, end
from programs.models import Absence

pytestmark = pytest.mark.django_db


@pytest.fixture
def her(start, student):
    return student(interests=["Surgery", "Research"], languages=["en"])


def shown(round_, student):
    return [one.mentor for one in Choices(round_, student).suggested()]


def test_exactly_ten_the_best_first(opened, her, mentor):
    best = mentor(interests=["Surgery", "Research"], languages=["en"])
    good = mentor(interests=["Surgery"], languages=["en"])
    for _ in range(20):
        mentor()
    found = shown(opened(), her)
    assert len(found) == 10
    assert found[:2] == [best, good]


def test_the_ten_stay_the_same_from_look_to_look(opened, her, mentor):
    for _ in range(20):
        mentor()
    round_ = opened()
    assert shown(round_, her) == shown(round_, her)


def test_equals_are_not_the_same_ten_for_everybody(opened, student, mentor, start):
    for _ in range(40):
        mentor()
    round_ = opened()
    seen = {one.pk for _ in range(8) for one in shown(round_, student())}
    assert len(seen) > 25


def test_who_is_full_or_away_or_pauses_makes_room(opened, her, student, mentor):
    full, away, pauses, free = (mentor(interests=["Surgery"]) for _ in range(4))
    assign(student=student(), mentor=full, by=None)
    Absence.objects.create(enrollment=away, starts="2021-09-01", ends="2021-09-30")
    RequestPause.objects.create(enrollment=pauses)
    round_ = opened()
    assert shown(round_, her) == [free]
    can = {one.mentor: one.can for one in Choices(round_, her).everybody()}
    assert can == {full: Can.FULL, away: Can.AWAY, pauses: Can.PAUSED, free: Can.ASK}


def test_who_said_no_keeps_her_line_among_the_ten(opened, her, mentor):
    for _ in range(12):
        mentor()
    round_ = opened()
    first = shown(round_, her)[0]
    row = requests.ask(round_=round_, student=her, mentor=first.key, by=her.person)
    requests.decline(request=row, by=first.person)
    found = Choices(round_, her).suggested()
    assert len(found) == 10
    assert [one.mentor for one in found if one.refused] == [first]


def test_rules_and_the_past_keep_apart(opened, her, mentor, coordinator):
    barred, former, free = mentor(), mentor(), mentor()
    PairRule.objects.create(cohort=her.cohort, student=her, mentor=barred, kind="forbid")
    ended = assign(student=her, mentor=former, by=coordinator)
    end(mentorship=ended, reason="fit", by=coordinator)
    assert shown(opened(), her) == [free]


def test_whoever_is_to_have_a_named_mentor_sees_only_her(opened, her, mentor):
    named, _other = mentor(), mentor()
    PairRule.objects.create(cohort=her.cohort, student=her, mentor=named, kind="must")
    assert shown(opened(), her) == [named]


def test_nobody_is_suggested_to_herself(opened, her, mentor):
    mentor(person=her.person)
    assert shown(opened(), her) == []


def test_reasons_are_words_and_never_gender_or_an_answer(opened, her, mentor, cohort):
    her.gender = "f"
    her.save()
    mentor(interests=["Surgery"], languages=["en"], gender="f")
    (one,) = Choices(opened(), her).suggested()
    assert sorted(one.reasons) == ["both interested in Surgery", "both speak English"]


def test_who_is_asked_by_as_many_as_she_has_places_is_marked(opened, her, student, mentor):
    one = mentor(capacity=1)
    round_, other = opened(), student()
    assert not Choices(round_, her).suggested()[0].busy
    requests.ask(round_=round_, student=other, mentor=one.key, by=other.person)
    assert Choices(round_, her).suggested()[0].busy


def test_search_finds_every_word_whatever_the_accents(opened, her, mentor):
    one = mentor(offers="Kardiologie in Tromsø", campus="Süd", interests=["Öffentlichkeit"])
    mentor(offers="Chirurgie")
    found = Choices(opened("search"), her).everybody()
    for words in ("tromso", "sud kardio", "offentlich"):
        assert [c.mentor for c in narrowed(found, {"q": words})] == [one], words


def test_search_narrows_by_what_is_on_record(opened, her, mentor):
    one = mentor(interests=["Surgery"], campus="North", languages=["de"])
    mentor(interests=["Research"], campus="South", languages=["en"])
    found = Choices(opened("search"), her).everybody()
    for wanted in ({"interest": "Surgery"}, {"campus": "North"}, {"language": "de"}):
        assert [c.mentor for c in narrowed(found, wanted)] == [one]
    assert offered(found)["language"] == [("en", "English"), ("de", "German")]


def test_the_questions_to_the_database_do_not_grow_with_the_mentors(
    opened, her, mentor, django_assert_num_queries, django_assert_max_num_queries
):
    mentor()
    round_ = opened()
    Choices(round_, her).suggested()
    with django_assert_max_num_queries(20) as few:
        Choices(round_, her).suggested()
    for _ in range(15):
        mentor()
    with django_assert_num_queries(len(few.captured_queries)):
        Choices(round_, her).suggested()
