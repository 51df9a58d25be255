"""What acts of coordinators about meetings and wishes were about. Acts of a pair are not asked."""

from collections.abc import Iterable, Sequence

from django.urls import reverse

from matching.models import Membership, Mentorship
from matching.names import with_whom
from mentoring.accounts.models import User
from mentoring.accounts.visibility import sees_meeting_facts
from mentoring.audit.models import Event
from mentoring.ports import About
from programs.models import Cohort
from sessions.models import CertificateKind, ChangeRequest, Meeting

KINDS = dict(CertificateKind.choices)


def about(reader: User, cohort: Cohort, events: Sequence[Event]) -> dict[int, About]:
    """Meetings by their pair, wishes by who had them; a few queries.

    A wish about the reader's own pair stays nameless to her: the other side is told of none.
    """
    return {**_wishes(reader, events), **_meetings(cohort, events), **_certificates(events)}


def _certificates(events: Iterable[Event]) -> dict[int, About]:
    """Of which kind; whose they are is told by their place."""
    return {
        event.pk: About(note=KINDS.get(str(event.data.get("kind")), ""))
        for event in events
        if event.action.startswith("certificate.")
    }


def _ids(events: Iterable[Event]) -> set[int]:
    return {event.subject for event in events if event.subject}


def _wishes(reader: User, events: Sequence[Event]) -> dict[int, About]:
    about_wishes = [event for event in events if event.action.startswith("change_request.")]
    rows = ChangeRequest.objects.exclude(mentorship__memberships__person=reader)
    wishes = {
        row.pk: row for row in rows.filter(pk__in=_ids(about_wishes)).select_related("person")
    }
    return {
        event.pk: About(wish.person.full_name, reverse("sessions:change_request", args=[wish.key]))
        for event in about_wishes
        if (wish := wishes.get(event.subject or 0))
    }


def _meetings(cohort: Cohort, events: Sequence[Event]) -> dict[int, About]:
    recorded = [event for event in events if event.subject_type == "meetings.meeting"]
    if not recorded or not sees_meeting_facts(cohort.level):
        return {}
    of = dict(
        Meeting.objects.filter(pk__in=_ids(recorded), mentorship__isnull=False).values_list(
            "pk", "mentorship"
        )
    )
    names: dict[int, list[str]] = {}
    for seat in Membership.objects.filter(mentorship__in=of.values()).select_related("person"):
        names.setdefault(seat.mentorship_id, []).append(seat.person.full_name)
    keys = dict(Mentorship.objects.filter(pk__in=of.values()).values_list("pk", "key"))
    return {
        event.pk: About(with_whom(names[pair]), reverse("sessions:mentorship", args=[keys[pair]]))
        for event in recorded
        if (pair := of.get(event.subject or 0)) in keys and pair is not None
    }
