"""The gallery of programs: found by what they are, put side by side, read as a table."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from mentoring.accounts.permissions import Role
from programs.calendar import Calendar, Period
from programs.models import Program, ProgramDraft
from programs.presenters import facets, gallery
from programs.presenters.comparison import comparison
from programs.services import designing
from programs.spec import load
from tests.factories import CohortFactory, EnrollmentFactory
from tests.programs.pictures.every import PROGRAMS

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def client(cohort, as_user):
    return as_user(EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person)


def page(client, name, **query):
    response = client.get(reverse(f"programs:{name}"), query)
    assert response.status_code == 200
    return html.fromstring(response.content)


def slugs(found):
    """The programs on a page, in order."""
    links = found.xpath("//main//a[contains(@href, '/cohorts/new/')]/@href")
    named = [re.fullmatch(r"/cohorts/new/([\w-]+)/", link) for link in links]
    return [m.group(1) for m in named if m and m.group(1) not in {"table", "compare"}]


def words(found):
    return " ".join(found.text_content().split())


def test_every_program_is_a_card_with_its_picture_and_a_box_to_tick(client):
    found = page(client, "templates")
    assert sorted(slugs(found)) == sorted(PROGRAMS)
    pictures = found.xpath("//section//div[@role='img']/@aria-label")
    assert len(pictures) == len(PROGRAMS)
    assert any("44 students, 11 from each class year" in words for words in pictures)
    assert len(found.xpath("//section//input[@name='p'][@form='narrow']")) == len(PROGRAMS)


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ({"model": "pair"}, {"calgary", "semmelweis", "lmu-munich"}, {"delhi", "karolinska"}),
        ({"model": "group"}, {"delhi", "keck", "san-antonio"}, {"calgary", "gulf"}),
        ({"model": "combined"}, {"tromso", "uw-colleges"}, {"delhi", "calgary"}),
        ({"model": "near-peer"}, {"semmelweis", "brown", "mcgill"}, {"delhi", "great-western"}),
        ({"model": "vertical"}, {"san-antonio"}, {"delhi"}),
        ({"model": "tiers"}, {"lmu-munich"}, {"uw-colleges"}),
        ({"model": "colleges"}, {"vanderbilt", "san-antonio"}, {"delhi"}),
        ({"model": "virtual"}, {"drexel"}, {"delhi"}),
        ({"length": "year"}, {"great-western", "delhi"}, {"tromso", "calgary"}),
        ({"length": "years"}, {"calgary", "keck"}, {"delhi"}),
        ({"length": "degree"}, {"tromso", "gulf"}, {"delhi"}),
        ({"length": "pair"}, {"lmu-munich"}, {"delhi"}),
        ({"mentors": "doctors"}, {"mcgill", "lmu-munich", "great-western"}, {"delhi"}),
        ({"mentors": "faculty", "model": "pair"}, {"calgary"}, {"delhi", "semmelweis"}),
        ({"enrollment": "mandatory"}, {"calgary", "gulf"}, {"semmelweis"}),
        ({"enrollment": "voluntary"}, {"semmelweis", "sodersjukhuset"}, {"calgary"}),
        ({"enrollment": "unstated"}, {"bahria"}, {"calgary"}),
        ({"q": "semmelweis BUDAPEST"}, {"semmelweis"}, {"delhi"}),
        ({"q": "meets by video"}, {"drexel"}, {"delhi"}),
    ],
    ids=lambda value: " ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict)
    else "",
)  # fmt: skip
def test_programs_are_found_by_what_they_are(client, query, inside, outside):
    found = set(slugs(page(client, "templates", **query)))
    assert inside <= found
    assert not outside & found
    assert found == set(slugs(page(client, "templates_table", **query)))


def test_what_nobody_offers_leads_back_and_what_there_is_not_asks_for_nothing(client):
    nothing = page(client, "templates", q="astrology")
    assert "No program fits" in words(nothing)
    assert slugs(nothing) == []
    assert len(slugs(page(client, "templates", model="<script>", sort="wrong", page="99"))) == len(
        PROGRAMS
    )


def test_what_is_ticked_stays_ticked_when_the_list_is_narrowed(client):
    found = page(client, "templates", q="drexel", p=["drexel", "delhi"])
    assert found.xpath("//section//input[@name='p'][@checked]/@value") == ["drexel"]
    assert found.xpath("//input[@type='hidden'][@name='p'][@form='narrow']/@value") == ["delhi"]
    assert "Also ticked: " in words(found)


def test_the_table_is_sorted_and_what_is_not_stated_stands_last(client):
    up = slugs(page(client, "templates_table", sort="students"))
    down = slugs(page(client, "templates_table", sort="-students"))
    assert down[0] == "san-antonio"
    assert up[-1] == "san-antonio"
    for sort in ("meetings", "-meetings"):
        unstated = slugs(page(client, "templates_table", sort=sort))[-4:]
        assert set(unstated) == {"calgary", "delhi", "gulf", "lmu-munich"}
    assert slugs(page(client, "templates_table", sort="since"))[0] in {"fmusp", "keck"}
    lengths = slugs(page(client, "templates_table", sort="length"))
    assert (lengths[0], lengths[-1]) == ("great-western", "lmu-munich")
    headers = page(client, "templates_table", sort="-meetings").xpath("//th[@aria-sort]")
    assert [one.get("aria-sort") for one in headers] == ["descending"]


def test_four_programs_stand_side_by_side(client):
    found = page(client, "compare", p=["san-antonio", "lmu-munich", "semmelweis", "drexel"])
    rows = {row[0].text_content(): row for row in found.xpath("//tbody/tr")}
    assert [len(row) for row in rows.values()] == [5] * len(rows)
    assert list(rows) == [
        "Picture", "Model", "Who mentors whom", "Group size", "Students’ class years", "Duration",
        "How often", "Matching", "Enrollment", "Training and supervision", "Diary and reflection",
        "Confidentiality", "Incentives", "Evaluation", "Published figures", "What we assumed",
        "Source",
    ]  # fmt: skip
    assert "3 of the students mentor too" in rows["Who mentors whom"][1].text_content()
    share = "20\N{NO-BREAK SPACE}%–30\N{NO-BREAK SPACE}%"
    assert share in rows["Published figures"][2].text_content()
    assert rows["Diary and reflection"][2].text_content() == "Not stated"
    assert "Mentor diary" in rows["Diary and reflection"][3].text_content()
    assert "by video" in rows["How often"][4].text_content()
    box = found.xpath("//div[@role='region'][@tabindex='0']")
    assert len(box) == 1
    assert len(found.xpath("//a[starts-with(., 'Take away')]")) == 4


@pytest.mark.parametrize(
    ("chosen", "said", "columns"),
    [
        ([], "Tick two programs or more below", 0),
        (["delhi"], "Tick at least one more below", 1),
        (["delhi", "delhi"], "Tick at least one more below", 1),
        (["delhi", "tromso"], "", 2),
        (["delhi", "nowhere", "tromso"], "There is no program called nowhere here", 2),
        (["delhi", "tromso", "keck", "gulf", "brown"], f"Left out: {PROGRAMS['brown'].title}", 4),
    ],
)
def test_a_comparison_says_what_it_needs(client, chosen, said, columns):
    found = page(client, "compare", p=chosen)
    assert said in words(found)
    assert len(found.xpath("//thead/tr/th")) == (columns + 1 if columns else 0)
    assert len(found.xpath("//fieldset//input[@name='p']")) == len(PROGRAMS)
    assert len(found.xpath("//fieldset//input[@checked]")) == columns


def test_a_short_program_is_marked_wherever_it_is_offered(client, settings, tmp_path):
    short = dict(PROGRAMS["great-western"].document) | {"duration": {"months": 2}, "slug": "brief"}
    assert facets.length_of(load(short)) == "short"
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "brief.yaml").write_text(json.dumps(short), encoding="utf-8")
    mark = "Short: under three months"
    assert words(page(client, "templates")).count(mark) == 1
    assert words(page(client, "templates_table")).count(mark) == 1
    assert mark in words(page(client, "compare", p=["brief", "delhi"]))
    assert mark in client.get(reverse("programs:new", args=["brief"])).content.decode()
    assert mark not in client.get(reverse("programs:new", args=["delhi"])).content.decode()


def test_a_program_designed_here_stands_among_the_others(client, cohort):
    document = dict(PROGRAMS["brown"].document) | {"slug": "ours", "title": "Our own pairs"}
    program = Program.objects.create(slug="ours", name="Our own pairs")
    for number, title in enumerate(["An older name", "Our own pairs"], 1):
        program.versions.create(number=number, document=document | {"title": title})
    found = page(client, "templates")
    assert sorted(slugs(found)) == sorted([*PROGRAMS, "ours"])
    assert words(found).count("Your school’s own") == 1
    assert "Our own pairs" in words(page(client, "compare", p=["ours", "delhi"]))
    assert "Your school’s own" in words(page(client, "templates_table", q="our own"))
    assert "An older name" not in words(found)


def test_a_file_of_the_school_that_cannot_be_read_is_told_of_beside_the_others(
    client, settings, tmp_path
):
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "half.yaml").write_text("slug: half", encoding="utf-8")
    (tmp_path / "shadow.yaml").write_text(
        json.dumps(dict(PROGRAMS["delhi"].document) | {"slug": "compare"}), encoding="utf-8"
    )
    found = page(client, "templates")
    assert sorted(slugs(found)) == sorted(PROGRAMS)
    assert "half.yaml" in words(found)
    assert "is the address of a page; choose another" in words(found)


def test_no_program_takes_the_address_of_a_page_of_the_gallery(client, cohort):
    client.post(reverse("programs:design_begin"), {"template": ""})
    draft = ProgramDraft.objects.get()
    draft.document = {**draft.document, "title": "Compare"}
    draft.save()
    boss = draft.created_by
    assert designing.publish(draft=draft, by=boss).program.slug not in {"compare", "table"}


def queries(client, name, **query):
    url = reverse(f"programs:{name}")
    client.get(url, query)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url, query).status_code == 200
    return len(captured)


def test_programs_cost_no_queries_however_many_are_shown(client):
    for name in ("templates", "templates_table"):
        assert queries(client, name) == queries(client, name, q="semmelweis")
    four = ["delhi", "tromso", "keck", "gulf"]
    assert queries(client, "compare", p=four) == queries(client, "compare", p=["delhi"])


@pytest.mark.parametrize("slug", PROGRAMS)
def test_every_program_can_be_compared_and_listed(slug):
    spec = PROGRAMS[slug]
    lines = comparison([spec, PROGRAMS["semmelweis"]])
    assert all(len(line.cells) == 2 for line in lines)
    assert all(str(part) for line in lines for cell in line.cells for part in cell)
    assert gallery.row(spec)["length"]
    assert gallery.card(spec)["rhythm"]
    assert facets.length_of(spec) in facets.LENGTHS
    assert facets.models_of(spec) <= set(facets.MODELS)
    assert facets.mentors_of(spec) <= set(facets.MENTORS)


def test_a_template_and_a_cohorts_program_show_structure_and_year(client, cohort):
    for url in (
        reverse("programs:new", args=["san-antonio"]),
        reverse("programs:program", args=[cohort.key]),
    ):
        found = html.fromstring(client.get(url).content)
        assert len(found.xpath("//div[contains(@class, 'structure-large')]")) == 1
        assert len(found.xpath("//figure[contains(@class, 'year')]")) == 1


def test_a_cohorts_year_has_its_own_terms_and_pauses(cohort):
    edition = cohort.edition
    monday = edition.starts
    days = [timedelta(days=n) for n in range(400)]
    calendar = Calendar(
        zone=cohort.zone,
        starts=monday,
        ends=monday + days[69],
        terms=(
            Period(monday, monday + days[34], "One"),
            Period(monday + days[35], monday + days[69], "Two"),
            Period(monday + days[365], monday + days[399], "Next year"),
        ),
        pauses=(
            Period(monday + days[14], monday + days[27], "Exams"),
            Period(monday + days[50], monday + days[50], "A day off"),
            Period(monday + days[366], monday + days[380], "Next summer"),
        ),
    )
    plan = gallery.plan_of(gallery.Year(calendar, calendar.starts, calendar.ends))
    assert plan.weeks == 10
    assert [(t.name, t.first, t.last) for t in plan.terms] == [("One", 1, 5), ("Two", 6, 10)]
    assert [(p.name, p.first, p.last) for p in plan.pauses] == [("Exams", 3, 4)]
