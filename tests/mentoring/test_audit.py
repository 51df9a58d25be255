"""Events are appended with the act, and never changed."""

import pytest
from django.db import transaction

from mentoring import audit
from mentoring.audit.models import Event
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_an_event_says_who_did_what_to_whom():
    user = UserFactory()
    audit.record(by=user, action="person.renamed", subject=user, field="given_name")
    event = Event.objects.get()
    assert (event.actor, event.action, event.subject_type, event.subject, event.data) == (
        user.pk,
        "person.renamed",
        "accounts.user",
        user.pk,
        {"field": "given_name"},
    )


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_its_act():
    with transaction.atomic():
        audit.record(by=None, action="scan")
        transaction.set_rollback(True)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded():
    with pytest.raises(RuntimeError, match="transaction"):
        audit.record(by=None, action="scan")


def test_events_are_never_changed_or_deleted():
    audit.record(by=None, action="scan")
    event = Event.objects.get()
    for act in (event.save, event.delete, Event.objects.all().delete):
        with pytest.raises(TypeError, match="never"):
            act()
    with pytest.raises(TypeError, match="never"):
        Event.objects.update(action="other")
