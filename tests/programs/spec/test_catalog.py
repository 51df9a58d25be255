"""The templates say what is published, and mark what we assumed."""

import json

import pytest

from programs.spec import Span, catalog, load
from programs.spec.writing import dump


def test_the_nineteen_published_programs_in_a_stable_order():
    assert catalog.slugs() == (
        *("bahria", "brown", "calgary", "delhi", "drexel", "fmusp", "great-western", "gulf"),
        *("karolinska", "keck", "lmu-munich", "mcgill", "pramukhswami", "san-antonio"),
        *("semmelweis", "sodersjukhuset", "tromso", "uw-colleges", "vanderbilt"),
    )
    assert [spec.slug for spec in catalog.templates()] == list(catalog.slugs())


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
    assert spec.stated["mentors"].shown == "171"
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


@pytest.fixture
def folder(settings, tmp_path):
    """The school's own folder, with a template in it that is a changed one of ours."""
    settings.CATALOG_DIR = tmp_path
    (tmp_path / "our-pairs.yaml").write_text(
        dump(load(catalog.document("semmelweis") | {"slug": "our-pairs"})), encoding="utf-8"
    )
    return tmp_path


def lines(found):
    return [line for file in found for line in file.lines]


def test_a_school_adds_templates_of_its_own_after_those_of_the_product(folder):
    assert catalog.slugs() == (*catalog.shipped(), "our-pairs")
    assert catalog.spec("our-pairs").meeting_interval_days() == 30
    assert catalog.templates()[-1].slug == "our-pairs"
    assert catalog.broken() == []


def test_a_changed_file_is_read_again_and_a_removed_one_is_gone(folder):
    file = folder / "our-pairs.yaml"
    assert catalog.spec("our-pairs").school == "Semmelweis University, Budapest"
    file.write_text(file.read_text().replace("Semmelweis University, Budapest", "Our school"))
    assert catalog.spec("our-pairs").school == "Our school"
    file.unlink()
    with pytest.raises(KeyError):
        catalog.spec("our-pairs")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("slug: [a", "line 1, column 9: expected ',' or ']'"),
        ("just words", "document: must be a mapping of names to values (it is 'just words')"),
        (b"\xff\xfe\x00", "document: "),
        ("[" * 5000, "document: is nested too deeply"),
        ("a: !!int word", "document: holds an odd value: "),
        ("a: &a [*a]", "a: is not a name this part knows"),
        ("x" * 1_000_001, "document: is larger than 1000000 bytes (it is 1000001)"),
    ],
)
def test_a_broken_file_stops_nothing_and_says_what_is_wrong(folder, content, line):
    file = folder / "broken.yml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert "our-pairs" in catalog.slugs()
    assert any(one.startswith(f"{file}: {line}") for one in lines(catalog.broken()))


def test_every_problem_of_a_file_names_file_path_and_value(folder):
    file = folder / "wrong.yaml"
    text = (folder / "our-pairs.yaml").read_text().replace("our-pairs", "wrong")
    file.write_text(
        text.replace("format: 1", "format: 2")
        .replace("procedure: random", "procedure: by magic")
        .replace("due_days: 7", "due_days: soon")
        .replace("title: Student mentors for first-year students\n", "")
    )
    found = lines(catalog.broken())
    assert found[:3] == [
        f"{file}: format: is a format that this version does not read; it reads 1 (it is 2)",
        f"{file}: title: is missing",
        f"{file}: requirements[2].due_days: must be a whole number (it is 'soon')",
    ]
    assert found[3].startswith(f"{file}: matching.procedure: must be one of 'optimal', ")
    assert found[3].endswith(" (it is 'by magic')")


def test_a_name_of_the_product_cannot_be_taken_and_none_twice(folder):
    (folder / "delhi.yaml").write_text(dump(catalog.spec("delhi")))
    (folder / "z.yaml").write_text((folder / "our-pairs.yaml").read_text())
    problem = "slug: is the name of another template; choose one"
    assert lines(catalog.broken()) == [
        f"{folder / 'delhi.yaml'}: {problem} (it is 'delhi')",
        f"{folder / 'z.yaml'}: {problem} (it is 'our-pairs')",
    ]
    assert catalog.slugs() == (*catalog.shipped(), "our-pairs")


def test_other_files_in_the_folder_are_left_alone(folder):
    (folder / "README.md").write_text("No template.")
    (folder / ".hidden.yaml").write_text("[")
    (folder / "a-folder.yaml").mkdir()
    assert catalog.slugs()[-1] == "our-pairs"
    assert lines(catalog.broken()) == [
        f"{folder / 'a-folder.yaml'}: file: cannot be read: is a directory"
    ]


def test_a_folder_that_does_not_exist_is_said_and_stops_nothing(settings, tmp_path):
    settings.CATALOG_DIR = tmp_path / "nowhere"
    assert catalog.slugs() == catalog.shipped()
    assert lines(catalog.broken()) == [
        f"{tmp_path / 'nowhere'}: file: cannot be read: no such file or directory"
    ]
