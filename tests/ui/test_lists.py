"""Lists sort, filter, page and export, and never trust the address."""

import csv
import io

import django_filters
import pytest
from django.test import RequestFactory

from mentoring.accounts.models import User
from mentoring.ui.lists import csv_lines, csv_response, listing, neutral
from tests.factories import UserFactory

SORTS = {"name": ("family_name", "given_name"), "joined": "joined_at"}


class ByName(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="given_name", lookup_expr="icontains")

    class Meta:
        model = User
        fields = ["q"]


def get(query="", **kwargs):
    return listing(
        RequestFactory().get(f"/?{query}"),
        User.objects.all(),
        sorts=SORTS,
        default="name",
        **kwargs,
    )


@pytest.fixture
def people(db):
    return [UserFactory(family_name=f"F{n:02}", given_name=f"G{n % 3}") for n in range(7)]


def names(found):
    return [user.family_name for user in found.page]


def test_the_default_order_and_the_other_way_around(people):
    assert names(get()) == [f"F{n:02}" for n in range(7)]
    assert names(get("sort=-name")) == [f"F{n:02}" for n in reversed(range(7))]


@pytest.mark.parametrize("sort", ["password", "-password", "person__email", "--name", "", "-"])
def test_an_unknown_sort_key_falls_back_to_the_default(people, sort):
    assert get(f"sort={sort}").sort == "name"
    assert names(get(f"sort={sort}")) == names(get())


def test_a_header_turns_the_order_around_and_forgets_the_page(people):
    assert get("sort=name&page=2", per_page=2).sort_url("name") == "?sort=-name"
    assert get("sort=-name").sort_url("name") == "?sort=name"
    assert get("sort=-name").direction_of("name") == "descending"
    assert get("sort=-name").direction_of("joined") == ""


def test_a_header_outside_the_whitelist_is_a_mistake_in_the_template(people):
    with pytest.raises(KeyError):
        get().sort_url("password")


@pytest.mark.parametrize(("page", "shown"), [("2", 2), ("99", 4), ("x", 1), ("-1", 4)])
def test_a_page_out_of_range_shows_the_nearest(people, page, shown):
    assert get(f"page={page}", per_page=2).page.number == shown


def test_filters_narrow_and_are_kept_in_links(people):
    found = get("q=g1&sort=joined", filterset=ByName)
    assert found.total == 2
    assert found.is_filtered
    assert not get(filterset=ByName).is_filtered
    assert found.csv_url == "?q=g1&sort=joined&format=csv"
    assert get("q=g&page=2", filterset=ByName, per_page=2).page_url(3) == "?q=g&page=3"


@pytest.mark.parametrize("count", [1, 30])
def test_a_page_costs_two_queries_however_many_rows(db, django_assert_num_queries, count):
    UserFactory.create_batch(count)
    with django_assert_num_queries(2):
        assert len(list(get().page)) == count


@pytest.mark.parametrize(
    "value",
    [
        *("=1+1", "+1", "-1", "@sum", " =1", "=HYPERLINK(1)", "\ttext", "\rtext", "\ntext"),
        *("\u00a0=1", "\u2003\u200b=1", "\ufeff=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff20a"),
    ],
)
def test_what_a_spreadsheet_would_compute_gets_a_leading_quote(value):
    assert neutral(value) == f"'{value}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("Anna; =HYPERLINK(1); b", "Anna;' =HYPERLINK(1); b"),
        ("x\t@a", "x\t'@a"),
        ("x\n-1", "x\n'-1"),
        ("\n=1", "'\n'=1"),
    ],
)
def test_what_another_separator_would_make_a_cell_gets_a_quote_too(value, shown):
    assert neutral(value) == shown


def test_each_cell_is_quoted():
    assert list(csv_lines(["a"], [["x;y", 1]])) == ['\ufeff"a"\r\n', '"x;y","1"\r\n']


@pytest.mark.parametrize(
    ("value", "shown"), [(-3, "-3"), (2.5, "2.5"), (None, ""), ("a=b", "a=b"), ("Őry", "Őry")]
)
def test_numbers_and_plain_text_are_left_alone(value, shown):
    assert neutral(value) == shown


def test_an_export_survives_a_round_trip():
    text = "".join(csv_lines(["a", "b"], [['x"y', "=1"], ["z\nz", 4]]))
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == [
        ["a", "b"], ['x"y', "'=1"], ["z\nz", "4"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("people", 'attachment; filename="people.csv"'),
        ('a"b/c\r\n', 'attachment; filename="a-b-c--.csv"'),
        ("Őszi", "attachment; filename*=utf-8''%C5%90szi.csv"),
    ],
)
def test_an_export_has_a_harmless_file_name(name, header):
    assert csv_response(name, ["a"], [])["Content-Disposition"] == header
