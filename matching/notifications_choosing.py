"""Mails while students choose. Facts are read when a mail is sent, not when it is queued."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching import trial_home
from matching.choices import choosable
from matching.models import (
    ChoosingRound,
    ExpertCase,
    MentorRequest,
    MentorWish,
    Trial,
    TrialRecord,
)
from matching.queries import is_unplaced
from matching.trial_arms import way_of
from mentoring import links, outbox
from mentoring.outbox.models import Notification
from programs.models import Enrollment

LINK_DAYS = 60
SETTLED = "the request is settled"


def _url(name: str, *args: object) -> str:
    return settings.SITE_URL + reverse(f"matching:{name}", args=args)


def _round(
    note: Notification, *, closed: bool = False
) -> tuple[ChoosingRound, Enrollment, dict[str, Any]] | outbox.Suppress:
    """The round, whose mail it is, and what every mail about it says."""
    found = ChoosingRound.objects.select_related("cohort__program").filter(
        pk=note.context["round"]
    ).first()  # fmt: skip
    mine = Enrollment.objects.filter(pk=note.context["enrollment"]).first()
    if found is None or mine is None or not mine.is_present:
        return outbox.Suppress("the person does not take part any more")
    if found.is_open == closed:
        return outbox.Suppress("choosing is over" if not closed else "choosing goes on")
    return found, mine, {"cohort": found.cohort, "round": found}


def _of_student(note: Notification, *, closed: bool = False) -> outbox.Mail | outbox.Suppress:
    found = _round(note, closed=closed)
    if isinstance(found, outbox.Suppress):
        return found
    round_, mine, facts = found
    if not is_unplaced(mine):
        return outbox.Suppress("she has a mentor")
    way = way_of(round_, mine)
    if not (way or closed):
        return outbox.Suppress("a coordinator matches her in the trial")
    return outbox.Mail({**facts, "way": way, "url": _url("choose", round_.cohort.key, mine.key)})


@outbox.kind("choosing_open", title=_("You can choose a mentor"), mutable=False)
def choosing_open(note: Notification) -> outbox.Mail | outbox.Suppress:
    """How choosing goes, to students without a mentor."""
    return _of_student(note)


@outbox.kind("choosing_nudge", title=_("You have not asked a mentor yet"))
def choosing_nudge(note: Notification) -> outbox.Mail | outbox.Suppress:
    """Once, to who has asked nobody: it takes a minute, and a coordinator does it as well."""
    mine = note.context["enrollment"]
    here = {"student": mine, "round": note.context["round"]}
    if MentorRequest.objects.filter(**here).exists() or MentorWish.objects.filter(**here).exists():
        return outbox.Suppress("she has asked somebody")
    return _of_student(note)


@outbox.kind("choosing_closed", title=_("Choosing a mentor is over"), mutable=False)
def choosing_closed(note: Notification) -> outbox.Mail | outbox.Suppress:
    """To students without a mentor: a coordinator goes on."""
    return _of_student(note, closed=True)


@outbox.kind("choosing_open_mentor", title=_("Students can ask you"), mutable=False)
def choosing_open_mentor(note: Notification) -> outbox.Mail | outbox.Suppress:
    """What students read of a mentor, and how requests come."""
    found = _round(note)
    if isinstance(found, outbox.Suppress):
        return found
    round_, mine, facts = found
    shapes = choosable(round_.cohort)
    roles = {seat["role"] for shape in shapes for seat in shape["seats"]}  # type: ignore[attr-defined]
    if mine.role not in roles:
        return outbox.Suppress("nobody chooses in this role")
    profile = settings.SITE_URL + reverse("programs:mine", args=[round_.cohort.key, mine.key])
    return outbox.Mail({**facts, "profile_url": profile, "url": profile})


@outbox.kind("mentor_ranks", title=_("Students have named you"), mutable=False)
def mentor_ranks(note: Notification) -> outbox.Mail | outbox.Suppress:
    """To mentors who are on somebody's list: put them in order; the page alone names them."""
    found = _round(note)
    if isinstance(found, outbox.Suppress):
        return found
    round_, mine, facts = found
    return outbox.Mail({**facts, "url": _url("requests", round_.cohort.key, mine.key)})


# --- Requests ------------------------------------------------------------------------------------


