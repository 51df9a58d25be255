"""Who is in a mentorship now, on which side, and beside whom."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from matching.models import Membership, Mentorship
from matching.names import with_whom
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES
from mentoring.errors import DomainError
from sessions.models import Meeting, Participant, Side

NOT_A_MEMBER = _("You are not part of this mentorship any more.")
ENDED = _("This mentorship has ended.")


def side_of(role: str) -> Side:
    """The side on which a role stands."""
    return Side.MENTOR if role in MENTOR_ROLES else Side.STUDENT


@dataclass(frozen=True)
class Circle:
    """The present members of a mentorship, mentors first."""

    mentorship: Mentorship
    members: tuple[Membership, ...]

    @property
    def mentors(self) -> list[Membership]:
        return [member for member in self.members if member.is_mentor]

    @property
    def students(self) -> list[Membership]:
        return [member for member in self.members if not member.is_mentor]

    @property
    def is_group(self) -> bool:
        """More than two people: those who have not agreed to a time are invited, not held."""
        return len(self.members) > 2

    def of(self, user: User | None) -> Membership | None:
        """This person's place, if she has one now."""
        return next((m for m in self.members if user and m.person_id == user.pk), None)

    def need(self, user: User | None) -> Membership:
        """Her place; refused for everyone else."""
        member = self.of(user)
        if member is None:
            raise DomainError(NOT_A_MEMBER)
        return member

    def side(self, user: User | None) -> Side:
        """The side of a member; the coordinator's for everyone else."""
        member = self.of(user)
        return side_of(member.role) if member else Side.STAFF

    def others(self, user: User) -> list[Membership]:
        return [member for member in self.members if member.person_id != user.pk]

    def with_whom(self, user: User) -> str:
        """The others by name; of a large group its name."""
        people = [member.person for member in self.others(user)]
        return with_whom(people, group=self.mentorship.name)


def circle(mentorship: Mentorship, *, at: datetime | None = None, profiles: bool = False) -> Circle:
    """The present members, or those of the day of ``at``, in one query.

    ``profiles``: with what they say about themselves.
    """
    rows = mentorship.memberships.select_related("person").order_by()
    if profiles:
        rows = rows.select_related("enrollment")
    if at is None:
        members = list(rows.filter(ended_at=None))
    else:
        zone = mentorship.cohort.zone
        day = at.astimezone(zone).date()
        members = [
            member
            for member in rows.filter(Q(ended_at=None) | Q(ended_at__gt=at))
            if member.started_at.astimezone(zone).date() <= day
        ]
    ordered = sorted(members, key=lambda member: (not member.is_mentor, member.pk))
    # Who leads as one of the students is one person, with one seat in every meeting: as a leader.
    once: dict[int, Membership] = {}
    for member in ordered:
        once.setdefault(member.person_id, member)
    return Circle(mentorship, tuple(once.values()))


def locked(mentorship: Mentorship) -> Circle:
    """The members as they are now, held until the transaction ends: nobody's place ends meanwhile.

    Taken before anybody's turn (``services.locking``), so that who ends a mentorship and who books
    in it never wait for each other. Refused once the mentorship is over, or its cohort.
    """
    rows = Mentorship.objects.select_for_update(no_key=True, of=("self",)).select_related("cohort")
    current = rows.get(pk=mentorship.pk)
    if not current.is_live or current.cohort.is_over:
        raise DomainError(ENDED)
    return circle(current)


def seats_of(person: User) -> QuerySet[Participant]:
    """Her seats in meetings that are hers: those of a mentorship for the dates of her place in it.

    Who has left a group keeps what took place while she was in it, and sees nothing of the rest.
    """
    place = Membership.objects.filter(
        mentorship=OuterRef("meeting__mentorship"), person=OuterRef("person")
    ).filter(Q(ended_at=None) | Q(ended_at__gt=OuterRef("starts_at")))
    return Participant.objects.filter(Q(meeting__mentorship=None) | Exists(place), person=person)


def seat_in(meeting: Meeting, person: User | None) -> Participant | None:
    """Her seat in this meeting, if the meeting is hers."""
    return seats_of(person).filter(meeting=meeting).first() if person else None
