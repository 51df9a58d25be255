"""Addresses of the ground floor."""

from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMultiAlternatives

from mentoring import jobs, links
from mentoring.jobs.models import Job
from mentoring.outbox.backends import FolderBackend
from tests.access.expectation import EVERYBODY, SIGNED_IN, Expect


@jobs.handler("test.nothing", title="Nothing")
def nothing_to_do(job: Job, progress: jobs.Progress) -> dict[str, Any]:
    return {}


def signed_link(world: Any) -> dict[str, Any]:
    url = links.make(
        purpose="outbox.mute", user=world.people["student"], subject="account_mail", max_age=1
    )
    return {"token": url.rstrip("/").rsplit("/", 1)[1]}


def letter_to_the_student(world: Any) -> dict[str, Any]:
    """A mail in the local mailbox, addressed to the student."""
    mail = EmailMultiAlternatives("Hello", "Hello", to=[world.people["student"].email])
    mail.extra_headers["Message-ID"] = "<letter@example.edu>"
    mail.attach("file.txt", "Hello", "text/plain")
    FolderBackend().send_messages([mail])
    return {"name": "letter"}


def file_of_the_letter(world: Any) -> dict[str, Any]:
    return {**letter_to_the_student(world), "number": 0}


def job_in(where: str) -> Callable[[Any], dict[str, Any]]:
    def args(world: Any) -> dict[str, Any]:
        cohort = getattr(world, where)
        job, _ = Job.objects.get_or_create(
            kind="test.nothing", cohort=cohort, created_by=world.people["evaluator"]
        )
        return {"key": job.key}

    return args


EXPECTATIONS: dict[str, Expect] = {
    "health": Expect(EVERYBODY),
    "follow_link": Expect(EVERYBODY, args=signed_link),
    # Outside the demo everybody sees the mails to herself only.
    "mailbox": Expect(SIGNED_IN),
    "mailbox_mail": Expect({"student"}, args=letter_to_the_student),
    "mailbox_body": Expect({"student"}, args=letter_to_the_student),
    "mailbox_file": Expect({"student"}, args=file_of_the_letter),
    "jobs:job": Expect(
        {"coordinator"},
        args=job_in("cohort"),
        elsewhere=job_in("other"),
        allowed_elsewhere={"other_coordinator"},
    ),
    "jobs:cancel": Expect(
        {"coordinator"},
        args=job_in("cohort"),
        elsewhere=job_in("other"),
        allowed_elsewhere={"other_coordinator"},
        method="post",
    ),
    "home": Expect(SIGNED_IN),
    "gallery": Expect(EVERYBODY),
    "accounts:preferences": Expect(SIGNED_IN),
    "accounts:security": Expect(SIGNED_IN),
    "accounts:own_data": Expect(SIGNED_IN),
    "accounts:export": Expect(SIGNED_IN, method="post"),
    "accounts:erase": Expect(SIGNED_IN, method="post"),
    "accounts:privacy": Expect(EVERYBODY),
    "accounts:who_sees_what": Expect(EVERYBODY),
}
