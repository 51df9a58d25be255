"""Designing a program: step by step, nothing lost, versions kept apart, remarks in place."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring.accounts.permissions import Role
from mentoring.errors import DomainError
from programs.forms.design import steps as designer
from programs.models import ImprovementAction, Program, ProgramDraft
from programs.presenters.documents import program_in_words
from programs.services import designing, improvements, opening
from programs.spec import catalog, difference, load
from tests.factories import EnrollmentFactory, UserFactory
from tests.programs.design import sent
from tests.programs.pictures.every import PROGRAMS


@pytest.fixture
def boss(db):
    return EnrollmentFactory(role=Role.COORDINATOR).person


@pytest.fixture
def client(as_user, boss):
    return as_user(boss)


def text(response):
    return " ".join(response.content.decode().split())


def step_url(draft, step, name="design"):
    return reverse(f"programs:{name}", args=[draft.key, step])


def post(client, draft, step, name="design", **changed):
    blocks = designer.opened(designer.BY_SLUG[step], draft.document)
    return client.post(step_url(draft, step, name), dict(sent(blocks, **changed).lists()))


@pytest.mark.parametrize("step", designer.STEPS, ids=lambda step: step.slug)
@pytest.mark.parametrize("slug", sorted(PROGRAMS))
def test_saving_a_step_unchanged_changes_nothing_of_any_published_program(slug, step):
    spec = PROGRAMS[slug]
    blocks = designer.opened(step, spec.document, sent(designer.opened(step, spec.document)))
    assert designer.valid(blocks), [part.form.errors for part in blocks]
    assert difference(spec, load(designer.written(blocks, spec.document))) == []


def test_from_next_to_nothing_to_a_cohort(client, boss):
    answer = client.post(reverse("programs:design_begin"), {"template": ""})
    draft = ProgramDraft.objects.get()
    assert answer.url == step_url(draft, "basics")
    answer = post(client, draft, "basics", basics__title="Peer talks", basics__years=2)
    assert answer.url == step_url(draft, "structure")
    draft.refresh_from_db()
    post(client, draft, "structure", **{
        "shapes-0-students_min": 4, "shapes-0-students_max": 6, "shapes-0-mentors_min": 2,
        "shapes-0-mentors_max": 2, "shapes-0-unit": "groups",
    })  # fmt: skip
    draft.refresh_from_db()
    assert str(draft.spec.students_per_mentorship()) == "4–6"
    whole = text(client.get(reverse("programs:draft", args=[draft.key])))
    assert "Peer talks" in whole
    assert "What differs from where it began" in whole
    client.post(reverse("programs:draft_publish", args=[draft.key]))
    program = Program.objects.get(slug="peer-talks")
    assert program.versions.get().spec.title == "Peer talks"
    assert not ProgramDraft.objects.exists()
    cohort = opening.open_cohort(slug="peer-talks", name="First run", by=boss)
    assert cohort.spec.duration.years == 2
    assert cohort.program == program


def test_a_running_cohort_keeps_its_version(boss):
    draft = designing.begin(by=boss, template="semmelweis")
    program = designing.publish(draft=draft, by=boss).program
    cohort = opening.open_cohort(slug=program.slug, name="First run", by=boss)
    after = designing.begin(by=boss, program=program)
    document = {**after.document, "summary": "Another one."}
    designing.change(draft=after, document=document, students=None, mentors=None, by=boss)
    assert designing.publish(draft=after, by=boss).number == 2
    assert cohort.spec.summary != "Another one."
    second = opening.open_cohort(slug=program.slug, name="Second run", by=boss)
    assert second.spec.summary == "Another one."


def test_a_schools_own_version_of_a_template_is_a_program_of_its_own(boss):
    opening.open_cohort(slug="semmelweis", name="As published", by=boss)
    template = Program.objects.get(slug="semmelweis")
    draft = designing.begin(by=boss, program=template)
    assert draft.program is None
    version = designing.publish(draft=draft, by=boss)
    assert version.program.slug == "student-mentors-for-first-year-students"
    assert "Semmelweis University" in version.spec.source
    assert template.versions.count() == 1


def test_publishing_what_has_not_changed_is_refused(boss):
    program = designing.publish(draft=designing.begin(by=boss), by=boss).program
    again = designing.begin(by=boss, program=program)
    with pytest.raises(DomainError, match="Nothing has changed"):
        designing.publish(draft=again, by=boss)


def test_what_cannot_be_is_said_and_nothing_typed_is_lost(client, boss):
    draft = designing.begin(by=boss, template="semmelweis")
    answer = post(client, draft, "structure", **{"shapes-0-students_min": 5})
    assert answer.status_code == 422
    assert "less than the least number" in text(answer)
    assert 'value="5"' in text(answer)
    answer = post(client, draft, "year", **{"terms-1-first": 10})
    assert answer.status_code == 422
    assert "begins before the one before it ends" in text(answer)
    draft.refresh_from_db()
    assert draft.document == draft.base


def test_the_panel_answers_while_one_types_and_saves_nothing(client, boss):
    draft = designing.begin(by=boss, template="semmelweis")
    changed = {"cadence-0-times_min": 200, "cadence-0-per": "term"}
    answer = post(client, draft, "rhythm", "design_check", **changed)
    assert "Cannot work" in text(answer)
    assert "How often, 1" in text(answer)
    draft.refresh_from_db()
    assert draft.document == draft.base


def test_fewer_places_than_students_are_caught_with_the_numbers_expected(client, boss):
    draft = designing.begin(by=boss, template="tromso")
    numbers = {"basics__students": 100, "basics__mentors": 12}
    answer = post(client, draft, "basics", "design_check", **numbers)
    assert "need at least 20 people who mentor" in text(answer)


def test_one_more_row_keeps_what_was_typed(client, boss):
    draft = designing.begin(by=boss, template="delhi")
    blocks = designer.opened(designer.BY_SLUG["asked"], draft.document)
    data = dict(sent(blocks, add="requirements").lists())
    before = len(draft.document.get("requirements", []))
    answer = client.post(step_url(draft, "asked"), data)
    assert answer.status_code == 200
    assert len(answer.context["blocks"][0].form.forms) == before + 1


def test_a_row_that_is_taken_away_leaves_the_document(client, boss):
    draft = designing.begin(by=boss, template="semmelweis")
    post(client, draft, "incentives", **{"incentives-0-DELETE": True})
    draft.refresh_from_db()
    assert draft.spec.incentives == ()
    assert draft.spec.assumed, "notes about what is left stay"
    assert all("incentives" not in part.path for part in draft.spec.assumed)


def test_what_a_year_taught_is_carried_into_the_next_version(client, boss):
    program = designing.publish(draft=designing.begin(by=boss), by=boss).program
    opening.open_cohort(slug=program.slug, name="First run", by=boss)
    url = reverse("programs:improve", args=[program.slug])
    assert client.post(url, {"text": " "}).status_code == 422
    client.post(url, {"text": "Train mentors earlier", "owner": boss.key, "due": "2027-01-31"})
    row = ImprovementAction.objects.get()
    page = reverse("programs:own_program", args=[program.slug])
    assert "Train mentors earlier" in text(client.get(page))
    assert boss.full_name in text(client.get(page))
    client.post(url, {"action": row.key, "done": "1"})
    draft = designing.begin(by=boss, program=program)
    document = {**draft.document, "summary": "Trained earlier."}
    designing.change(draft=draft, document=document, students=None, mentors=None, by=boss)
    version = designing.publish(draft=draft, by=boss)
    row.refresh_from_db()
    assert row.version == version
    assert "in version 2" in text(client.get(page))
    client.post(url, {"action": row.key, "open": "1"})
    row.refresh_from_db()
    assert row.done_at is None
    client.post(url, {"action": row.key, "remove": "1"})
    assert not ImprovementAction.objects.exists()


def test_lists_cost_the_same_with_one_row_and_with_thirty(client, boss):
    program = designing.publish(draft=designing.begin(by=boss), by=boss).program

    def cost():
        with CaptureQueriesContext(connection) as counted:
            client.get(reverse("programs:own_programs"))
            client.get(reverse("programs:own_program", args=[program.slug]))
        return len(counted)

    improvements.note(program=program, text="One", by=boss)
    designing.begin(by=boss)
    cost()
    before = cost()
    for number in range(29):
        improvements.note(program=program, text=f"More {number}", by=boss, owner=UserFactory())
        designing.publish(draft=designing.begin(by=boss, template="delhi"), by=boss)
    for _number in range(29):
        designing.begin(by=boss)
    assert cost() == before


def test_every_template_can_be_made_ones_own(boss):
    for slug in catalog.slugs():
        draft = designing.begin(by=boss, template=slug)
        assert draft.spec.shapes


def test_who_fetches_a_certificate_is_said_in_the_designer(client, boss):
    client.post(reverse("programs:design_begin"), {"template": "semmelweis"})
    draft = ProgramDraft.objects.get()
    assert "certificates" not in draft.document
    post(client, draft, "incentives", **{"certificates-own": ["attendance", "completion"]})
    draft.refresh_from_db()
    assert draft.document["certificates"] == {"own": ["attendance", "completion"]}
    words = program_in_words(load(draft.document))
    assert any("fetches the certificate herself" in line for part in words for line in part.lines)
    post(client, draft, "incentives", **{"certificates-own": ["attendance"]})
    draft.refresh_from_db()
    assert "certificates" not in draft.document, "the usual is not written"


def test_by_what_matchings_are_compared_is_said_in_the_designer_and_to_everybody(client, boss):
    draft = designing.begin(by=boss, template="semmelweis")
    post(client, draft, "matching", matching__equity=["gender", "campus"])
    draft.refresh_from_db()
    assert draft.spec.matching.equity == ("gender", "campus")
    told = [line for section in program_in_words(draft.spec) for line in section.lines]
    assert any("fare alike, by gender and campus" in line for line in told)
