"""A program written as a file is read back as the same program."""

import json

import pytest
import yaml

from programs.spec import catalog, load
from programs.spec.writing import dump


@pytest.mark.parametrize("slug", catalog.slugs())
def test_a_file_loads_back_to_the_same_document(slug):
    spec = catalog.spec(slug)
    assert load(dump(spec)) == spec
    assert json.dumps(load(dump(spec)).document) == json.dumps(spec.document)


def test_people_can_read_it():
    text = dump(catalog.spec("tromso"))
    assert text.startswith("format: 1\nslug: tromso\n")
    assert "{role: student, kind: student, count: [7, 10], class_years: [1, 2, 3, 4, 6]}" in text
    assert "school: UiT The Arctic University of Norway, Tromsø" in text
    assert "\n    times: 4\n" in text


@pytest.mark.parametrize(
    "words",
    [
        "NO",
        "yes",
        "null",
        "1",
        "2024-01-01",
        "a: b",
        "# no",
        "'",
        '"',
        "- a",
        "{a}",
        "é\n\nb",
        "12:30",
    ],
)
def test_odd_words_stay_words_for_every_reader_of_yaml(words):
    spec = load(catalog.document("delhi") | {"title": words})
    assert load(dump(spec)).title == spec.title
    assert yaml.safe_load(dump(spec))["title"] == spec.title


def test_a_published_share_of_all_stays_a_share():
    spec = catalog.spec("great-western")
    again = load(dump(spec)).stated["mentors-recommend"]
    assert again.shown == spec.stated["mentors-recommend"].shown == "100\N{NO-BREAK SPACE}%"
