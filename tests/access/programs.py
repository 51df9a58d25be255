"""Addresses of ``programs``."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from programs import queries_policies
from programs.models import Cohort, Enrollment, Invitation, ProgramDraft, RosterImport
from programs.services import applications, invitations, policies, public, questions, resources
from programs.spec import catalog
from tests.access.expectation import (
    COORDINATORS,
    EVERYBODY,
    IN_COHORT,
    SIGNED_IN,
    Expect,
    cohort_page,
)

Args = Callable[[Any], dict[str, Any]]
OPENERS = frozenset({"coordinator", "other_coordinator", "site_admin"})
ELSEWHERE = frozenset({"other_student", "other_mentor", "other_coordinator"})
FILE = b"email,given_name,family_name,role\na@example.edu,A,B,student\n"


def of_student(pair: Any) -> dict[str, Any]:
    return {"cohort": pair.cohort.key, "key": pair.student.key}


def of_roster(pair: Any) -> dict[str, Any]:
    record, _ = RosterImport.objects.get_or_create(
        cohort=pair.cohort,
        file_name="roster.csv",
        defaults={
            "content": FILE,
            "mapping": {name: name for name in ("email", "given_name", "family_name", "role")},
        },
    )
    return {"cohort": pair.cohort.key, "key": record.key}


def of_staff(pair: Any) -> dict[str, Any]:
    row = Enrollment.objects.get(cohort=pair.cohort, role=Role.COORDINATOR)
    return {"cohort": pair.cohort.key, "key": row.key}


def of_question(pair: Any) -> dict[str, Any]:
    found = pair.cohort.questions.first() or questions.add(
        cohort=pair.cohort, text="Why?", kind="short", roles=["student"], by=None
    )
    return {"cohort": pair.cohort.key, "key": found.key}


def of_policy(pair: Any) -> dict[str, Any]:
    found = pair.cohort.policies.first() or policies.add(
        cohort=pair.cohort, title="Code of conduct", text="Be kind.", required=False, by=None
    )
    return {"cohort": pair.cohort.key, "key": found.key}


def of_published_policy(pair: Any) -> dict[str, Any]:
    """A text for students, in force."""
    key = of_policy(pair)["key"]
    row = pair.cohort.policies.get(key=key)
    draft = queries_policies.draft_of(row)
    if draft is not None:
        policies.change(policy=row, by=None, audience="students")
        policies.publish(policy=row, by=None, seen=policies.seal(draft))
    return {"key": key}


def of_pair(make: Args, **more: Any) -> Expect:
    """Something of the people at hand, for their coordinator alone."""
    return Expect(
        COORDINATORS,
        args=lambda world: make(world.mentorship),
        elsewhere=lambda world: make(world.elsewhere),
        allowed_elsewhere=frozenset({"other_coordinator"}),
        **more,
    )


def own(**more: Any) -> Expect:
    """A person's own place: hers alone, not even the coordinator's."""
    return Expect(
        frozenset({"student"}),
        args=lambda world: of_student(world.mentorship),
        elsewhere=lambda world: of_student(world.elsewhere),
        allowed_elsewhere=frozenset({"other_student"}),
        **more,
    )


def invitation(world: Any) -> dict[str, Any]:
    person, _ = User.objects.get_or_create(email="invited@example.edu")
    row, _ = Enrollment.objects.get_or_create(cohort=world.cohort, person=person, role=Role.STUDENT)
    sent = row.invitations.first()
    if sent is None:
        now = clock.now()
        sent = Invitation(enrollment=row, email=person.email, created_at=now)
        sent.expires_at = now + timedelta(days=14)
        sent.digest = invitations.digest(invitations.token_for(sent))
        sent.save()
    return {"token": invitations.token_for(sent)}


def open_cohort(world: Any) -> dict[str, Any]:
    Cohort.objects.filter(pk=world.cohort.pk).update(applications_open=True)
    return {"cohort": world.cohort.key}


def public_cohort(world: Any) -> dict[str, Any]:
    public.publish(cohort=world.cohort, public=True, by=None)
    return {"cohort": world.cohort.key}


def application(world: Any) -> dict[str, Any]:
    open_cohort(world)
    token = applications.link_token(cohort=world.cohort, email="new@example.edu", at=clock.now())
    return {"cohort": world.cohort.key, "token": token}


def of_program(world: Any) -> dict[str, Any]:
    return {"slug": world.mentorship.cohort.program.slug}


def of_draft(_world: Any) -> dict[str, Any]:
    document = catalog.document("semmelweis")
    return {"key": ProgramDraft.objects.create(document=document, base=document).key}


FOR_MENTORS = IN_COHORT - {"student", "fellow_student", "former_member"}


def of_resource(pair: Any) -> dict[str, Any]:
    """A text for mentors: no student finds it."""
    found = pair.cohort.resources.first()
    if found is None:
        found = resources.save(
            cohort=pair.cohort, resource=None, by=None, title="Tip", text="Hi", audience="mentors"
        )
        resources.publish(resource=found, public=True, by=None)
    return {"cohort": pair.cohort.key, "key": found.key}


def public_resource(world: Any) -> dict[str, Any]:
    public_cohort(world)
    args = of_resource(world.mentorship)
    world.cohort.resources.update(public=True)
    return args


EXPECTATIONS: dict[str, Expect] = {
    "programs:about_resource": Expect(EVERYBODY, args=public_resource),
    "programs:resources": cohort_page(IN_COHORT, allowed_elsewhere=ELSEWHERE),
    "programs:resource": Expect(
        FOR_MENTORS,
        args=lambda world: of_resource(world.mentorship),
        elsewhere=lambda world: of_resource(world.elsewhere),
        allowed_elsewhere=frozenset({"other_mentor", "other_coordinator"}),
    ),
    "programs:resources_manage": cohort_page(),
    "programs:resource_add": cohort_page(),
    "programs:resource_edit": of_pair(of_resource),
    "programs:resource_act": of_pair(of_resource, method="post", data={"act": "hide"}),
    "programs:resources_starters": cohort_page(method="post"),
    "programs:about": Expect(EVERYBODY, args=public_cohort),
    "programs:applicants": cohort_page(),
    "programs:applicant": of_pair(of_student),
    "programs:decide": cohort_page(method="post", data={"act": "accept", "who": "nobody"}),
    "programs:scoring": cohort_page(),
    "programs:scoring_act": cohort_page(method="post", data={"act": "close"}),
    "programs:questions": cohort_page(),
    "programs:question_add": cohort_page(),
    "programs:question_edit": of_pair(of_question),
    "programs:questions_act": cohort_page(method="post", data={"act": "on", "builtin": "motive"}),
    "programs:questions_preview": cohort_page(),
    "programs:public_page": cohort_page(),
    "programs:public_page_act": cohort_page(method="post", data={"act": "publish"}),
    "programs:public_page_code": cohort_page(),
    "programs:along": cohort_page(),
    "programs:along_undo": cohort_page(method="post"),
    "programs:leave_ask": own(method="post", data={"ask": "yes"}),
    "programs:help": Expect(EVERYBODY),
    "programs:invitation": Expect(EVERYBODY, args=invitation),
    "programs:cohorts": Expect(SIGNED_IN),
    "programs:templates": Expect(OPENERS),
    "programs:templates_table": Expect(OPENERS),
    "programs:compare": Expect(OPENERS),
    "programs:new": Expect(OPENERS, args=lambda _world: {"template": "delhi"}),
    "programs:template_file": Expect(OPENERS, args=lambda _world: {"template": "delhi"}),
    "programs:own_programs": Expect(OPENERS),
    "programs:own_program": Expect(OPENERS, args=of_program),
    "programs:own_program_file": Expect(OPENERS, args=of_program),
    "programs:improve": Expect(OPENERS, args=of_program, method="post"),
    "programs:design_begin": Expect(OPENERS, method="post"),
    "programs:draft": Expect(OPENERS, args=of_draft),
    "programs:draft_publish": Expect(OPENERS, args=of_draft, method="post"),
    "programs:draft_discard": Expect(OPENERS, args=of_draft, method="post"),
    "programs:design": Expect(OPENERS, args=lambda w: {**of_draft(w), "step": "structure"}),
    "programs:design_check": Expect(
        OPENERS, args=lambda w: {**of_draft(w), "step": "structure"}, method="post"
    ),
    "programs:cohort": cohort_page(IN_COHORT, allowed_elsewhere=ELSEWHERE),
    "programs:program": cohort_page(IN_COHORT, allowed_elsewhere=ELSEWHERE),
    "programs:program_file": cohort_page(IN_COHORT, allowed_elsewhere=ELSEWHERE),
    "programs:move": cohort_page(method="post", data={"to": "recruiting"}),
    "programs:override": cohort_page(method="post"),
    "programs:staffing": cohort_page(),
    "programs:people": cohort_page(),
    "programs:person_add": cohort_page(),
    "programs:invite": cohort_page(),
    "programs:many": cohort_page(method="post", data={"act": "accept", "who": "nobody"}),
    "programs:person": of_pair(of_student),
    "programs:person_edit": of_pair(of_student),
    "programs:person_act": of_pair(of_student, method="post", data={"act": "withdraw"}),
    "programs:invite_one": of_pair(of_student, method="post"),
    "programs:roster": cohort_page(),
    "programs:roster_example": cohort_page(),
    "programs:roster_preview": of_pair(of_roster),
    "programs:roster_apply": of_pair(of_roster, method="post"),
    "programs:roster_undo": of_pair(of_roster, method="post"),
    "programs:roster_discard": of_pair(of_roster, method="post"),
    "programs:staff": cohort_page(),
    "programs:staff_revoke": of_pair(of_staff, method="post"),
    "programs:settings": cohort_page(),
    "programs:history": cohort_page(),
    "programs:next_year": cohort_page(),
    "programs:next_year_people": cohort_page(),
    "programs:next_year_mentors": cohort_page(),
    "programs:next_year_begin": cohort_page(),
    "programs:next_year_undo": cohort_page(method="post"),
    "programs:policies": cohort_page(),
    "programs:policies_begin": cohort_page(method="post"),
    "programs:policy_add": cohort_page(),
    "programs:policy": of_pair(of_policy),
    "programs:policy_draft": of_pair(of_policy),
    "programs:policy_act": of_pair(of_policy, method="post", data={"act": "retire"}),
    "programs:my_policies": Expect(SIGNED_IN),
    "programs:my_policy": Expect(
        frozenset({"student", "fellow_student", "former_member"}),
        args=lambda world: of_published_policy(world.mentorship),
        elsewhere=lambda world: of_published_policy(world.elsewhere),
        allowed_elsewhere=frozenset({"other_student"}),
    ),
    "programs:places": Expect(SIGNED_IN),
    "programs:person_absence": of_pair(
        of_student, method="post", data={"starts": "2030-02-01", "ends": "2030-02-05"}
    ),
    "programs:dates_checked": cohort_page(method="post"),
    "programs:cohort_delete": cohort_page(method="post"),
    "programs:settings_remove": cohort_page(method="post"),
    "programs:applications": cohort_page(method="post", data={"open": "yes"}),
    "programs:apply": Expect(EVERYBODY, args=open_cohort),
    "programs:apply_confirm": Expect(EVERYBODY, args=application),
    "programs:mine": own(),
    "programs:respond": own(method="post", data={"choice": "yes"}),
    "programs:absence": own(method="post", data={"starts": "2030-01-01", "ends": "2030-01-05"}),
    "programs:absence_end": own(method="post"),
    "programs:leave": own(method="post"),
}
