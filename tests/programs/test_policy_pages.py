"""The pages of policies: written, published, read and answered."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mentoring import clock
from mentoring.accounts.permissions import Role
from programs import queries_policies as queries
from programs.models import Policy, PolicyAnswer
from programs.presenters.policies import DiffLine, difference
from programs.services import policies
from tests.factories import CohortFactory, EnrollmentFactory
from tests.programs.test_policies import consent, next_version, published, say

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with clock.at(datetime(2021, 9, 6, 10, tzinfo=UTC)):
        yield


@pytest.fixture
def cohort():
    return CohortFactory(state="recruiting")


@pytest.fixture
def her(cohort, as_user):
    return as_user(EnrollmentFactory(cohort=cohort, role=Role.COORDINATOR).person)


def page(name, cohort, row=None):
    return reverse(f"programs:{name}", args=[cohort.key, *([row.key] if row else [])])


def words(response):
    return " ".join(response.content.decode().split())


def test_a_coordinator_begins_with_our_drafts_and_publishes_one(her, cohort):
    EnrollmentFactory(cohort=cohort)
    assert "Begin with our drafts" in words(her.get(page("policies", cohort)))
    done = her.post(page("policies_begin", cohort), follow=True)
    assert "4 drafts were added" in words(done)
    row = Policy.objects.get(title="Code of conduct")
    draft = her.get(page("policy_draft", cohort, row))
    assert "1 person is asked" in words(draft)
    assert "<h3>Between us</h3>" in words(draft)
    sent = {"act": "publish", "seal": draft.context["seal"]}
    shown = her.post(page("policy_act", cohort, row), sent, follow=True)
    assert "Published. 1 person gets a mail." in words(shown)
    assert "0 of 1" in words(her.get(page("policies", cohort)))


def test_the_pages_of_policies_state_the_confidentiality_of_the_program(her, cohort):
    assert "Coordinators see when meetings took place" in words(her.get(page("policies", cohort)))


def test_a_mistake_is_named_and_nothing_is_lost(her, cohort):
    sent = {
        "title": "Research", "kind": "consent", "audience": "all", "required": "on",
        "text": "May we write to you?",
    }  # fmt: skip
    response = her.post(page("policy_add", cohort), sent)
    assert response.status_code == 422
    assert "A consent is free" in words(response)
    assert "May we write to you?" in words(response)
    assert not Policy.objects.exists()
    made = her.post(page("policy_add", cohort), {k: v for k, v in sent.items() if k != "required"})
    row = Policy.objects.get()
    assert made["Location"] == page("policy_draft", cohort, row)


def test_a_draft_is_saved_seen_and_compared(her, cohort):
    row = published(cohort, text="One.\n\nTwo.")
    her.post(page("policy_act", cohort, row), {"act": "revise"})
    sent = {"text": "One.\n\nThree.", "changes": "Three for two.", "asks_again": "on"}
    shown = words(her.post(page("policy_draft", cohort, row), sent, follow=True))
    assert "<p>Three.</p>" in shown
    assert '<ins><span class="visually-hidden">Added: </span>Three.</ins>' in shown
    assert '<del><span class="visually-hidden">Taken out: </span>Two.</del>' in shown


def test_the_difference_leaves_out_what_did_not_change(cohort):
    lines = [f"Line {n}" for n in range(20)]
    row = published(cohort, text="\n".join(lines))
    next_version(row, "\n".join([*lines[:10], "Another line", *lines[11:]]))
    before, after = row.versions.order_by("number")
    found = difference(before, after)
    assert [line.kind for line in found] == [
        "gap", "same", "same", "removed", "added", "same", "same", "gap",
    ]  # fmt: skip
    assert DiffLine("added", "Another line") in found
    assert difference(before, before) == []


def test_of_a_policy_the_page_names_who_is_silent_and_who_has_confirmed(her, cohort):
    silent, done = EnrollmentFactory(cohort=cohort), EnrollmentFactory(cohort=cohort)
    row = published(cohort)
    say(row, done)
    open_page = words(her.get(page("policy", cohort, row)))
    yes_page = words(her.get(page("policy", cohort, row) + "?who=yes"))
    names = silent.person.full_name, done.person.full_name
    assert [name in open_page for name in names] == [True, False]
    assert [name in yes_page for name in names] == [False, True]


def test_of_a_consent_the_page_names_those_who_agreed_and_nobody_else(her, cohort):
    agreed, refused, silent = EnrollmentFactory.create_batch(3, cohort=cohort)
    row = consent(cohort)
    say(row, agreed, "agreed")
    say(row, refused, "refused")
    for query in ("", "?who=no", "?who=yes", "?sort=-name"):
        shown = words(her.get(page("policy", cohort, row) + query))
        names = [one.person.full_name in shown for one in (agreed, refused, silent)]
        assert names == [True, False, False]
    assert "1 did not agree or has withdrawn. 1 has not answered." in shown


def test_reminding_from_the_page_says_how_many_or_why_none(her, cohort):
    EnrollmentFactory(cohort=cohort)
    row = published(cohort)
    act = page("policy_act", cohort, row)
    assert "got a mail today" in words(her.post(act, {"act": "remind"}, follow=True))
    with clock.at(datetime(2021, 9, 7, 10, tzinfo=UTC)):
        done = words(her.post(act, {"act": "remind"}, follow=True))
    assert "1 person gets a mail." in done


def test_the_lists_cost_the_same_with_three_and_with_many(her, cohort):
    row, free = published(cohort), consent(cohort)
    addresses = [
        page("policies", cohort),
        page("policy", cohort, row),
        page("policy", cohort, free),
    ]

    def costs():
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries_run:
                assert her.get(address).status_code == 200
            found.append(len(queries_run))
        return found

    def more(number):
        for place in EnrollmentFactory.create_batch(number, cohort=cohort):
            say(free, place, "agreed")
        EnrollmentFactory.create_batch(number, cohort=cohort)

    more(2)
    published(cohort, title="Another")
    before = costs()
    more(4)
    published(cohort, title="And another")
    assert costs() == before


# --- Those who are asked -------------------------------------------------------------------------


def test_from_the_home_it_is_two_taps(as_user, cohort):
    place = EnrollmentFactory(cohort=cohort)
    row, free = published(cohort, required=True), consent(cohort)
    client = as_user(place.person)
    home = words(client.get(reverse("home")))
    link = reverse("programs:my_policy", args=[row.key])
    assert "To read and confirm" in home
    assert link in home
    assert "<p>Be kind.</p>" in words(client.get(link))
    done = client.post(link, {"answer": "acknowledged", "version": "1"})
    assert done["Location"] == reverse("programs:my_policy", args=[free.key]), "the next that waits"
    last = client.post(done["Location"], {"answer": "refused", "version": "1"})
    assert last["Location"] == reverse("programs:my_policies")
    assert "To read and confirm" not in words(client.get(reverse("home")))


def test_a_consent_says_who_sees_the_answer(as_user, cohort):
    place = EnrollmentFactory(cohort=cohort)
    row = consent(cohort)
    shown = words(as_user(place.person).get(reverse("programs:my_policy", args=[row.key])))
    assert "The coordinators see who agreed." in shown
    assert "I do not agree" in shown


def test_my_agreements_list_what_i_read_and_let_me_withdraw(as_user, cohort):
    place = EnrollmentFactory(cohort=cohort)
    row = consent(cohort, text="We write to you.")
    say(row, place, "agreed")
    next_version(row, "We call you.")
    client = as_user(place.person)
    shown = words(client.get(reverse("programs:my_policies")))
    assert "<p>We write to you.</p>" in shown
    assert "We call you." not in shown
    client.post(reverse("programs:my_policy", args=[row.key]), {"answer": "withdrawn"})
    assert PolicyAnswer.objects.get(replaced_at=None).answer == "withdrawn"
    assert "replaced by a later answer" in words(client.get(reverse("programs:my_policies")))


def test_what_changed_is_said_to_whoever_knows_the_text(as_user, cohort):
    place = EnrollmentFactory(cohort=cohort)
    row = published(cohort)
    say(row, place)
    next_version(row, "Be kind, always.", changes="It holds always.")
    shown = words(as_user(place.person).get(reverse("programs:my_policy", args=[row.key])))
    assert "You answered version 1. What changed since: It holds always." in shown


def test_nobody_reads_a_draft_or_a_text_of_others(as_user, cohort):
    place = EnrollmentFactory(cohort=cohort)
    row = policies.add(cohort=cohort, by=None, title="Conduct", text="Be kind.")
    address = reverse("programs:my_policy", args=[row.key])
    assert as_user(place.person).get(address).status_code == 404
    policies.publish(policy=row, by=None, seen=policies.seal(queries.draft_of(row)))
    assert as_user(place.person).get(address).status_code == 200
    assert as_user(EnrollmentFactory().person).get(address).status_code == 404


def test_my_agreements_cost_the_same_with_few_and_with_many(as_user, cohort):
    place = EnrollmentFactory(cohort=cohort)
    client = as_user(place.person)

    def cost():
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse("programs:my_policies")).status_code == 200
        return len(found)

    say(published(cohort, title="One"), place)
    published(cohort, title="Two")
    before = cost()
    for number in range(4):
        say(published(cohort, title=f"More {number}"), place)
        published(cohort, title=f"Open {number}")
    assert cost() == before


def test_an_invitation_shows_what_everyone_who_takes_part_confirms(client, cohort):
    from programs.services import invitations

    published(cohort, text="Be kind.", required=True, audience="students")
    published(cohort, title="For mentors", required=True, audience="mentors")
    next_version(Policy.objects.get(title="Code of conduct"), "Be kind, always.")
    place = EnrollmentFactory(cohort=cohort, state="invited")
    invitation = invitations.invite(enrollment=place, by=None)
    token = invitations.token_for(invitation)
    shown = words(client.get(reverse("programs:invitation", args=[token])))
    assert "<p>Be kind, always.</p>" in shown
    assert "For mentors" not in shown
