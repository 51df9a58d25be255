from matching.erasing import erase
from matching.exporting import export
from matching.models import MatchRun
from matching.ports import cards, figures
from matching.services.inputs import snapshot
from matching.services.mentorships import end
from tests.factories import pair


def test_a_person_gets_her_places_in_mentorships(cohort):
    old = pair(cohort)
    end(mentorship=old, reason="fit", by=None)
    [entry] = export(old.student.person)["mentorships"]
    assert (entry["cohort"], entry["role"], entry["with"]) == (
        cohort.name,
        "student",
        [old.mentor.person.full_name],
    )
    assert entry["until"] is not None
    assert "reason" not in entry


def test_an_erased_person_leaves_no_facts_in_kept_runs(cohort, student, mentor):
    anna = student(interests=["psychiatry"], campus="Pest")
    kata = mentor(interests=["psychiatry"], languages=["hu"])
    run = MatchRun.objects.create(
        cohort=cohort,
        number=1,
        procedure="optimal",
        seed=1,
        inputs=dict(snapshot(cohort, {}, []).data),
    )
    reasons = [{"code": "interests", "points": 1, "share": 1, "shared": ["psychiatry"]}]
    row = run.pairs.create(student=anna, mentor=kata, score=1, reasons=reasons)
    erase(anna.person)
    run.refresh_from_db()
    row.refresh_from_db()
    [left], [stays] = run.inputs["students"], run.inputs["mentors"]
    assert (left["interests"], left["campus"], left["id"]) == ([], "", anna.pk)
    assert stays["languages"] == ["hu"]
    assert row.reasons == []


def test_the_figures_of_a_simulation(cohort, student, mentor):
    pair(cohort)
    student(), mentor(), mentor(state="withdrawn")
    assert figures(cohort) == {
        "mentorships": 1,
        "students_matched": 1,
        "students_unmatched": 1,
        "mentor_loads": {"0": 1, "1": 1},
    }


def test_whoever_has_no_partner_yet_reads_so_on_her_home(cohort, student, mentor):
    cohort.state = "running"
    cohort.save()
    late, spare, placed = student(), mentor(), pair(cohort)
    assert [card.audience for card in cards(late.person)] == ["student"]
    assert [card.audience for card in cards(spare.person)] == ["mentor"]
    assert list(cards(placed.student.person)) == []
    end(mentorship=placed, reason="fit", by=None)
    assert [card.audience for card in cards(placed.student.person)] == ["student"]
