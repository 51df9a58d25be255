"""What the first mentorships set going."""

from collections.abc import Iterable

from mentoring.accounts.models import User
from programs.models import Cohort, Enrollment
from programs.services import cohorts, enrollments


def begin(*, cohort: Cohort, people: Iterable[Enrollment], by: User | None) -> None:
    """The first mentorships start the cohort's running time; who has a place becomes active.

    Activation may still wait for something, such as a training: that stops no mentorship.
    """
    cohorts.move_on_to(cohort=cohort, to=Cohort.State.RUNNING, by=by)
    for enrollment in {row.pk: row for row in people}.values():
        if enrollment.state == Enrollment.State.ACCEPTED:
            enrollments.activate_if_ready(enrollment=enrollment, by=by)