def _request(note: Notification) -> MentorRequest | None:
    rows = MentorRequest.objects.select_related(
        "round__cohort", "student__person", "mentor__person"
    )
    return rows.filter(pk=note.context["request"]).first()


def _to_mentor(note: Notification) -> outbox.Mail | outbox.Suppress:
    row = _request(note)
    if row is None or row.state != MentorRequest.State.OPEN:
        return outbox.Suppress(SETTLED)
    answer = links.make(
        purpose="matching.answer", user=row.mentor.person, subject=row.key, max_age=LINK_DAYS
    )
    return outbox.Mail(
        {
            "cohort": row.round.cohort,
            "student": row.student.person.full_name,
            "last_day": row.last_day,
            "url": _url("request", row.key),
            "answer_url": answer,
        }
    )


@outbox.kind("mentor_asked", title=_("A student asks for you as mentor"), mutable=False)
def mentor_asked(note: Notification) -> outbox.Mail | outbox.Suppress:
    """Who asks, and until when; what she wrote stands on the page alone."""
    return _to_mentor(note)


@outbox.kind("mentor_asked_again", title=_("A student still waits for your answer"))
def mentor_asked_again(note: Notification) -> outbox.Mail | outbox.Suppress:
    """Once, two thirds of the way to the last day."""
    return _to_mentor(note)


@outbox.kind("request_moved", title=_("A mentor you asked cannot"), mutable=False)
def request_moved(note: Notification) -> outbox.Mail | outbox.Suppress:
    """That this one cannot, never why, and what comes next."""
    row = _request(note)
    if row is None or not is_unplaced(row.student):
        return outbox.Suppress("she has a mentor")
    following = (
        MentorRequest.objects.select_related("mentor__person")
        .filter(student=row.student, shape=row.shape, state=MentorRequest.State.OPEN)
        .first()
    )
    looked_for = ExpertCase.objects.filter(round=row.round, student=row.student).exists()
    return outbox.Mail(
        {
            "cohort": row.round.cohort,
            "mentor": row.mentor.person.full_name,
            "following": following.mentor.person.full_name if following else "",
            "looked_for": looked_for,
            "over": not row.round.is_open,
            "url": _url("choose", row.round.cohort.key, row.student.key),
        }
    )


@outbox.kind("expert_looks", title=_("A coordinator looks for your mentor"), mutable=False)
def expert_looks(note: Notification) -> outbox.Mail | outbox.Suppress:
    """That somebody looks now, and that nothing more is to be done."""
    case = (
        ExpertCase.objects.select_related("round__cohort", "student")
        .filter(pk=note.context["case"])
        .first()
    )
    if case is None or not is_unplaced(case.student):
        return outbox.Suppress("she has a mentor")
    return outbox.Mail(
        {
            "cohort": case.round.cohort,
            "wished": case.why == ExpertCase.Why.WISH,
            "trial": case.why == ExpertCase.Why.TRIAL,
            "open": case.round.is_open,
            "url": _url("choose", case.round.cohort.key, case.student.key),
        }
    )


@outbox.kind("trial_open", title=_("Will you take part in a comparison?"), mutable=False)
def trial_open(note: Notification) -> outbox.Mail | outbox.Suppress:
    """What is compared, and where to decide; nothing depends on the answer."""
    trial = Trial.objects.select_related("cohort").filter(pk=note.context["trial"]).first()
    mine = Enrollment.objects.filter(pk=note.context["enrollment"]).first()
    if trial is None or not trial.is_open or mine is None or not mine.is_present:
        return outbox.Suppress("the trial is over")
    url = _url("my_trial", trial.cohort.key, mine.key) + f"?trial={trial.key}"
    return outbox.Mail({"cohort": trial.cohort, "trial": trial, "url": url})


@outbox.kind("trial_rate", title=_("How content are you with your mentor?"))
def trial_rate(note: Notification) -> outbox.Mail | outbox.Suppress:
    """Her time in the trial is over: one question, answered by one tap."""
    row = TrialRecord.objects.select_related("trial__cohort", "student").filter(
        pk=note.context["record"]
    ).first()  # fmt: skip
    if row is None or not trial_home.is_asked(row):
        return outbox.Suppress("she has answered, has left, or has no mentor")
    url = _url("my_trial", row.trial.cohort.key, row.student.key) + f"?trial={row.trial.key}"
    return outbox.Mail({"cohort": row.trial.cohort, "url": url})
