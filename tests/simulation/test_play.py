"""Small plays through the real services: exact outcomes, the same for the same seed."""

import json

from django.core.management.color import no_style
from django.db import connection, transaction

from evaluation.models import Flag
from mentoring.outbox.models import Notification
from mentoring.simulation.behavior import Shares
from mentoring.simulation.figures import mail
from sessions.models import Contact, Meeting

KEYS = {
    "mentorships",
    "students_matched",
    "students_unmatched",
    "mentor_loads",
    "meetings",
    "attendance_rate",
    "contact",
    "notifications",
    "flags",
    "detection",
    "training",
    "supervision",
    "credits",
    "diaries",
}


def assert_people_acted_themselves(performance):
    members = {
        mentorship.pk: {
            performance.stage.users[number].pk for number in (*group.mentors, *group.students)
        }
        for mentorship, group in zip(
            performance.stage.mentorships, performance.stage.groups, strict=True
        )
    }
    for contact in Contact.objects.all():
        assert contact.noted_by_id in members[contact.mentorship_id]
    for meeting in Meeting.objects.exclude(recorded_by=None).exclude(mentorship=None):
        assert meeting.recorded_by_id in members[meeting.mentorship_id]


def test_a_small_play_has_the_outcomes_of_its_behavior(play):
    performance, found = play()
    assert_people_acted_themselves(performance)
    assert set(found) == KEYS
    assert found["mentorships"] == found["students_matched"] == 10
    assert found["students_unmatched"] == 0
    assert found["mentor_loads"] == {"1": 8, "2": 1}
    # Nine mentors, four trainings and two supervisions: 90 % and 80 % of them.
    assert found["training"] == {"required": 36, "attended": 32}
    assert found["supervision"] == {"required": 18, "attended": 14}
    assert found["diaries"]["due"] >= found["diaries"]["written"] > 0
    # 51 % and 41 % of ten pairs, as exact counts by largest remainder.
    assert found["contact"] == {"weekly": 0.5, "meet_monthly": 0.4, "never": 0.0}
    assert found["meetings"]["held"] >= 10
    held = Meeting.objects.filter(state="held", mentorship__isnull=False)
    assert found["meetings"]["held"] == held.count()
    assert found["notifications"]["failed"] == 0
    assert found["notifications"]["duplicates"] == 0
    assert found["notifications"]["lost"] == 0
    assert found["notifications"]["sent"] == Notification.objects.filter(state="sent").count()
    assert found["detection"]["never_met"] == {
        "truth": 0,
        "flagged": 0,
        "missed": 0,
        "premature": 0,
        "false": 0,
        "median_days": None,
    }


def number_rows_from_one():
    """A simulation has a database of its own; PostgreSQL keeps counting after a rollback."""
    sequences = connection.introspection.sequence_list()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_by_name_sql(no_style(), sequences):
            cursor.execute(statement)


def test_the_same_seed_plays_the_same_and_another_one_does_not(play):
    def figures_of(seed):
        with transaction.atomic():
            number_rows_from_one()
            _, found = play(students=4, mentors=4, weeks=5, seed=seed)
            transaction.set_rollback(True)
        return json.dumps(found)

    first, again, other = figures_of(3), figures_of(3), figures_of(4)
    assert first == again
    assert first != other


def test_pairs_that_never_meet_are_flagged_on_day_21_and_mentors_who_never_answer_too(play):
    shares = Shares(engaged=0.5, fading=0.0, silent=0.0, never=0.5)
    performance, found = play(
        weeks=8,
        shares=shares,
        weekly_contact=0.5,
        monthly_meeting=0.5,
        mentor_reply=((0.6, 1.0),),
        absence=(),
    )
    assert found["contact"] == {"weekly": 0.5, "meet_monthly": 0.5, "never": 0.5}
    never = found["detection"]["never_met"]
    assert (never["truth"], never["flagged"], never["missed"]) == (5, 5, 0)
    assert (never["premature"], never["false"], never["median_days"]) == (0, 0, 21)
    assert found["flags"]["never-met"]["open"] == 5
    silent = found["detection"]["unresponsive_mentor"]
    assert silent["truth"] >= 1
    assert (silent["missed"], silent["premature"], silent["false"]) == (0, 0, 0)
    unmet = {
        performance.stage.mentorships[number].pk
        for number, story in performance.diary.stories.items()
        if not story.held
    }
    flagged = Flag.objects.filter(rule="never-met", state="open")
    assert set(flagged.values_list("mentorship", flat=True)) == unmet


def test_truth_does_not_come_from_monitoring(play):
    """A flag that stands without its fact counts as false, one taken away as missed."""
    from mentoring.simulation.figures import detection

    shares = Shares(engaged=0.5, fading=0.0, silent=0.0, never=0.5)
    performance, _ = play(
        students=4,
        mentors=4,
        weeks=5,
        shares=shares,
        weekly_contact=0.5,
        monthly_meeting=0.5,
        mentor_reply=((1.0, 1.0),),
        absence=(),
    )
    met, unmet = (
        next(n for n, story in performance.diary.stories.items() if bool(story.held) == wanted)
        for wanted in (True, False)
    )
    mentorships = performance.stage.mentorships
    Flag.objects.filter(mentorship=mentorships[unmet]).delete()
    Flag.objects.create(
        cohort=performance.stage.cohort,
        rule="never-met",
        severity="warning",
        mentorship=mentorships[met],
        subject=f"mentorship:{mentorships[met].pk}",
        occurrence="made up",
        since=performance.began,
        opened_at=performance.began,
    )
    found = detection.figures(performance)["never_met"]
    assert (found["truth"], found["flagged"], found["missed"]) == (2, 1, 1)
    assert (found["false"], found["premature"]) == (1, 1)


def test_mail_is_counted_in_the_folder_and_held_against_what_happened(play, mail_folder):
    performance, found = play(students=2, mentors=2, weeks=3)
    files = sorted(mail_folder.glob("*.eml"))
    assert len(files) == found["notifications"]["sent"] > 0
    (mail_folder / "again.eml").write_bytes(files[0].read_bytes())
    assert mail.figures(mail_folder)["duplicates"] == 1
    files[1].unlink()
    assert mail.figures(mail_folder)["lost"] == 1

    expected = performance.diary.expected
    assert {"meeting_booked", "meeting_tomorrow", "meeting_soon"} <= {one[0] for one in expected}
    Notification.objects.filter(kind="meeting_tomorrow").first().delete()
    assert mail.figures(mail_folder, expected)["lost"] >= 2


def test_groups_of_delhi_are_played_too(play):
    _, found = play("delhi", students=8, mentors=3, weeks=6)
    assert found["mentor_loads"] == {"2": 1, "3": 2}
    assert found["contact"]["never"] == 0.3333
    assert found["meetings"]["booked"] == 0
    assert found["meetings"]["held"] >= 2
    assert found["detection"]["never_met"]["missed"] == 0
    assert found["detection"]["never_met"]["false"] == 0
    assert Meeting.objects.filter(kind="group", state="held").exists()
