"""The cohort board: numbers, lists and what a program lets out."""

import csv
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from evaluation import board, queries
from evaluation.models import Flag
from evaluation.monitoring import scan, unresponsive
from mentoring import clock
from mentoring.accounts.permissions import Role
from sessions.models import Message
from tests.evaluation.conftest import after
from tests.evaluation.scene import TODAY, play
from tests.factories import START, EnrollmentFactory, meeting, pair

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _week_fourteen():
    with clock.at(after(TODAY)):
        yield


def client_of(scene) -> Client:
    client = Client()
    client.force_login(scene.coordinator)
    return client


def page(scene, name: str, query: str = "", cohort=None):
    url = reverse(f"evaluation:{name}", args=[(cohort or scene.cohort).key])
    response = client_of(scene).get(url + query)
    assert response.status_code == 200
    return response


def table(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


LEVELS = ["open", "counts", "strict"]


@pytest.mark.parametrize("level", LEVELS)
def test_every_number_counts_the_rows_of_the_list_behind_it(level):
    scene = play(level)
    client = client_of(scene)
    numbers = [*board.pair_figures(scene.cohort), *board.people_figures(scene.cohort)]
    counted = {
        figure.slug: (figure.value, client.get(figure.url).context["listing"].total)
        for figure in numbers
    }
    assert all(shown == listed for shown, listed in counted.values()), counted
    assert {slug: shown for slug, (shown, _) in counted.items()} == {
        "open": {
            "pairs": 12, "met": 7, "unmet": 5, "waiting": 1, "flags": 7,
            "students": 14, "mentors": 12, "unmatched": 1,
        },
        "counts": {
            "pairs": 12, "met": 7, "unmet": 5, "flags": 4,
            "students": 14, "mentors": 12, "unmatched": 1,
        },
        "strict": {"pairs": 12, "students": 14, "mentors": 12, "unmatched": 1},
    }[level]  # fmt: skip


def test_met_and_not_met_add_up_to_all():
    figures = {figure.slug: figure.value for figure in board.pair_figures(play().cohort)}
    assert figures["met"] + figures["unmet"] == figures["pairs"]


COLUMNS = {
    "pairs": {
        "strict": ["Students", "Mentors", "Campus", "Class year", "Matched on"],
        "counts": [
            "Students", "Mentors", "Campus", "Class year", "Matched on", "Meetings held", "Flags",
            "Agreement", "Mean to meet",
        ],
        "open": [
            "Students", "Mentors", "Campus", "Class year", "Matched on", "Meetings held", "Flags",
            "Last met", "Next meeting", "Waiting for", "Agreement", "Mean to meet",
        ],
    },
    "people": {
        "strict": ["Name", "E-mail", "Role", "With", "Campus", "Class year"],
        "counts": ["Name", "E-mail", "Role", "With", "Campus", "Class year", "Meetings held"],
        "open": [
            "Name", "E-mail", "Role", "With", "Campus", "Class year", "Meetings held", "Last met",
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ["pairs", "people"])
def test_an_export_has_the_columns_that_the_program_lets_out(name, level):
    rows = table(page(play(level), name, "?format=csv"))
    assert list(rows[0]) == COLUMNS[name][level]
    assert len(rows) == {"pairs": 12, "people": 26}[name]


PAGES = ["board", "pairs", "people", "flags", "rules", "write"]


@pytest.mark.parametrize("name", PAGES)
def test_a_strict_program_shows_no_count_date_or_flag(name):
    scene = play("strict")
    mentorship = scene.pairs[9]
    # A flag from before the program became strict must not be seen either.
    Flag.objects.create(
        cohort=scene.cohort, rule="never-met", severity="high", mentorship=mentorship,
        subject="old", occurrence="old", since=after(0), reason="",
    )  # fmt: skip
    html = page(scene, name).content.decode()
    matched = f"{START:%Y-%m-%d}"  # the coordinator's own act
    assert "2021-" not in html.replace("2021/22", "").replace(matched, "")
    assert "chart" not in html
    assert "No meeting has been held" not in html
    for query in ("?met=no", "?flag=yes", "?booked=no", "?silent=mentor", "?agreement=signed"):
        if name in {"pairs", "people"}:
            assert page(scene, name, query).context["listing"].total == {
                "pairs": 12, "people": 26
            }[name]  # fmt: skip
    for sort in ("held", "-held", "last", "next", "waiting", "flag"):
        if name in {"pairs", "people"}:
            assert page(scene, name, f"?sort={sort}").context["listing"].sort in {"student", "name"}


@pytest.mark.parametrize("name", ["board", "pairs", "people", "flags"])
def test_a_program_of_counts_shows_no_date_of_a_meeting(name):
    scene = play("counts")
    html = page(scene, name).content.decode()
    opened = {f"{flag.opened_at:%Y-%m-%d}" for flag in Flag.objects.all()}
    dates = {part[:10] for part in html.split('datetime="')[1:]}
    assert dates <= opened | {f"{START:%Y-%m-%d}"}, "only when flags opened, and the matching"
    assert "Last met" not in html
    assert "<figure" not in html
    for fact in ("booked", "missed", "in a row", "has waited", "not with this student"):
        assert fact not in html, "who came, what is booked and who wrote are facts, not counts"


def test_where_only_counts_leave_the_pair_a_flag_says_only_that_they_never_met():
    play("counts")
    assert {flag.rule for flag in Flag.objects.all()} == {"never-met"}
    assert {flag.enrollment for flag in Flag.objects.all()} == {None}


def test_a_program_that_shows_less_from_now_on_hides_older_flags_at_once():
    scene = play("open")
    version = scene.cohort.edition.version
    version.document["confidentiality"] = {"level": "counts"}
    version.save()
    assert page(scene, "flags").context["listing"].total == 4
    hidden = Flag.objects.get(rule="unresponsive-mentor")
    shown = Flag.objects.filter(rule="never-met", enrollment=None).first()
    client = client_of(scene)
    assert client.get(reverse("evaluation:flag", args=[hidden.key])).status_code == 404
    answer = client.get(reverse("evaluation:flag", args=[shown.key]))
    assert "booked" not in answer.content.decode()
    with clock.at(after(TODAY + 1)):
        scan()
    hidden.refresh_from_db()
    assert hidden.state == "cleared"


def test_people_of_a_program_of_counts_have_the_count_of_their_pair():
    scene = play("counts")
    joined = page(scene, "people", "?q=Zsófia").context["listing"].page[0]
    assert joined.held_count == 5, "her group met five times; that she was away is not told"


def test_strict_flags_cannot_be_opened_by_their_address():
    scene = play("strict")
    flag = Flag.objects.create(
        cohort=scene.cohort, rule="never-met", severity="high", mentorship=scene.pairs[9],
        subject="old", occurrence="old", since=after(0),
    )  # fmt: skip
    assert client_of(scene).get(reverse("evaluation:flag", args=[flag.key])).status_code == 404


@pytest.mark.parametrize("level", ["counts", "strict"])
def test_recording_for_others_is_offered_only_where_facts_are_open(level):
    scene = play(level)
    html = page(scene, "pairs").content.decode()
    assert reverse("sessions:record_unplanned_for_them", args=[scene.pairs[0].key]) not in html


def test_flags_stand_first_and_say_what_to_do():
    response = page(play(), "board")
    rows = response.context["rows"]
    assert [row.flag.severity for row in rows] == ["high"] * 6 + ["warning"]
    html = response.content.decode()
    assert html.index("Needs you") < html.index("Pairs and groups")
    assert "Ask the student how she is before anything else" in html


def test_who_has_not_met_is_listed_with_since_when():
    scene = play()
    late = pair(scene.cohort, started_at=after(40))
    rows = table(page(scene, "pairs", "?met=no&sort=-since&format=csv"))
    assert (rows[0]["Students"], rows[0]["Matched on"]) == (
        late.student.person.full_name, f"{after(40):%Y-%m-%d}",
    )  # fmt: skip
    assert {row["Matched on"] for row in rows[1:]} == {f"{START:%Y-%m-%d}"}
    assert f'datetime="{after(40):%Y-%m-%d}' in page(scene, "pairs", "?met=no").content.decode()


def test_the_board_and_the_rule_agree_on_who_waits_for_whom(cohort):
    asked, answered_by_proposal = pair(cohort), pair(cohort)
    for mentorship in (asked, answered_by_proposal):
        Message.objects.create(mentorship=mentorship, side="student", sent_at=after(1))
    meeting(
        answered_by_proposal, after(TODAY + 3), state="proposed", created_side="mentor",
        created_at=after(2),
    )  # fmt: skip
    expired = pair(cohort)
    meeting(expired, after(5), state="proposed", created_side="student", created_at=after(2))
    waiting = {row.pk: row.silent for row in queries.pairs(cohort)}
    assert waiting == {asked.pk: "mentor", answered_by_proposal.pk: "student", expired.pk: "mentor"}
    assert set(unresponsive.waiting(cohort, clock.now())) == {asked.pk, expired.pk}


def test_where_the_two_sides_disagree_the_coordinator_sees_it():
    scene = play()
    assert "disputed" not in {figure.slug for figure in board.pair_figures(scene.cohort)}
    held = meeting(scene.pairs[0], after(90), state="held", disputed_at=after(91))
    found = {figure.slug: figure for figure in board.pair_figures(scene.cohort)}["disputed"]
    assert found.value == 1
    listed = client_of(scene).get(found.url).context["listing"]
    assert [row.pk for row in listed.page] == [held.mentorship_id]


def test_flags_of_a_cohort_that_is_over_stay_as_they_were_and_call_for_nobody():
    scene = play()
    assert queries.in_need(scene.cohort).exists()
    scene.cohort.state = "closing"
    scene.cohort.save()
    standing = queries.flags(scene.cohort).filter(state="open").count()
    scan()
    assert not queries.in_need(scene.cohort).exists()
    assert queries.flags(scene.cohort).filter(state="open").count() == standing > 0


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?met=no&booked=yes", ["István Németh"]),
        ("?silent=mentor", ["Ferenc Varga"]),
        ("?flag=high&q=Zsófia", ["Dániel Szabó; Zsófia Vámos"]),
        ("?q=Takács+Anna", ["Anna Kovács"]),
        ("?year=1&campus=Klinikák&met=no", ["Júlia Farkas", "Hanna Molnár"]),
    ],
)
def test_pairs_can_be_narrowed(query, names):
    scene = play()
    EnrollmentFactory(cohort=scene.cohort, campus="")
    rows = table(page(scene, "pairs", f"{query}&sort=student&format=csv"))
    assert [row["Students"] for row in rows] == names


def test_the_board_shows_who_is_short_of_a_quota_with_the_list_behind_it():
    scene = play("strict")
    client = client_of(scene)
    short, idle = page(scene, "board").context["training_figures"]
    assert short.value == idle.value == 12
    for figure in (short, idle):
        assert client.get(figure.url).context["listing"].total == figure.value


def test_a_single_flag_stands_under_the_tab_of_the_board():
    scene = play()
    flag = queries.in_need(scene.cohort).first()
    html = client_of(scene).get(reverse("evaluation:flag", args=[flag.key])).content.decode()
    assert html.count('class="nav-link active"') == 1
    assert f'active" href="{reverse("evaluation:board", args=[scene.cohort.key])}"' in html


def test_an_export_neutralizes_formulas():
    scene = play()
    person = scene.pairs[0].student.person
    person.given_name, person.family_name = "=HYPERLINK(1)", ""
    person.save()
    rows = table(page(scene, "people", "?q=HYPERLINK&format=csv"))
    assert [row["Name"] for row in rows] == ["'=HYPERLINK(1)"]


@pytest.mark.parametrize("name", ["board", "pairs", "people", "flags"])
def test_a_page_costs_the_same_queries_for_one_row_and_for_thirty(
    name, cohort, django_assert_num_queries
):
    coordinator = EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person
    client = Client()
    client.force_login(coordinator)
    url = reverse(f"evaluation:{name}", args=[cohort.key])
    counts = []
    for more in (1, 29):
        for number in range(more):
            mentorship = pair(cohort)
            meeting(mentorship, after(5 + number % 40), state="held")
            Flag.objects.create(
                cohort=cohort, rule="missed-by-mentor", severity="warning", mentorship=mentorship,
                subject=f"mentorship:{mentorship.pk}", occurrence="1", since=after(9),
                evidence={"this_term": 2},
            )  # fmt: skip
        client.get(url)
        with CaptureQueries() as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


class CaptureQueries:
    """The statements within a block."""

    def __enter__(self) -> list[str]:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        self.capture = CaptureQueriesContext(connection)
        return self.capture.__enter__()

    def __exit__(self, *error) -> None:
        self.capture.__exit__(*error)


def test_the_home_of_a_coordinator_leads_to_the_board():
    scene = play()
    response = client_of(scene).get("/")
    html = response.content.decode()
    assert reverse("evaluation:board", args=[scene.cohort.key]) in html
    assert "4 more wait for you" in html
