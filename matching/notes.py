"""What a coordinator should know of a pair besides its score: never a reason against it."""

from collections.abc import Iterable

from programs import asking
from programs.models import Answer, BuiltIn, Enrollment

Pair = tuple[Enrollment, Enrollment]


def about(pairs: Iterable[Pair]) -> dict[tuple[int, int], str]:
    """Pairs of student and mentor who hope for different things, in words; one query."""
    rows = list(pairs)
    ids = {one.pk for pair in rows for one in pair}
    answers = Answer.objects.filter(
        enrollment__in=ids, question__builtin=BuiltIn.EXPECTATION, question__retired_at=None
    )
    said = {
        enrollment: value[0]
        for enrollment, value in answers.values_list("enrollment", "value")
        if value
    }
    found = {}
    for student, mentor in rows:
        note = asking.mismatch(
            said.get(student.pk, ""),
            said.get(mentor.pk, ""),
            student_name=student.person.full_name,
            mentor_name=mentor.person.full_name,
        )
        if note:
            found[student.pk, mentor.pk] = note
    return found
