"""The flags as a file: what the page shows, at each level of confidentiality."""

import csv
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse

from evaluation import queries
from evaluation.models import Flag
from mentoring import clock
from tests.evaluation.conftest import after
from tests.evaluation.scene import TODAY, play

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _week_fourteen():
    with clock.at(after(TODAY)):
        yield


def export(scene, query=""):
    client = Client()
    client.force_login(scene.coordinator)
    url = reverse("evaluation:flags", args=[scene.cohort.key])
    response = client.get(f"{url}?format=csv{query}")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return client.get(f"{url}?{query}"), list(csv.DictReader(StringIO(text)))


@pytest.mark.parametrize("level", ["open", "counts", "strict"])
def test_the_file_holds_the_flags_of_the_page_in_its_order_and_words(level):
    scene = play(level)
    page, rows = export(scene)
    assert len(rows) == queries.flags(scene.cohort).count()
    assert (len(rows) == 0) == (level == "strict")
    shown = [(row.who, str(row.title), str(row.evidence)) for row in page.context["rows"]]
    assert [(row["Who"], row["Rule"], row["What is known"]) for row in rows] == shown
    assert all(row["Opened"].startswith("20") for row in rows)


def test_the_file_is_narrowed_as_the_page_is():
    scene = play("open")
    rule = Flag.objects.order_by("pk").first().rule
    page, rows = export(scene, f"&rule={rule}")
    assert 0 < len(rows) == page.context["listing"].total < queries.flags(scene.cohort).count()


def test_the_page_offers_the_file():
    page, _rows = export(play("open"))
    assert "format=csv" in page.content.decode()
