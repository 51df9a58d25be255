"""The Permission table: what can be done, and by whom, in words a program director can review.

The predicates that decide stand in each app's ``rules.py``; ``mentoring.access`` is the one gate.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A person's role in a cohort (glossary of the design)."""

    STUDENT = "student", _("Student")
    MENTOR = "mentor", _("Mentor")
    LEAD_MENTOR = "lead_mentor", _("Lead mentor")
    JUNIOR_MENTOR = "junior_mentor", _("Junior mentor")
    SUPERVISOR = "supervisor", _("Supervisor")
    COORDINATOR = "coordinator", _("Coordinator")
    PROGRAM_LEAD = "program_lead", _("Program lead")
    AT_RISK_OFFICER = "at_risk_officer", _("At-risk officer")
    WELLBEING_CONTACT = "wellbeing_contact", _("Wellbeing contact")
    EVALUATOR = "evaluator", _("Evaluator")


MENTOR_ROLES = frozenset({Role.MENTOR, Role.LEAD_MENTOR, Role.JUNIOR_MENTOR})
PARTICIPANT_ROLES = MENTOR_ROLES | {Role.STUDENT}
STAFF_ROLES = frozenset(set(Role) - PARTICIPANT_ROLES)


class Permission(StrEnum):
    """Every act and page that needs a right."""

    OPEN_COHORT = "open_cohort"
    DESIGN_PROGRAMS = "design_programs"
    VIEW_COHORT = "view_cohort"
    MANAGE_COHORT = "manage_cohort"
    READ_RESOURCES = "read_resources"
    VIEW_PEOPLE = "view_people"
    MANAGE_PEOPLE = "manage_people"
    SCORE_APPLICATIONS = "score_applications"
    GRANT_ROLES = "grant_roles"
    MANAGE_POLICIES = "manage_policies"
    ANSWER_POLICY = "answer_policy"
    VIEW_AUDIT = "view_audit"
    APPLY = "apply"
    EDIT_OWN_ENROLLMENT = "edit_own_enrollment"
    RUN_MATCHING = "run_matching"
    MANAGE_MENTORSHIP = "manage_mentorship"
    CHOOSE_MENTOR = "choose_mentor"
    ANSWER_REQUEST = "answer_request"
    JOIN_TRIAL = "join_trial"
    VIEW_MENTORSHIP = "view_mentorship"
    TAKE_PART = "take_part"
    VIEW_MEETING = "view_meeting"
    CHANGE_MEETING = "change_meeting"
    RECORD_FOR_OTHERS = "record_for_others"
    READ_MESSAGES = "read_messages"
    READ_AGREEMENT = "read_agreement"
    PUBLISH_AVAILABILITY = "publish_availability"
    MANAGE_TRAINING = "manage_training"
    ENROLL = "enroll"
    RECORD_ATTENDANCE = "record_attendance"
    SUPERVISE = "supervise"
    ISSUE_CERTIFICATES = "issue_certificates"
    OWN_CERTIFICATES = "own_certificates"
    VIEW_CERTIFICATE = "view_certificate"
    READ_CONCERN = "read_concern"
    DECIDE_CHANGE_REQUEST = "decide_change_request"
    KEEP_DIARY = "keep_diary"
    READ_DIARY = "read_diary"
    OWN_DIARY = "own_diary"
    VIEW_BOARD = "view_board"
    HANDLE_FLAGS = "handle_flags"
    SET_RULES = "set_rules"
    WRITE_TO_MANY = "write_to_many"
    VIEW_REPORT = "view_report"
    ISSUE_REPORT = "issue_report"
    VIEW_SURVEYS = "view_surveys"
    MANAGE_SURVEYS = "manage_surveys"
    ANSWER_SURVEY = "answer_survey"
    VIEW_JOB = "view_job"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table."""

    who: str | Promise
    does: str | Promise


TABLE: dict[Permission, Entry] = {
    Permission.OPEN_COHORT: Entry(
        _("site administrators and coordinators of any cohort"), _("open a new cohort")
    ),
    Permission.DESIGN_PROGRAMS: Entry(
        _("site administrators and coordinators of any cohort"),
        _("design the school’s programs, and note what is to change in them"),
    ),
    Permission.VIEW_COHORT: Entry(
        _("everyone with a role in the cohort"), _("see that the cohort exists, and its dates")
    ),
    Permission.MANAGE_COHORT: Entry(
        _("coordinators"), _("change the cohort's dates, settings, contacts and state")
    ),
    Permission.READ_RESOURCES: Entry(
        _("those who take part in the cohort, or did; what is for mentors, not for students"),
        _("read what is published among the resources; drafts are for coordinators alone"),
    ),
    Permission.VIEW_PEOPLE: Entry(_("coordinators"), _("see who takes part, and their profiles")),
    Permission.MANAGE_PEOPLE: Entry(
        _("coordinators"), _("import, invite, accept, decline and withdraw people")
    ),
    Permission.SCORE_APPLICATIONS: Entry(
        _("coordinators, except for their own application"),
        _(
            "score applications, and read what others have scored once the own score is given or "
            "scoring is closed; the applicant reads no single score"
        ),
    ),
    Permission.GRANT_ROLES: Entry(
        _("coordinators"), _("give and take staff roles; the people concerned are told")
    ),
    Permission.MANAGE_POLICIES: Entry(
        _("coordinators"),
        _(
            "write and publish policies and consent texts; see who has confirmed a policy and who "
            "has not, who agreed to a consent, and of the others only how many they are"
        ),
    ),
    Permission.ANSWER_POLICY: Entry(
        _("the people whom a policy asks, and who answered it once"),
        _("read it, confirm it, agree to it or not, and withdraw a consent"),
    ),
    Permission.VIEW_AUDIT: Entry(_("coordinators"), _("read who did what in the cohort")),
    Permission.APPLY: Entry(
        _("anyone who is signed in, while applications are open"), _("apply to take part")
    ),
    Permission.EDIT_OWN_ENROLLMENT: Entry(
        _("the person"), _("edit the own profile, declare an absence, leave")
    ),
    Permission.RUN_MATCHING: Entry(
        _("coordinators"),
        _(
            "run, review and publish matchings, place students on a board, set who must or must "
            "not meet, and write and read notes from talks; each reading is recorded"
        ),
    ),
    Permission.MANAGE_MENTORSHIP: Entry(
        _("coordinators"), _("assign, move and end mentorships by hand")
    ),
    Permission.CHOOSE_MENTOR: Entry(
        _("students who take part, while mentors are chosen in their cohort"),
        _("read what mentors tell students of themselves, and ask mentors, one after the other"),
    ),
    Permission.ANSWER_REQUEST: Entry(
        _("the mentor who is asked"),
        _("read what the student tells mentors and wrote to her, and say yes or not now"),
    ),
    Permission.JOIN_TRIAL: Entry(
        _("students who are asked whether they take part in a trial"),
        _("read what is compared, take part or not, leave, and say how content they are"),
    ),
    Permission.VIEW_MENTORSHIP: Entry(
        _("its members; coordinators, as far as the program's confidentiality level allows"),
        _("open a mentorship's page"),
    ),
    Permission.TAKE_PART: Entry(
        _("members of the mentorship, while they are"),
        _(
            "book, move and record meetings, note contacts, write messages, propose and sign "
            "agreements, set goals"
        ),
    ),
    Permission.VIEW_MEETING: Entry(
        _("its participants; coordinators of an open program"),
        _("see a meeting's date, length, mode and attendance"),
    ),
    Permission.CHANGE_MEETING: Entry(
        _("its participants"), _("answer, move, cancel and record a meeting")
    ),
    Permission.RECORD_FOR_OTHERS: Entry(
        _("coordinators, where the program's confidentiality level is open"),
        _("record a meeting on somebody's word"),
    ),
    Permission.READ_MESSAGES: Entry(
        _("members of the mentorship, for the dates of their membership"), _("read its messages")
    ),
    Permission.READ_AGREEMENT: Entry(
        _("members of the mentorship, for the dates of their membership"),
        _("read its agreement and its goals"),
    ),
    Permission.PUBLISH_AVAILABILITY: Entry(
        _("mentors, for themselves"), _("publish hours that students can book")
    ),
    Permission.MANAGE_TRAINING: Entry(
        _("coordinators"),
        _("open trainings and supervisions, and see who attended how often, at every level"),
    ),
    Permission.ENROLL: Entry(
        _("those whom a training or supervision is for"), _("take a place, and give it back")
    ),
    Permission.RECORD_ATTENDANCE: Entry(
        _("coordinators; a supervisor, for her own group"),
        _("write the attendance list of a training or supervision, except the own line"),
    ),
    Permission.SUPERVISE: Entry(
        _("the group's supervisor; coordinators"),
        _("see a supervisor's group, its dates and who attended"),
    ),
    Permission.ISSUE_CERTIFICATES: Entry(
        _("coordinators"),
        _("see for whom a certificate is due, issue certificates, and take them back"),
    ),
    Permission.OWN_CERTIFICATES: Entry(
        _("the person"), _("see the own certificates, and fetch those the program lets her fetch")
    ),
    Permission.VIEW_CERTIFICATE: Entry(
        _("the person; coordinators"),
        _("have a certificate as PDF; whoever has its address sees whether it holds"),
    ),
    Permission.READ_CONCERN: Entry(
        _("its author and its named recipient"), _("read a concern; each reading is recorded")
    ),
    Permission.DECIDE_CHANGE_REQUEST: Entry(
        _("coordinators"), _("answer a wish for another mentor; the other side is not told why")
    ),
    Permission.KEEP_DIARY: Entry(
        _("members of the mentorship, for themselves"), _("keep a diary that nobody else reads")
    ),
    Permission.READ_DIARY: Entry(
        _(
            "its author; those she shares the entry with: other members, for the dates of their "
            "membership, and her supervisors"
        ),
        _("read a diary entry; each reading by another person is recorded"),
    ),
    Permission.OWN_DIARY: Entry(
        _("its author"), _("change, share, take back and delete a diary entry")
    ),
    Permission.VIEW_BOARD: Entry(_("coordinators"), _("see where the cohort stands")),
    Permission.HANDLE_FLAGS: Entry(
        _("coordinators"), _("acknowledge, snooze and dismiss flags, with a reason")
    ),
    Permission.SET_RULES: Entry(_("coordinators"), _("change the thresholds of monitoring rules")),
    Permission.WRITE_TO_MANY: Entry(_("coordinators"), _("send a message to a filtered list")),
    Permission.VIEW_REPORT: Entry(
        _("coordinators, program leads and evaluators"),
        _("read the cohort's report: figures without names, none about fewer than five"),
    ),
    Permission.ISSUE_REPORT: Entry(
        _("coordinators"), _("issue a report, so that its figures stay as they are")
    ),
    Permission.VIEW_SURVEYS: Entry(
        _("coordinators, program leads and evaluators"),
        _(
            "see how many answered a survey, and its figures once it has closed; never who, and "
            "nothing of fewer than five answers"
        ),
    ),
    Permission.MANAGE_SURVEYS: Entry(
        _("coordinators"), _("plan a survey, take back one that was not sent, close one")
    ),
    Permission.ANSWER_SURVEY: Entry(
        _("those who are asked, while it is open"), _("answer an anonymous survey, once")
    ),
    Permission.VIEW_JOB: Entry(
        _("the cohort's coordinators; who started it, where it has none"),
        _("see how far a long task has come"),
    ),
    Permission.ADMINISTER: Entry(
        _("site administrators"), _("open the first cohort and name its coordinators")
    ),
}
