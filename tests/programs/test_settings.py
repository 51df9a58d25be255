"""Dates and contacts are changed where they stand; a cohort opened in vain can go."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from mentoring import clock, outbox
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.audit.models import Event
from mentoring.errors import DomainError
from programs.models import Cohort, Enrollment, HelpContact, Pause, Term
from programs.readiness import readiness
from programs.services import absences, deleting, opening, people
from tests.factories import START, CohortFactory, EnrollmentFactory, UserFactory, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return CohortFactory()


@pytest.fixture
def boss(cohort):
    return EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person


@pytest.fixture
def her(as_user, boss):
    return as_user(boss)


def settings(cohort):
    return reverse("programs:settings", args=[cohort.key])


def send(her, cohort, what, row, **fields):
    data = {f"{what}-{row.pk}-{name}": value for name, value in fields.items()}
    return her.post(settings(cohort), {"form": what, "number": row.pk} | data)


def test_a_term_a_pause_and_a_contact_are_changed_in_place(her, cohort):
    edition = cohort.edition
    edition.terms.all().delete()
    first, last = edition.starts, edition.starts + timedelta(days=50)
    term = Term.objects.create(edition=edition, name="Fall", starts=first, ends=last)
    pause = Pause.objects.create(edition=edition, name="Exams", starts=first, ends=first)
    contact = HelpContact.objects.create(cohort=cohort, name="Anna", kind="emergency", phone="1")
    assert (
        send(her, cohort, "term", term, name="Autumn", starts=first, ends=last).status_code == 302
    )
    send(her, cohort, "pause", pause, name="Finals", kind="exam", starts=first, ends=last)
    send(her, cohort, "contact", contact, name="Béla", kind="emergency", phone="+36 1 234 5678")
    assert Term.objects.get(pk=term.pk).name == "Autumn"
    assert Pause.objects.get(pk=pause.pk).name == "Finals"
    assert HelpContact.objects.get(pk=contact.pk).name == "Béla"
    wrong = send(her, cohort, "term", term, name="Autumn", starts=last, ends=first)
    assert wrong.status_code == 422
    assert "lies before the first" in wrong.content.decode()
    assert Term.objects.filter(edition=edition).count() == 1


def test_removing_asks_once(her, cohort):
    Pause.objects.create(
        edition=cohort.edition, name="Exams", starts=cohort.edition.starts,
        ends=cohort.edition.starts,
    )  # fmt: skip
    assert 'data-confirm="Remove “Exams”?"' in her.get(settings(cohort)).content.decode()


def dates_item(cohort):
    fresh = Cohort.objects.get(pk=cohort.pk)
    return next(item for item in readiness(fresh) if item.slug == "dates")


def test_proposed_terms_are_to_be_looked_over(as_user):
    boss = UserFactory()
    cohort = opening.open_cohort(slug="semmelweis", name="New", by=boss)
    assert (dates_item(cohort).state, str(dates_item(cohort).title)) == (
        "amber", "Terms: look them over",
    )  # fmt: skip
    her = as_user(boss)
    assert "Look them over" in her.get(settings(cohort)).content.decode()
    term = cohort.edition.terms.first()
    values = {"name": "Autumn", "starts": term.starts, "ends": term.ends}
    one = {f"term-{term.pk}-{name}": value for name, value in values.items()}
    answer = her.post(settings(cohort), one | {"form": "term", "number": term.pk}, follow=True)
    assert "when you have looked at all of them" in answer.content.decode()
    assert dates_item(cohort).state == "amber", "one of them says nothing of the others"
    her.post(reverse("programs:dates_checked", args=[cohort.key]))
    assert dates_item(cohort).state == "green"


def test_terms_out_of_season_have_neutral_names():
    usual = opening.open_cohort(slug="semmelweis", name="A", by=None, starts=date(2026, 9, 7))
    off = opening.open_cohort(slug="semmelweis", name="B", by=None, starts=date(2026, 11, 30))
    assert not any(term.name.startswith("Term ") for term in usual.edition.terms.all())
    assert [term.name for term in off.edition.terms.all()][:2] == ["Term 1", "Term 2"]


@pytest.mark.parametrize("years", [-100, -2, 4])
def test_a_first_day_nobody_can_mean_is_refused(as_user, years):
    her = as_user(UserFactory(is_superuser=True))
    day = clock.now().date().replace(day=1)
    day = day.replace(year=day.year + years)
    url = reverse("programs:new", args=["semmelweis"])
    response = her.post(url, {"name": "X", "starts": day.isoformat()})
    assert response.status_code == 422
    assert "Choose a first day from" in response.content.decode()
    assert not Cohort.objects.filter(name="X").exists()


def test_a_cohort_opened_in_vain_is_deleted_with_whom_it_alone_names(her, cohort, boss):
    people.add(cohort=cohort, email="only@example.edu", role="student", by=boss,
               given_name="A", family_name="B")  # fmt: skip
    member = EnrollmentFactory(cohort=cohort, role=Role.STUDENT).person
    assert "Delete the cohort" in her.get(settings(cohort)).content.decode()
    answer = her.post(reverse("programs:cohort_delete", args=[cohort.key]), follow=True)
    assert "was deleted" in answer.content.decode()
    assert not Cohort.objects.filter(pk=cohort.pk).exists()
    assert not User.objects.filter(email="only@example.edu").exists()
    assert User.objects.filter(pk__in=[boss.pk, member.pk]).count() == 2
    event = Event.objects.get(action="cohort.deleted")
    assert (event.actor, event.cohort) == (boss.pk, cohort.pk)
    outbox.deliver_due()


def test_a_cohort_with_mentorships_stays(her, cohort, boss):
    pair(cohort)
    assert "Delete the cohort" not in her.get(settings(cohort)).content.decode()
    with pytest.raises(DomainError):
        deleting.delete(cohort=cohort, by=boss)
    assert Cohort.objects.filter(pk=cohort.pk).exists()


# --- Absences ------------------------------------------------------------------------------------


# Days of the factories' cohort, looked at before them.
IN_THE_YEAR = (date(2021, 10, 4), date(2021, 10, 8))


def absence_url(row):
    return reverse("programs:person_absence", args=[row.cohort.key, row.key])


def test_a_coordinator_declares_an_absence_and_the_person_is_told(her, cohort, boss):
    row = EnrollmentFactory(cohort=cohort, role=Role.STUDENT)
    with clock.at(START):
        her.post(absence_url(row), {"starts": IN_THE_YEAR[0], "ends": IN_THE_YEAR[1]})
    absence = row.absences.get()
    note = outbox.Notification.objects.get(kind="absence_declared")
    assert note.recipient == row.person
    event = Event.objects.get(action="absence.declared")
    assert (event.actor, event.data["enrollment"]) == (boss.pk, row.pk)
    page = reverse("programs:person", args=[cohort.key, row.key])
    assert "Declare one for them" in her.get(page).content.decode()
    with clock.at(START):
        her.post(absence_url(row), {"absence": absence.key})
    assert not row.absences.exists()


def test_ones_own_absence_needs_no_mail(cohort):
    row = EnrollmentFactory(cohort=cohort, role=Role.STUDENT)
    with clock.at(START):
        absences.declare(enrollment=row, starts=IN_THE_YEAR[0], ends=IN_THE_YEAR[1], by=row.person)
    assert not outbox.Notification.objects.filter(kind="absence_declared").exists()
    assert Enrollment.objects.get(pk=row.pk).absences.count() == 1


# --- People --------------------------------------------------------------------------------------


def act(her, row, name):
    return her.post(reverse("programs:person_act", args=[row.cohort.key, row.key]), {"act": name})


@pytest.mark.parametrize("answer", ["waitlist", "decline"])
def test_an_answer_to_an_application_can_be_taken_back(her, cohort, answer):
    row = EnrollmentFactory(cohort=cohort, state="applied", applied_at=clock.now())
    act(her, row, answer)
    page = her.get(reverse("programs:person", args=[cohort.key, row.key])).content.decode()
    assert "undecided again" in page
    if answer == "decline":
        assert "The application was declined" in page
    act(her, row, "reconsider")
    row.refresh_from_db()
    assert row.state == "applied"


def test_who_did_not_apply_cannot_become_an_applicant_by_it(her, cohort):
    row = EnrollmentFactory(cohort=cohort, state="declined")
    act(her, row, "reconsider")
    row.refresh_from_db()
    assert row.state == "declined"


def test_who_was_only_listed_is_not_called_invited(her, cohort):
    row = EnrollmentFactory(cohort=cohort, state="invited")
    for url in (
        reverse("programs:people", args=[cohort.key]) + "?state=invited",
        reverse("programs:person", args=[cohort.key, row.key]),
    ):
        page = her.get(url).content.decode()
        assert "Not invited yet" in page
        assert "not invited yet</small>" not in page


def test_a_second_role_is_asked_about(her, cohort):
    mentor = EnrollmentFactory(cohort=cohort, role=Role.MENTOR)
    url = reverse("programs:person_add", args=[cohort.key])
    data = {"email": mentor.person.email.upper(), "role": "student"}
    asked = her.post(url, data)
    assert asked.status_code == 422
    assert "in the cohort already: Mentor" in asked.content.decode()
    assert not cohort.enrollments.filter(person=mentor.person, role="student").exists()
    her.post(url, data | {"despite": "1"})
    assert cohort.enrollments.filter(person=mentor.person, role="student").exists()
