"""What the people of a mentorship read about each other: the profile, without its free hours."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from matching.models import Membership
from programs import asking
from programs.models import Answer, QuestionReader
from programs.roster.languages import LANGUAGES
from programs.services import answers


@dataclass(frozen=True)
class Profile:
    """What somebody says about herself; only what she filled in."""

    name: str
    facts: list[tuple[str | Promise, str]]


def profiles(members: Iterable[Membership]) -> list[Profile]:
    """Of these people, those who have written something."""
    rows = list(members)
    said = answers.of_many([member.enrollment_id for member in rows], readers=[QuestionReader.PAIR])
    found = [
        Profile(
            member.person.full_name,
            [*_facts(member), *_answers(member, said.get(member.enrollment_id, []))],
        )
        for member in rows
    ]
    return [profile for profile in found if profile.facts]


def _answers(member: Membership, rows: Iterable[Answer]) -> list[tuple[str | Promise, str]]:
    """What she answered to questions whose answers she was told the pair reads."""
    return [
        (
            asking.text_for(row.question, member.role),
            asking.answer_words(row.question, row.value, member.role),
        )
        for row in rows
    ]


def _facts(member: Membership) -> list[tuple[str | Promise, str]]:
    said = member.enrollment
    facts: list[tuple[str | Promise, str]] = [
        (_("Interests"), ", ".join(said.interests)),
        (_("Languages"), ", ".join(str(LANGUAGES.get(code, code)) for code in said.languages)),
        (_("Campus"), said.campus),
        (_("Hopes for"), said.hopes),
        (_("Can offer"), said.offers),
    ]
    return [(label, value) for label, value in facts if value]
