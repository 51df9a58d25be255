"""Short texts to begin with: drafts of ours that a coordinator reads, changes and publishes."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.models import Cohort, PolicyKind
from programs.presenters.documents import confidentiality_lines


@dataclass(frozen=True, slots=True)
class Starter:
    """One text, as it is added."""

    title: str | Promise
    text: str
    kind: str = PolicyKind.POLICY
    required: bool = False


CONDUCT = _("""\
Mentoring lives from trust. This is what we ask of everyone who takes part.

## Between us

- We treat each other with respect, whatever our rank, origin, faith, gender or opinion.
- We keep appointments, or say early that we cannot.
- Each of us decides what to talk about, and may leave a question without an answer.
- A mentor advises and listens. Decisions stay with the student.

## What has no place here

- Insults, pressure, discrimination and harassment of any kind.
- Romantic or sexual contact within a mentorship.
- Favors, gifts of value, money, or work done for each other.
- Influence of a mentor on grades or assessments of the student.

## If something goes wrong

Talk about it if you can. If you cannot or do not want to, turn to the people on the help page. \
Asking for help or for another partner has no disadvantage for anyone.
""")

CONFIDENTIALITY = _("""\
What you tell each other stays between you. This text says what that means and where it ends.

## What we promise each other

- Nobody passes on what was said in a conversation, also after the mentorship has ended.
- Whoever wants to discuss something elsewhere asks first, and leaves out names.
- Groups hold to the same rule: what was said in the group stays in the group.

## What the program sees

%(level)s.

## Where confidentiality ends

- When somebody’s life or health is in danger, or others are at risk.
- When the law obliges a person to report something.

Then we bring in only those who have to know, and tell the person concerned beforehand wherever \
that is possible. The help page names whom to turn to.
""")

DATA = _("""\
This text says which data the program uses, and for what.

## What is kept

- Your name, your address and your place in the program.
- What you write in your profile and in the application form. It serves the matching.
- Meetings, attendance and tasks, as far as the program counts them.
- Your answers to policies and consents, with the date.

## Who reads it

People see what their role needs and no more. The page “Who can see what” lists it role by role. \
Messages and private notes are read by those they are meant for.

## What is not done with it

Nothing here is used for grades, promotion or hiring. We do not sell data, and we do not pass \
on anything that names you without asking you.

## Your rights

You can download everything that is kept about you, correct your profile, and ask for erasure. \
Write to the coordinators with any question.
""")

RESEARCH = _("""\
We want to learn whether mentoring helps, and what to do better.

**What we ask:** May the people who evaluate this program, or do research on it, contact you? \
They may invite you to an interview, a group discussion or a further survey.

- Each invitation says what it is about. You decide again each time.
- Your agreement lets them use your name and e-mail address for such invitations only.
- What is published names nobody.

**It is your choice.** Whether you agree has no influence on your place in the program, your \
mentorship or your studies. You can withdraw at any time under “My agreements”. From then on \
nobody contacts you for this purpose.
""")


def starters(cohort: Cohort) -> Iterator[Starter]:
    """The texts, with what this cohort's program promises put in."""
    level = next(iter(confidentiality_lines(cohort.planned_spec)))
    yield Starter(gettext("Code of conduct"), str(CONDUCT), required=True)
    yield Starter(
        gettext("Confidentiality and its limits"),
        str(CONFIDENTIALITY) % {"level": level},
        required=True,
    )
    yield Starter(gettext("How data is used"), str(DATA))
    yield Starter(
        gettext("Contact for research and evaluation"), str(RESEARCH), kind=PolicyKind.CONSENT
    )
