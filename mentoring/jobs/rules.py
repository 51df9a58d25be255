"""Who may see a job."""

from mentoring import access
from mentoring.access import Permission
from mentoring.accounts.models import User
from mentoring.jobs.models import Job


@access.rule(Permission.VIEW_JOB)
def may_view(user: User, job: Job) -> bool:
    """Who started it, and the coordinators of its cohort."""
    if job.started_by_id == user.pk:
        return True
    return job.cohort is not None and access.can(user, Permission.MANAGE_COHORT, job.cohort)
