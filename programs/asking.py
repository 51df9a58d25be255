"""What questions say to whom, and answers in words. The built-in ones have their wording here."""

from collections.abc import Iterable
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.accounts.permissions import Role
from programs.models import BuiltIn, Question, QuestionKind, QuestionReader

Text = str | Promise
SCALE: Final = range(1, 6)

# Each as it is asked of students, and as it is asked of mentors.
TEXTS: Final[dict[str, tuple[Text, Text]]] = {
    BuiltIn.MOTIVATION: (
        gettext_lazy("What brings you here?"),
        gettext_lazy("What brings you to mentoring?"),
    ),
    BuiltIn.MOTIVE: (
        gettext_lazy("Why would you take part?"),
        gettext_lazy("Why would you mentor?"),
    ),
    BuiltIn.EXPECTATION: (
        gettext_lazy("What do you hope to find in a mentor?"),
        gettext_lazy("How do you see yourself as a mentor?"),
    ),
}
HELPS: Final[dict[str, Text]] = {
    BuiltIn.MOTIVATION: gettext_lazy("A few sentences are enough."),
    BuiltIn.MOTIVE: gettext_lazy("Both are fine, and so is everything between."),
    BuiltIn.EXPECTATION: gettext_lazy("Choose what comes first; nobody is only one of these."),
}
ENDS: Final[dict[str, tuple[Text, Text]]] = {
    BuiltIn.MOTIVE: (gettext_lazy("it is expected of me"), gettext_lazy("I want to")),
}
# Three ideas of what a mentor is for, which research on mentors tells apart; the words are ours.
EXPECTATIONS: Final[dict[str, tuple[Text, Text]]] = {
    "adviser": (
        gettext_lazy("Somebody who gives me plain advice."),
        gettext_lazy("I give students plain advice."),
    ),
    "role_sharer": (
        gettext_lazy("Somebody who lets me see how a doctor works and lives."),
        gettext_lazy("I let students see how I work and live as a doctor."),
    ),
    "listener": (
        gettext_lazy("Somebody who listens, and asks until I find my own way."),
        gettext_lazy("I listen, and ask until students find their own way."),
    ),
}
IDEAS: Final[dict[str, Text]] = {
    "adviser": gettext_lazy("advice"),
    "role_sharer": gettext_lazy("a look at a doctor’s life"),
    "listener": gettext_lazy("an open ear"),
}
WHAT_IT_IS: Final[dict[str, Text]] = {
    BuiltIn.MOTIVATION: gettext_lazy(
        "A few sentences in their own words. Read by coordinators only."
    ),
    BuiltIn.MOTIVE: gettext_lazy(
        "From “it is expected of me” to “I want to”, in five steps. Mentors who want to are worth "
        "finding. Read by coordinators only."
    ),
    BuiltIn.EXPECTATION: gettext_lazy(
        "Students say what they look for, mentors how they see themselves: somebody who advises, "
        "who lets them see a doctor’s life, or who listens. It counts in the matching, and you see "
        "where two differ. Read by coordinators only."
    ),
}


def _side(role: str) -> int:
    return 0 if role == Role.STUDENT else 1


def text_for(question: Question, role: str) -> str:
    """The question as it is asked of that role."""
    if question.builtin:
        return str(TEXTS[question.builtin][_side(role)])
    return (question.mentor_text if role != Role.STUDENT else "") or question.text


def help_for(question: Question) -> str:
    return str(HELPS.get(question.builtin, question.help_text))


def ends_of(question: Question) -> tuple[str, str]:
    """What 1 and 5 mean on a scale."""
    low, high = ENDS.get(question.builtin, (question.low, question.high))
    return str(low), str(high)


def choices_for(question: Question, role: str) -> list[tuple[str, str]]:
    """Stored value and words of each choice."""
    if question.builtin == BuiltIn.EXPECTATION:
        return [(code, str(words[_side(role)])) for code, words in EXPECTATIONS.items()]
    return [(option, option) for option in question.options]


def answer_words(question: Question, value: Any, role: str) -> str:
    """An answer as people read it."""
    match question.kind:
        case QuestionKind.ONE | QuestionKind.SEVERAL:
            labels = dict(choices_for(question, role))
            return "; ".join(labels.get(one, one) for one in value)
        case QuestionKind.YES_NO:
            return _("yes") if value else _("no")
        case QuestionKind.SCALE:
            low, high = ends_of(question)
            words = _("%(n)s of 5") % {"n": value}
            return f"{words} ({low} – {high})" if low or high else words
        case _:
            return str(value)


def reader_words(question: Question, role: str) -> str:
    """Who will read the answer, for the one who gives it."""
    if question.reader == QuestionReader.STAFF:
        return _("Read by the coordinators only.")
    if role == Role.STUDENT:
        return _("Read by the coordinators, and by the mentor you are matched with.")
    return _("Read by the coordinators, and by the students you are matched with.")


def asked_of(questions: Iterable[Question], role: str) -> list[Question]:
    """Those of the questions that this role is asked."""
    return [question for question in questions if role in question.roles]


def roles_in_words(question: Question) -> str:
    """“Student and Mentor”."""
    return get_text_list([str(Role(role).label) for role in question.roles], _("and"))


def mismatch(student: str, mentor: str, *, student_name: str, mentor_name: str) -> str:
    """What two expectations that differ mean, without blame; nothing where they fit."""
    if not student or not mentor or student == mentor:
        return ""
    looks = {
        "adviser": _("%(student)s looks for advice"),
        "role_sharer": _("%(student)s would like to see how a mentor works and lives"),
        "listener": _("%(student)s looks for somebody who listens"),
    }
    offers = {
        "adviser": _("%(mentor)s would rather advise"),
        "role_sharer": _("%(mentor)s would rather let students see how a doctor works"),
        "listener": _("%(mentor)s would rather listen"),
    }
    if student not in looks or mentor not in offers:
        return ""
    names = {"student": student_name, "mentor": mentor_name}
    return _("%(one)s; %(other)s. Worth a word when they first meet.") % {
        "one": looks[student] % names,
        "other": offers[mentor] % names,
    }
