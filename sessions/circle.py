"""Who is in a mentorship now, on which side, and beside whom."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from matching.models import Membership, Mentorship
from mentoring.accounts.models import User
from mentoring.accounts.permissions import MENTOR_ROLES
from mentoring.errors import DomainError
from sessions.models import Side

NOT_A_MEMBER = _("You are not part of this mentorship any more.")


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


def circle(mentorship: Mentorship) -> Circle:
    """The present members, in one query."""
    members = mentorship.memberships.filter(ended_at=None).select_related("person", "enrollment")
    ordered = sorted(members, key=lambda member: (not member.is_mentor, member.pk))
    return Circle(mentorship, tuple(ordered))
