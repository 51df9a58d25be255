"""Lists of ranks in the browser: the student's, the mentor's and the coordinator's pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from matching.models import MentorWish, StudentRank, Way
from matching.services import choosing, wishes
from tests.matching.choosing.conftest import NUMBERS

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def her(start, student):
    return student(interests=["Surgery"])


@pytest.fixture
def list_page(as_user, her):
    """A student's browser on her list."""
    client = as_user(her.person)

    class Page:
        def get(self, query=""):
            return client.get(reverse("matching:choose", args=[her.cohort.key, her.key]) + query)

        def act(self, act, mentor):
            url = reverse("matching:change_wishes", args=[her.cohort.key, her.key])
            return client.post(url, {act: "", "mentor": mentor.key, "shape": "pair"}, follow=True)

        def home(self):
            return text(client.get("/"))

    return Page()


@pytest.fixture
def office(as_user, coordinator, cohort):
    """A coordinator's browser on the round."""
    client = as_user(coordinator)

    class Page:
        def get(self):
            return client.get(reverse("matching:choosing", args=[cohort.key]))

        def post(self, name, data=None):
            url = reverse(f"matching:{name}", args=[cohort.key])
            return client.post(url, data or {}, follow=True)

        def overview(self):
            return client.get(reverse("matching:overview", args=[cohort.key]))

    return Page()


def test_a_list_is_made_by_single_taps(list_page, opened, mentor):
    a, b = mentor(interests=["Surgery"]), mentor()
    opened(way=Way.RANKED)
    assert "Which mentor would you like?" in list_page.home()
    shown = text(list_page.get())
    assert "Both interested in Surgery" in shown
    list_page.act("add", b)
    list_page.act("add", a)
    list_page.act("up", a)
    ranked = MentorWish.objects.order_by("rank").values_list("mentor", flat=True)
    assert list(ranked) == [a.pk, b.pk]
    assert "2 mentors are on your list" in list_page.home()
    list_page.act("remove", a)
    assert "1 mentor is on your list" in list_page.home()


def test_who_is_full_is_not_offered(list_page, opened, mentor):
    mentor(capacity=0, person__family_name="Overworked")
    mentor(person__family_name="Idle")
    opened(way=Way.RANKED)
    shown = text(list_page.get())
    assert "Idle" in shown
    assert "Overworked" not in shown


def test_the_list_is_narrowed_by_words(list_page, opened, mentor):
    mentor(offers="Two afternoons in the theater.", person__family_name="Knife")
    mentor(person__family_name="Plain")
    opened(way=Way.RANKED)
    shown = text(list_page.get("?q=theater"))
    assert "Knife" in shown
    assert "Plain" not in shown


def test_once_mentors_rank_the_list_is_read_and_not_changed(list_page, opened, mentor, her):
    one = mentor()
    round_ = opened(way=Way.RANKED, mentors_rank=True)
    list_page.act("add", one)
    wishes.let_mentors_rank(round_=round_, by=None)
    assert "The lists are closed" in text(list_page.get())
    assert "The lists are closed" in text(list_page.act("remove", one))
    assert MentorWish.objects.count() == 1


def test_a_mentor_orders_those_who_named_her(as_user, opened, mentor, student, start):
    one, (a, b) = mentor(), (student(), student())
    round_ = opened(way=Way.RANKED, mentors_rank=True)
    for who in (a, b):
        wishes.add(round_=round_, student=who, mentor=one.key, by=who.person)
    client = as_user(one.person)
    page = reverse("matching:requests", args=[one.cohort.key, one.key])
    assert "Students who named you" not in text(client.get(page))
    wishes.let_mentors_rank(round_=round_, by=None)
    shown = text(client.get(page))
    assert a.person.full_name in shown
    assert b.person.full_name in shown
    url = reverse("matching:rank_students", args=[one.cohort.key, one.key])
    second = max((a, b), key=lambda row: shown.index(row.person.full_name))
    client.post(url, {"up": "", "student": second.key})
    assert StudentRank.objects.get().student == second
    client.post(url, {"not": "", "student": second.key})
    assert StudentRank.objects.get(student=second).rank is None
    client.post(url, {"back": "", "student": second.key})
    client.post(url, {"keep": ""})
    assert [row.rank for row in StudentRank.objects.order_by("rank")] == [1, 2]


def test_no_page_of_a_mentor_says_where_she_stands_on_a_list(
    as_user, opened, mentor, student, start
):
    one, other, her = mentor(), mentor(), student()
    round_ = opened(way=Way.RANKED, mentors_rank=True)
    for who in (other, one):
        wishes.add(round_=round_, student=her, mentor=who.key, by=her.person)
    wishes.let_mentors_rank(round_=round_, by=None)
    shown = text(
        as_user(one.person).get(reverse("matching:requests", args=[one.cohort.key, one.key]))
    )
    assert her.person.full_name in shown
    assert other.person.full_name not in shown


def test_a_coordinator_opens_lists_lets_mentors_rank_and_starts_a_run(
    office, cohort, student, mentor, start
):
    her, one = student(), mentor()
    said = {**NUMBERS, "way": "ranked", "mentors_rank": "on"}
    assert "Students can choose now" in text(office.post("choosing", said))
    round_ = choosing.current(cohort)
    wishes.add(round_=round_, student=her, mentor=one.key, by=her.person)
    shown = text(office.get())
    assert one.person.full_name in shown
    assert "on 1 list" in shown
    assert her.person.full_name not in shown.split("<main", 1)[1]
    assert "1 mentor gets a mail." in text(office.post("mentors_turn"))
    office.post("close_choosing")
    form = office.overview().context["form"]
    assert form["procedure"].value() == "wishes"
    assert "weight_wish" in form.fields
    assert "weight_liking" in form.fields


def test_the_list_costs_the_same_with_few_and_many_mentors(list_page, opened, mentor):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert list_page.get().status_code == 200
        return len(queries)

    opened(way=Way.RANKED)
    first = mentor()
    list_page.act("add", first)
    mentor()
    few = cost()
    for _ in range(18):
        mentor()
    list_page.act("add", mentor())
    assert cost() == few <= 28
