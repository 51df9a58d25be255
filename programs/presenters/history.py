"""Who did what in a cohort, in words. Acts inside a pair are not among them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mentoring import ports
from mentoring.accounts.models import User
from mentoring.audit.models import Event
from mentoring.ports import About
from programs.models import Cohort, Enrollment, PassageFate, StayAnswer

# What is not listed here is nobody's business outside the pair: meetings, messages, concerns.
WORDS: Final[dict[str, str | Promise]] = {
    "cohort.opened": _("opened the cohort"),
    "cohort.moved": _("moved the cohort along its life"),
    "cohort.changed": _("changed the settings"),
    "edition.dated": _("changed the first or last day"),
    "edition.checked": _("looked over the dates"),
    "term.saved": _("saved a term"),
    "term.removed": _("removed a term"),
    "pause.saved": _("saved a pause"),
    "pause.removed": _("removed a pause"),
    "contact.saved": _("saved a contact of the help page"),
    "contact.removed": _("removed a contact of the help page"),
    "applications.opened": _("opened applications"),
    "applications.closed": _("closed applications"),
    "enrollment.added": _("added a person"),
    "enrollment.applied": _("applied"),
    "enrollment.moved": _("changed the state of a place"),
    "enrollment.changed": _("changed a profile"),
    "enrollment.year": _("recorded a class year"),
    "enrollment.answered": _("answered questions of the form"),
    "enrollment.leave_asked": _("asked to be let go"),
    "enrollment.leave_unasked": _("no longer asks to be let go"),
    "enrollment.leave_kept": _("kept a place whose holder asked to be let go"),
    "question.added": _("added a question to the form"),
    "question.changed": _("changed a question of the form"),
    "question.renewed": _("put a new question in place of an answered one"),
    "question.removed": _("removed a question from the form"),
    "question.moved": _("moved a question of the form"),
    "question.copied": _("took over the questions of an earlier cohort"),
    "rubric.set": _("set by what applications are scored"),
    "score.given": _("scored an application"),
    "score.taken_back": _("took a score back"),
    "scores.thrown_away": _("threw all scores of a role away"),
    "scoring.closed": _("closed scoring"),
    "scoring.reopened": _("opened scoring again"),
    "applications.decided": _("decided several applications at once"),
    "people.changed_together": _("changed many people at once"),
    "people.brought_along": _("brought people along from an earlier cohort"),
    "people.along_undone": _("took back that people were brought along"),
    "policy.added": _("began a policy or consent text"),
    "policy.changed": _("changed for whom a policy is"),
    "policy.drafted": _("worked on the draft of a policy"),
    "policy.revised": _("began a new version of a policy"),
    "policy.published": _("published a version of a policy"),
    "policy.discarded": _("threw the draft of a policy away"),
    "policy.retired": _("retired a policy"),
    "policy.restored": _("brought a policy back"),
    "policy.reminded": _("reminded people of a policy"),
    "page.written": _("wrote the public page"),
    "page.published": _("published the public page"),
    "page.hidden": _("took the public page offline"),
    "page.link_added": _("added a link to the public page"),
    "page.link_removed": _("removed a link from the public page"),
    "resource.added": _("added a resource"),
    "resource.changed": _("changed a resource"),
    "resource.published": _("published a resource"),
    "resource.hidden": _("took a resource back to the drafts"),
    "resource.removed": _("removed a resource"),
    "resource.starters_added": _("added our starter texts"),
    "invitation.sent": _("sent an invitation"),
    "invitations.sent": _("invited everyone on the list"),
    "absence.declared": _("declared an absence"),
    "absence.ended": _("took an absence back"),
    "year.planned": _("planned the next year"),
    "year.chosen": _("decided what becomes of somebody next year"),
    "year.asked": _("asked mentors whether they go on"),
    "year.answered": _("said whether to go on next year"),
    "year.rolled": _("began a new year"),
    "year.passed": _("took somebody into the new year"),
    "year.undone": _("took a new year back"),
    "roster.uploaded": _("uploaded a roster"),
    "roster.mapped": _("mapped the columns of a roster"),
    "roster.imported": _("imported a roster"),
    "roster.undone": _("undid an import"),
    "roster.discarded": _("threw a roster away"),
    "matching.run_started": _("started a matching"),
    "matching.published": _("published a matching"),
    "interview.noted": _("wrote a note from a talk"),
    "interview.removed": _("threw a note from a talk away"),
    "interview.read": _("read notes from a talk"),
    "trial.opened": _("opened a trial of matching procedures"),
    "trial.excluded": _("left somebody out of a trial, or took her in again"),
    "trial.drawn": _("drew the lot of a trial"),
    "trial.closed": _("closed a trial"),
    "choosing.mentors_turn": _("let mentors rank the students who named them"),
    "choosing.opened": _("let students choose a mentor"),
    "choosing.changed": _("changed how students choose a mentor"),
    "choosing.closed": _("ended the choosing of mentors"),
    "matching.undone": _("took a published matching back"),
    "matching.left_out": _("left a pair out of a publication"),
    "matching.taken_in": _("took a pair into a publication again"),
    "matching.rule_set": _("set a rule for a pair"),
    "matching.rule_removed": _("removed a rule for a pair"),
    "mentorship.assigned": _("assigned a student by hand"),
    "draft.begun": _("began to design a program"),
    "draft.changed": _("changed the design of a program"),
    "draft.discarded": _("threw the design of a program away"),
    "program.published": _("published a version of a program"),
    "improvement.noted": _("noted what is to change"),
    "improvement.done": _("ticked off what was to change"),
    "improvement.reopened": _("took up again what was to change"),
    "improvement.removed": _("took away what was to change"),
    "readiness.overridden": _("opened matching although something was missing"),
    "readiness.override_withdrawn": _("closed matching until everything is there"),
    "mentorship.leader_added": _("added somebody who mentors in a group"),
    "mentorship.renamed": _("renamed a group"),
    "mentorship.dissolved": _("ended a mentorship early"),
    "mentorship.member_left": _("ended a place in a mentorship"),
    "mentorship.completed": _("completed a mentorship"),
    "mentorship.places_over": _("ended places in a group, and the group goes on"),
    "mentorship.places_again": _("gave a place in a group back"),
    "stand_in.arranged": _("arranged a stand-in"),
    "stand_in.begun": _("let a stand-in begin"),
    "stand_in.over": _("ended a stand-in"),
    "stand_in.stays": _("kept a stand-in, since nobody else mentors there"),
    "stand_in.taken_back": _("took a stand-in back"),
    "meeting.recorded": _("recorded a meeting on somebody’s word"),
    "meeting.recorded_unplanned": _("recorded a meeting on somebody’s word"),
    "certificate.issued": _("issued a certificate"),
    "certificate.revoked": _("took a certificate back"),
    "change_request.read": _("opened a wish for a change"),
    "change_request.granted": _("agreed to a wish for a change"),
    "change_request.declined": _("did not agree to a wish for a change"),
    "flag.acknowledged": _("looks after a flag"),
    "flag.snoozed": _("put a flag off"),
    "flag.noted": _("wrote a note on a flag"),
    "flag.dismissed": _("settled a flag"),
    "flag.reopened": _("opened a settled flag again"),
    "rule.set": _("changed a monitoring rule"),
    "rule.reset": _("reset a monitoring rule"),
    "broadcast.sent": _("wrote to a list of people"),
}


# Acts that one press did to many: the list shows them to whoever looks for a person or an act.
FATES: Final[dict[str, str | Promise]] = dict(PassageFate.choices)
STATES: Final[dict[str, str | Promise]] = {
    **dict(Cohort.State.choices),
    **dict(Enrollment.State.choices),
}
ENROLLMENT: Final = "programs.enrollment"


@dataclass(frozen=True, slots=True)
class Line:
    """One act: who, what, about whom, from what to what."""

    at: datetime
    who: str
    what: str | Promise
    about: list[About]
    note: str | Promise


def lines(events: Iterable[Event], reader: User, cohort: Cohort) -> list[Line]:
    """Events with the names of those who acted and of what they acted on.

    Names are looked up now, from ids: a constant number of queries, and an erased person's act
    has no name any more.
    """
    rows = list(events)
    actors = User.objects.in_bulk({row.actor for row in rows if row.actor})
    ids = {key for row in rows for key in _places_of(row)}
    places = Enrollment.objects.filter(cohort=cohort).select_related("person").in_bulk(ids)
    above = {key: found for part in ports.HISTORY.ask(reader, cohort, rows)
             for key, found in part.items()}  # fmt: skip
    found = []
    for row in rows:
        actor = actors.get(row.actor or 0)
        more = above.get(row.pk, About())
        people = [_person(cohort, places[key]) for key in _places_of(row) if key in places]
        found.append(
            Line(
                at=row.at,
                who=actor.full_name if actor else "",
                what=WORDS[row.action],
                about=[*people, *([more] if more.text else [])],
                note=more.note or _note(row),
            )
        )
    return found


def _places_of(event: Event) -> list[int]:
    """The places in the cohort that an act was about, the student's before the mentor's."""
    data = event.data
    found = [event.subject] if event.subject_type == ENROLLMENT else []
    found += [data.get(name) for name in ("enrollment", "student", "mentor")]
    found += data.get("enrollments") or []
    return list(dict.fromkeys(key for key in found if isinstance(key, int)))


def _person(cohort: Cohort, place: Enrollment) -> About:
    return About(place.person.full_name, reverse("programs:person", args=[cohort.key, place.key]))


def _note(event: Event) -> str:
    data = event.data
    before, after = data.get("before"), data.get("after")
    if isinstance(before, str) and isinstance(after, str):
        return f"{STATES.get(before, before)} → {STATES.get(after, after)}"
    if event.action in NOTES:
        return NOTES[event.action](event)
    if "starts" in data and "ends" in data:
        return " – ".join(
            date_format(date.fromisoformat(data[name]), "j M Y") for name in ("starts", "ends")
        )
    return ""


def _fate(event: Event) -> str:
    fate, year = FATES.get(str(event.data.get("fate")), ""), event.data.get("class_year")
    if not year:
        return str(fate)
    return gettext("%(fate)s, class year %(year)s") % {"fate": fate, "year": year}


def _title(event: Event) -> str:
    return str(event.data.get("title", ""))


NOTES: Final[dict[str, Callable[[Event], str]]] = {
    "resource.added": _title,
    "resource.changed": _title,
    "resource.published": _title,
    "resource.hidden": _title,
    "resource.removed": _title,
    "year.passed": _fate,
    "year.chosen": _fate,
    "year.answered": lambda event: str(
        dict(StayAnswer.choices).get(str(event.data.get("answer")), "")
    ),
    "year.rolled": lambda event: gettext("%(going)s go on, %(gone)s do not") % event.data,
    "policy.published": lambda event: gettext("version %(version)s") % event.data,
    "roster.imported": lambda event: (
        gettext("%(created)s new, %(updated)s changed, %(rejected)s refused") % event.data
    ),
}


def matching(cohort: Cohort, words: str) -> Q:
    """Acts by or about people whose names hold every word."""
    people = User.objects.all()
    places = Enrollment.objects.filter(cohort=cohort)
    for word in words.split():
        people = people.filter(Q(given_name__icontains=word) | Q(family_name__icontains=word))
        places = places.filter(
            Q(person__given_name__icontains=word) | Q(person__family_name__icontains=word)
        )
    ids = list(places.values_list("pk", flat=True))
    pairs = list(places.values_list("memberships__mentorship", flat=True))
    return (
        Q(actor__in=people.values("pk"))
        | Q(subject_type=ENROLLMENT, subject__in=ids)
        | Q(data__student__in=ids)
        | Q(data__mentor__in=ids)
        | Q(data__enrollment__in=ids)
        | Q(subject_type="matching.mentorship", subject__in=[key for key in pairs if key])
    )
