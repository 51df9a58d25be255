"""Mails about a new year and about stand-ins. Facts are read when a mail is sent."""

from django.conf import settings
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from matching.models import Membership, Mentorship, StandIn
from matching.names import with_whom
from mentoring import outbox
from mentoring.accounts.permissions import Role
from mentoring.outbox.models import Notification
from programs.models import RollOver

NAMED = 12


@outbox.kind("year_begins", title=gettext_lazy("A new year of your groups"), mutable=False)
def year_begins(note: Notification) -> outbox.Mail | outbox.Suppress:
    """What the new year means for the reader's groups: one line for each."""
    rows = RollOver.objects.select_related("cohort")
    turn = rows.filter(pk=note.context["roll_over"]).first()
    if turn is None or not turn.is_done or note.recipient is None:
        return outbox.Suppress("the new year was taken back")
    groups = Mentorship.objects.filter(pk__in=note.context["mentorships"]).order_by("pk")
    seats = list(
        Membership.objects.filter(mentorship__in=groups).select_related("person").order_by("pk")
    )
    lines, new_place = [], False
    for group in groups:
        here = [seat for seat in seats if seat.mentorship_id == group.pk]
        mine = any(s.person_id == note.recipient.pk and s.ended_at is None for s in here)
        new_place = new_place or not mine
        lines.append(_line(group, here, turn, mine=mine))
    return outbox.Mail(
        {
            "cohort": turn.cohort,
            "starts": turn.starts,
            "ends": turn.ends,
            "lines": lines,
            "new_place": new_place,
            "url": settings.SITE_URL + reverse("home"),
        }
    )


def _line(group: Mentorship, seats: list[Membership], turn: RollOver, *, mine: bool) -> str:
    there = [s.person for s in seats if s.role == Role.STUDENT and s.ended_at is None]
    left = [s.person.full_name for s in seats if s.ended_at == turn.done_at]
    name = group.name or with_whom(there or [s.person for s in seats])
    if not mine:
        return _("%(group)s: your place in it has come to its end.") % {"group": name}
    goes_on = ngettext(
        "%(group)s goes on with %(n)d student.",
        "%(group)s goes on with %(n)d students.",
        len(there),
    ) % {"group": name, "n": len(there)}
    if not left:
        return goes_on
    shown = left[:NAMED]
    more = [_("%(n)d more") % {"n": len(left) - NAMED}] if len(left) > NAMED else []
    names = get_text_list([*shown, *more], _("and"))
    return f"{goes_on} " + _("Not in it any more: %(names)s.") % {"names": names}


def _stand_in(note: Notification) -> StandIn | None:
    rows = StandIn.objects.select_related(
        "mentorship__cohort", "absent__person", "enrollment__person"
    )
    return rows.filter(pk=note.context["stand_in"]).first()


def _facts(note: Notification, found: StandIn) -> outbox.Mail:
    students = Membership.objects.filter(
        mentorship=found.mentorship, role=Role.STUDENT, ended_at=None
    ).select_related("person")
    return outbox.Mail(
        {
            "cohort": found.mentorship.cohort,
            "stand_in": found,
            "absent": found.absent.person,
            "stands_in": found.enrollment.person,
            "students": with_whom([s.person for s in students], group=found.mentorship.name),
            "for_her": note.recipient_id == found.enrollment.person_id,
            "for_absent": note.recipient_id == found.absent.person_id,
            "url": settings.SITE_URL + reverse("home"),
        }
    )


@outbox.kind("stand_in_arranged", title=gettext_lazy("Somebody stands in"), mutable=False)
def stand_in_arranged(note: Notification) -> outbox.Mail | outbox.Suppress:
    """Who is there, for whom, from when to when."""
    found = _stand_in(note)
    if found is None or found.state not in StandIn.STANDING:
        return outbox.Suppress("taken back, or over already")
    return _facts(note, found)


@outbox.kind("stand_in_over", title=gettext_lazy("A stand-in is over"), mutable=False)
def stand_in_over(note: Notification) -> outbox.Mail | outbox.Suppress:
    """That it is over, and who is there again."""
    found = _stand_in(note)
    if found is None or found.state in StandIn.STANDING:
        return outbox.Suppress("goes on")
    return _facts(note, found)
