"""A cohort with something on every page, in the seventh week of its first semester."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from types import SimpleNamespace

from allauth.account.models import EmailAddress

from evaluation import queries
from evaluation.models import Flag, Survey
from evaluation.monitoring.scan import scan
from evaluation.services import flags, reports
from evaluation.surveys import answering, batches, instruments, opening
from matching.models import Mentorship
from matching.services import runs
from mentoring import clock
from mentoring.accounts.models import User
from mentoring.accounts.permissions import Role
from mentoring.keys import new_key
from programs.services import cohorts
from sessions.agreement_terms import Terms
from sessions.models import DiaryEntry, Meeting
from sessions.services import (
    agreements,
    availability,
    booking,
    change_requests,
    concerns,
    contacts,
    diaries,
    goals,
    messages,
)
from sessions.services.availability import DayHours
from tests.factories import EnrollmentFactory, meeting, pair
from tests.journeys.lively_training import lively_training
from tests.personas import make_world

# A Monday, 12:00 in Budapest.
NOW = datetime(2021, 10, 18, 10, 0, tzinfo=UTC)
NAMES = [
    ("Réka", "Szabó"), ("Bence", "Őry"), ("Amara", "Okafor"), ("Leila", "Haddad"),
    ("Tomasz", "Wójcik"), ("Ingrid", "Løvås"), ("Dániel", "Kővári"), ("Mei", "Tanaka"),
    ("Zsófia", "Barta"), ("Márton", "Nagy"), ("Hanna", "Weiß"), ("Oluwaseun", "Adeyemi-Falola"),
]  # fmt: skip
WEEKDAYS = range(5)
WORDS = ("More evenings together, please.", "Keep the free choice of topics.",
         "A list of good questions for the first meeting would help.")  # fmt: skip


def lively_world() -> SimpleNamespace:
    """The two cohorts of ``tests.personas``, with names, meetings, messages, flags and a run."""
    world = make_world()
    with clock.at(NOW):
        _name_everyone()
        _fresh(world.people)
        _fill(world)
        _live(world)
        lively_training(world, NOW)
        scan()
        _look_after_flags(world)
        # Last, so that it counts all of the above.
        coordinator = world.people["coordinator"]
        world.report = reports.issue(cohort=world.cohort, as_of=None, by=coordinator)
    return world


def aspects() -> dict[str, str]:
    """What tells pages of one address pattern apart: they show other things, not other rows."""
    found = {}
    for date in Meeting.objects.filter(series__isnull=False):
        due = "list due" if date.starts_at < NOW else "to come"
        found[f"/meetings/{date.key}/"] = due if date.state == "booked" else date.state
    for survey in Survey.objects.all():
        found[f"/surveys/{survey.key}/"] = survey.state
    for flag in Flag.objects.prefetch_related("notes"):
        found[f"/flags/{flag.key}/"] = "with a note" if flag.notes.all() else flag.rule
    for entry in DiaryEntry.objects.exclude(members_at=None):
        mentor = entry.author.enrollments.filter(role=Role.MENTOR).exists()
        found[f"/diary/{entry.key}/"] = f"shared by a {'mentor' if mentor else 'student'}"
    return found


def _name_everyone() -> None:
    for number, user in enumerate(User.objects.order_by("pk")):
        _name(user, number)


def _name(user: User, number: int) -> None:
    given, family = number % len(NAMES), (number * 5 + number // len(NAMES)) % len(NAMES)
    user.given_name, user.family_name = NAMES[given][0], NAMES[family][1]
    user.time_zone = "Europe/Budapest"
    user.save()
    EmailAddress.objects.get_or_create(user=user, email=user.email, verified=True, primary=True)


def _fresh(people: dict[str, User]) -> None:
    for user in people.values():
        user.refresh_from_db()


def _fill(world: SimpleNamespace) -> None:
    """More people than a page of a list holds, most in pairs, some met and some not."""
    for number in range(32):
        mentorship = pair(world.cohort)
        _name(mentorship.student.person, 40 + number)
        _name(mentorship.mentor.person, 75 + number)
        for week in range(number % 4):
            held = "missed" if (number + week) % 5 == 0 else "held"
            meeting(mentorship, NOW - timedelta(days=7 * week + 3), held)
    for number in range(6):
        lone = EnrollmentFactory(
            cohort=world.cohort,
            role=Role.MENTOR if number % 2 else Role.STUDENT,
            interests=["psychiatry", "surgery"],
            languages=["hu", "en"],
            capacity=number % 2,
        )
        _name(lone.person, 110 + number)
    for number, state in enumerate(["invited", "applied", "waitlisted", "withdrawn", "declined"]):
        row = EnrollmentFactory(cohort=world.cohort, state=state, capacity=number % 2)
        _name(row.person, 120 + number)


def _live(world: SimpleNamespace) -> None:
    """What the pair of the personas has been through so far."""
    student, mentor = world.people["student"], world.people["mentor"]
    coordinator = world.people["coordinator"]
    world.cohort.state = "running"
    world.cohort.save()
    mentorship = Mentorship.objects.get(pk=world.mentorship.pk)
    availability.publish(
        by=mentor, hours=[DayHours(day, time(9), time(17)) for day in WEEKDAYS], place="Library"
    )
    meeting(mentorship, NOW - timedelta(days=20), "held")
    world.unrecorded = meeting(mentorship, NOW - timedelta(days=2))
    slots = availability.open_slots(mentor=mentor, student=student)
    world.booked = booking.book(mentorship=mentorship, starts_at=slots[6].starts, by=student)
    world.proposed = booking.propose(
        mentorship=mentorship,
        starts_at=NOW + timedelta(days=9),
        ends_at=NOW + timedelta(days=9, minutes=45),
        by=student,
    )
    messages.write(mentorship=mentorship, text="Shall I bring my anatomy notes?", by=student)
    messages.write(mentorship=mentorship, text="Yes, and your questions.", by=mentor)
    messages.write(mentorship=mentorship, text="See you on Tuesday, then!", by=student)
    contacts.note(mentorship=mentorship, channel="message", by=mentor)
    _agree(mentorship, student, mentor)
    wish = Mentorship.objects.filter(cohort=world.cohort).order_by("-pk").first()
    asker = wish.memberships.get(role=Role.STUDENT).person
    change_requests.ask(mentorship=wish, by=asker, reason="We cannot find a time.")
    recipient = concerns.recipients(world.cohort, besides=student).first().person
    world.concern = concerns.raise_concern(
        cohort=world.cohort,
        recipient=recipient,
        text="I am not doing well.",
        urgent=False,
        by=student,
        mentorship=mentorship,
    )
    _keep_diaries(mentorship, student, mentor)
    cohorts.save_contact(
        cohort=world.cohort, contact=None, by=coordinator, kind="emergency",
        name="Ambulance", phone="112", note="At any hour",
    )  # fmt: skip
    cohorts.save_contact(
        cohort=world.cohort, contact=None, by=coordinator, kind="wellbeing",
        name="Student counselling", phone="+36 1 555 0100", email="help@example.edu",
    )  # fmt: skip
    _survey(world)
    world.run = runs.start(
        cohort=world.cohort, procedure="optimal", weights={"interests": 3.0}, required=[],
        by=coordinator, seed=1,
    )  # fmt: skip


def _survey(world: SimpleNamespace) -> None:
    """One survey that has closed, with figures and words, and one that is open to both sides."""
    for number, side in enumerate(["student", "student", "mentor"]):
        weeks = 0 if number else 4
        opens = NOW - timedelta(weeks=weeks)
        survey = Survey.objects.create(
            cohort=world.cohort,
            occurrence=f"lively:{number}",
            slug=f"lively-{number}",
            title="Your first month" if weeks else "Mid-year survey",
            side=side,
            instruments=instruments.questionnaire([], side),
            opens_at=opens,
            closes_at=opens + timedelta(weeks=3),
        )
        with clock.at(opens):
            opening.open_survey(survey=survey)
            if weeks:
                _answer(survey)
                batches.close(survey=survey)


def _answer(survey: Survey) -> None:
    dice = Random(7)
    for number, invitation in enumerate(survey.invitations.select_related("person")[:23]):
        ratings = {
            f"{name.split('.')[0]}.{item.slug}": dice.randint(scale.low, scale.high - 2)
            if item.reverse
            else dice.randint(scale.low + 1, scale.high)
            for name in survey.instruments
            for scale in instruments.load(name).scales
            for item in scale.items
        }
        words = {"open-word.change": WORDS[number % len(WORDS)]} if number % 3 == 0 else {}
        answering.submit(survey=survey, ratings=ratings, comments=words, by=invitation.person)


def _look_after_flags(world: SimpleNamespace) -> None:
    """A note on the flag that stands first, and another flag put off."""
    first, second = queries.in_need(world.cohort)[:2]
    coordinator = world.people["coordinator"]
    flags.note(flag=first, text="Called on Monday; they will meet next week.", by=coordinator)
    flags.snooze(flag=second, by=coordinator)


def _keep_diaries(mentorship, student, mentor) -> None:
    """Entries of both, one of each shared; and a meeting about which none is written yet."""
    meeting(mentorship, NOW - timedelta(days=5), "held")
    words = {
        mentor: ["She had made a plan for the anatomy exam, and kept half of it.", "A good start."],
        student: ["I dared to ask about the resit.", "We got on well."],
    }
    for author, texts in words.items():
        for number, text in enumerate(texts):
            entry = diaries.save(
                mentorship=mentorship,
                save=diaries.Save(
                    key=new_key(), text=text, day=(NOW - timedelta(days=12 + number)).date()
                ),
                by=author,
            )
        diaries.set_audience(entry=entry, members=True, supervisor=True, by=author)


def _agree(mentorship: Mentorship, student: User, mentor: User) -> None:
    """Two versions, of which the second waits for the mentor; goals of each state."""
    first = agreements.propose(
        mentorship=mentorship, terms=Terms(aims="A calm first year"), by=mentor
    )
    agreements.sign(agreement=first, by=student)
    agreements.propose(
        mentorship=mentorship,
        terms=Terms(rhythm="weeks", every=2, aims="A calm first year, and anatomy"),
        by=student,
    )
    made = [
        goals.add(mentorship=mentorship, title=title, horizon=horizon, by=student)
        for title, horizon in (
            ("A plan for the anatomy exam", "short"),
            ("Find out which specialty suits me", "long"),
            ("One day on the ward", "short"),
            ("Learn Hungarian", "long"),
        )
    ]
    goals.progress(goal=made[0], percent=40, by=student)
    goals.settle(goal=made[2], state="reached", by=mentor)
    goals.settle(goal=made[3], state="dropped", reason="There is no time for it", by=student)
