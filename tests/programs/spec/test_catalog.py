"""The templates say what is published, and mark what we assumed."""

import json

import pytest
from django.core.management import call_command

from programs.spec import Span, catalog, load


@pytest.mark.parametrize("slug", catalog.slugs())
def test_a_template_is_named_after_its_file_and_survives_being_stored(slug):
    spec = catalog.spec(slug)
    assert spec.slug == slug
    assert load(catalog.document(slug)) == spec
    assert load(json.loads(json.dumps(catalog.document(slug)))) == spec


@pytest.mark.parametrize("slug", catalog.slugs())
def test_every_template_marks_its_year_as_assumed(slug):
    assert "year" in {part.path for part in catalog.spec(slug).assumed}


def test_no_such_template():
    with pytest.raises(KeyError):
        catalog.spec("../settings")


def test_semmelweis():
    spec = catalog.spec("semmelweis")
    assert spec.students_per_mentorship() == Span(min=1, max=1)
    assert spec.capacity("mentor").default == 1
    assert spec.capacity("mentor").max == 2
    assert spec.meeting_interval_days() == 30
    assert spec.contact_interval_days() == 7
    quotas = {part.kind: (part.times.min, part.minutes.min) for part in spec.requirements[:2]}
    assert quotas == {"training": (4, 90), "supervision": (2, 90)}
    assert spec.stated["students"].value == 185
    assert spec.stated["mentors"].value == 171
    assert spec.stated["weekly-contact"].shown == "51\N{NO-BREAK SPACE}%"
    assert spec.stated["mentors"].shown == 171
    assert spec.matching.procedure == "random"
    assert spec.year.weeks == 40


def test_delhi():
    spec = catalog.spec("delhi")
    assert spec.students_per_mentorship() == Span(min=2, max=3)
    assert spec.cadence_for(kind="mentoring").basis == "left_to_students"
    assert spec.meeting_interval_days() == 30
    assert (spec.stated["students"].value, spec.stated["mentors"].value) == (150, 55)


def test_tromso_meets_four_times_a_year_and_pauses_in_year_five():
    spec = catalog.spec("tromso")
    assert spec.class_years("student") == (1, 2, 3, 4, 6)
    assert spec.paused_class_years == (5,)
    assert spec.meeting_interval_days() == pytest.approx(91.25)
    assert spec.cadence_for(kind="group").hours == Span(min=16, max=16)
    assert spec.shape("group").quorum[0].at_least == 1


def test_munich_compares_three_procedures():
    spec = catalog.spec("lmu-munich")
    assert [arm.procedure for arm in spec.matching.arms] == ["expert", "suggestions", "search"]
    assert spec.matching.arms[1].suggestions == 10
    assert spec.shape("peer").class_years("student") == (1, 2)


def test_the_command_prints_one_json_list(capsys):
    call_command("catalog", "--json")
    entries = json.loads(capsys.readouterr().out)
    assert [list(entry) for entry in entries] == [
        [
            "slug",
            "school",
            "model",
            "students_per_mentorship",
            "mentors_per_mentorship",
            "meetings_per_year",
            "procedure",
            "source",
            "stated",
            "assumed",
        ]
    ] * 4
    by_slug = {entry["slug"]: entry for entry in entries}
    assert by_slug["semmelweis"]["meetings_per_year"] == [12, None]
    assert by_slug["tromso"]["meetings_per_year"] == [4, 4]
    assert by_slug["tromso"]["mentors_per_mentorship"] == [2, 2]
    assert by_slug["delhi"]["students_per_mentorship"] == [2, 3]
    assert by_slug["delhi"]["stated"]["mentors"] == 55


def test_the_command_lists_for_people(capsys):
    call_command("catalog")
    assert "semmelweis" in capsys.readouterr().out
