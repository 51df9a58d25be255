"""What a program document has to be able to say, and the published programs that say it."""

import pytest

from programs.spec import catalog, load

SPECS = {spec.slug: spec for spec in catalog.templates()}


def seats(spec, role=None):
    return [s for shape in spec.shapes for s in shape.seats if role in (None, s.role)]


def attached(spec, kind):
    return any(part.kind == kind for shape in spec.shapes for part in shape.attached)


def mode(name):
    return lambda spec: name in spec.modes


def cadence(holds):
    return lambda spec: any(holds(rule) for rule in spec.cadence)


def asked(holds):
    return lambda spec: any(holds(part) for part in spec.requirements)


def incentive(kind):
    return lambda spec: any(part.kind == kind for part in spec.incentives)


def enrolled(mode):
    return lambda spec: spec.enrollment.students == mode


def level(name):
    return lambda spec: spec.confidentiality.level == name


def per(unit):
    return cadence(lambda rule: rule.per == unit)


ALL = tuple(sorted(SPECS))
ONE_TO_ONE = [
    "calgary",
    "great-western",
    "gulf",
    "lmu-munich",
    "semmelweis",
    "sodersjukhuset",
    "uw-colleges",
]
FEATURES = {
    # Who meets whom
    "one-to-one": (mode("one_to_one"), ONE_TO_ONE),
    "one-to-many": (
        mode("one_to_many"),
        [
            "bahria",
            "brown",
            "delhi",
            "drexel",
            "fmusp",
            "gulf",
            "karolinska",
            "keck",
            "pramukhswami",
            "uw-colleges",
        ],
    ),
    "many-to-one": (mode("many_to_one"), ["calgary"]),
    "many-to-many": (mode("many_to_many"), ["mcgill", "san-antonio", "tromso", "vanderbilt"]),
    "group": (mode("group"), [slug for slug in ALL if slug not in ONE_TO_ONE] + ["uw-colleges"]),
    "virtual": (mode("virtual"), ["drexel"]),
    "combined": (
        mode("combined"),
        ["bahria", "karolinska", "mcgill", "san-antonio", "tromso", "uw-colleges"],
    ),
    # How groups are built
    "eleven from each of four classes": (
        lambda spec: any(
            {year: str(span) for year, span in seat.per_class.items()}
            == {1: "11", 2: "11", 3: "11", 4: "11"}
            for seat in seats(spec, "student")
        ),
        ["san-antonio"],
    ),
    "yearly intake and graduation": (
        lambda spec: any(shape.renews == "yearly" for shape in spec.shapes),
        ["san-antonio"],
    ),
    "a faculty lead and three senior students": (
        lambda spec: any(
            str(shape.people("mentor")) == "1"
            and any(s.role == "junior_mentor" and str(s.people) == "3" for s in shape.seats)
            for shape in spec.shapes
        ),
        ["san-antonio"],
    ),
    "mentors counted among the students": (
        lambda spec: any(seat.within == "student" for seat in seats(spec)),
        ["san-antonio"],
    ),
    "subgroups with dates of their own": (
        lambda spec: any(shape.subgroups and shape.subgroups.own_calendar for shape in spec.shapes),
        ["san-antonio"],
    ),
    "a Fellow with two pairs": (
        lambda spec: any(
            str(shape.people("student")) == "2" and spec.capacity("mentor").default == 2
            for shape in spec.shapes
        ),
        ["brown"],
    ),
    "plenary and small group": (lambda spec: attached(spec, "plenary"), ["vanderbilt"]),
    "individual talks beside a group": (
        lambda spec: attached(spec, "mentoring"),
        ["bahria", "karolinska", "mcgill", "san-antonio", "tromso"],
    ),
    "containers": (
        lambda spec: bool(spec.containers),
        ["lmu-munich", "san-antonio", "vanderbilt"],
    ),
    "co-mentors of unlike background": (lambda spec: spec.matching.mentors_unlike, ["tromso"]),
    "groups of one class year each": (
        lambda spec: any("class_year" in shape.alike for shape in spec.shapes),
        ["tromso"],
    ),
    "valid with one of two mentors": (
        lambda spec: any(shape.quorum for shape in spec.shapes),
        ["tromso"],
    ),
    "junior roles that end after two years": (
        lambda spec: any(
            seat.lasts and (seat.lasts.unit, seat.lasts.length) == ("year", 2)
            for seat in seats(spec, "junior_mentor")
        ),
        ["mcgill"],
    ),
    "from peer to physician in year 3": (
        lambda spec: (
            [(s.class_years("student")[:1], s.seats[1].kind) for s in spec.shapes]
            == [((1,), "near_peer"), ((3,), "physician")]
        ),
        ["lmu-munich"],
    ),
    "the group stays, its facilitator changes yearly": (
        lambda spec: any(
            shape.lasts.unit == "degree" and seat.lasts and seat.lasts.unit == "year"
            for shape in spec.shapes
            for seat in shape.seats
            if seat.role == "mentor"
        ),
        ["drexel"],
    ),
    "students of each class with one mentor": (
        lambda spec: spec.capacity("mentor").unit == "students_per_class",
        ["uw-colleges"],
    ),
    "a class year that pauses": (lambda spec: bool(spec.paused_class_years), ["tromso"]),
    # How long, and who takes part
    "three months": (lambda spec: spec.duration.months == 3, ["great-western"]),
    "one year": (
        lambda spec: spec.duration.years == 1,
        ["brown", "delhi", "pramukhswami", "semmelweis"],
    ),
    "two to four years": (
        lambda spec: 2 <= spec.years <= 4,
        [
            "bahria",
            "calgary",
            "drexel",
            "keck",
            "mcgill",
            "san-antonio",
            "sodersjukhuset",
            "uw-colleges",
            "vanderbilt",
        ],
    ),
    "five and six years": (
        lambda spec: 5 <= spec.years <= 6,
        ["fmusp", "karolinska", "tromso"],
    ),
    "as long as each pair wishes": (
        lambda spec: spec.duration.kind == "per_pair",
        ["lmu-munich"],
    ),
    "mandatory": (
        enrolled("mandatory"),
        [s for s in ALL if s not in {"fmusp", "lmu-munich", "semmelweis", "sodersjukhuset"}],
    ),
    "opt-in": (enrolled("opt_in"), ["lmu-munich", "semmelweis", "sodersjukhuset"]),
    "opt-out": (enrolled("opt_out"), ["fmusp"]),
    # How often
    "every so many weeks": (
        cadence(lambda rule: rule.weeks is not None),
        ["drexel", "great-western", "gulf"],
    ),
    "so many a week": (per("week"), ["semmelweis", "uw-colleges", "vanderbilt"]),
    "so many a month": (per("month"), ["bahria", "san-antonio", "semmelweis"]),
    "so many a term": (per("term"), ["brown", "gulf", "karolinska", "sodersjukhuset"]),
    "so many a year": (per("year"), ["fmusp", "keck", "mcgill", "pramukhswami", "tromso"]),
    "a least and a most": (
        cadence(lambda r: r.times and r.times.min and r.times.max and r.times.min < r.times.max),
        ["brown", "pramukhswami", "sodersjukhuset"],
    ),
    "a least only": (
        cadence(lambda r: r.times and r.times.max is None),
        ["bahria", "gulf", "karolinska", "mcgill", "san-antonio", "semmelweis"],
    ),
    "a total number": (cadence(lambda r: r.total), ["gulf", "sodersjukhuset"]),
    "total hours": (cadence(lambda r: r.hours), ["tromso"]),
    "by kind of meeting": (
        lambda spec: attached(spec, "plenary") and bool(spec.cadence_for(kind="group")),
        ["vanderbilt"],
    ),
    "by channel": (
        cadence(lambda r: r.channel),
        ["drexel", "semmelweis", "uw-colleges"],
    ),
    "by phase": (cadence(lambda r: r.phase), ["gulf"]),
    "by class year": (cadence(lambda r: r.class_years), ["keck", "uw-colleges"]),
    "before an examination": (cadence(lambda r: r.event), ["brown"]),
    "not counted at all": (cadence(lambda r: not r.counted), ["calgary"]),
    "left to the students": (cadence(lambda r: r.basis == "left_to_students"), ["delhi"]),
    "set by each pair": (
        cadence(lambda r: r.basis == "agreed_by_pair"),
        ["lmu-munich", "uw-colleges"],
    ),
    "a calendar with pauses": (
        lambda spec: bool(spec.year.pauses),
        [
            "brown",
            "calgary",
            "drexel",
            "fmusp",
            "karolinska",
            "keck",
            "mcgill",
            "san-antonio",
            "semmelweis",
            "sodersjukhuset",
            "uw-colleges",
            "vanderbilt",
        ],
    ),
    # What is asked
    "training before activation": (
        lambda spec: bool(spec.before_activation("mentor")),
        ["bahria", "brown", "drexel", "pramukhswami", "sodersjukhuset", "tromso"],
    ),
    "quotas per term with a least length": (
        asked(lambda part: part.per == "term" and part.minutes),
        ["semmelweis"],
    ),
    "supervision": (
        asked(lambda part: part.kind == "supervision"),
        ["fmusp", "san-antonio", "semmelweis"],
    ),
    "a diary or reflection with a day it is due": (
        asked(lambda part: part.kind in {"diary", "reflection"} and part.due_days),
        ["drexel", "semmelweis", "vanderbilt"],
    ),
    "passed or failed": (asked(lambda part: part.decides == "pass_fail"), ["drexel", "keck"]),
    "attendance": (asked(lambda part: part.kind == "attendance"), ["drexel", "tromso"]),
    # What stays in the pair, and what people get
    "open": (level("open"), [s for s in ALL if s not in {"calgary", "sodersjukhuset"}]),
    "counts only": (level("counts"), ["sodersjukhuset"]),
    "strict": (level("strict"), ["calgary"]),
    "mentors who assess nobody": (
        lambda spec: spec.matching.assessor == "barred",
        ["drexel", "sodersjukhuset"],
    ),
    "credits": (incentive("credits"), ["semmelweis"]),
    "a title": (incentive("title"), ["brown", "mcgill"]),
    "a certificate": (incentive("certificate"), ["pramukhswami"]),
    "payment": (incentive("payment"), ["mcgill"]),
    # How it is looked at
    "surveys with instrument, audience and moment": (
        lambda spec: any(p.instruments and p.audience and p.moment for p in spec.evaluation),
        list(ALL),
    ),
    "before and after, paired": (
        lambda spec: any(part.paired_with for part in spec.evaluation),
        ["drexel"],
    ),
    "those who never met left out": (
        lambda spec: any(part.leaves_out for part in spec.evaluation),
        ["sodersjukhuset"],
    ),
    "interviews, focus groups, observation": (
        lambda spec: any(part.method != "survey" for part in spec.evaluation),
        ["fmusp", "gulf", "karolinska", "mcgill", "semmelweis", "sodersjukhuset"],
    ),
}


@pytest.mark.parametrize("feature", FEATURES)
def test_what_can_be_said_and_which_programs_say_it(feature):
    says, programs = FEATURES[feature]
    assert programs, "each is said by a published program"
    assert [slug for slug in ALL if says(SPECS[slug])] == sorted(programs)


def test_shorter_than_three_months_is_allowed_and_marked():
    # No published program is: the review left shorter ones out.
    assert not any(spec.short for spec in SPECS.values())
    brief = load(catalog.document("great-western") | {"duration": {"months": 2}})
    assert brief.short


PAIR = SPECS["calgary"].document | {"assumed": [], "second_mentor": False}


def with_people(students, mentors, **more):
    people = [{"role": "student", "count": students}, {"role": "mentor", "count": mentors}]
    shape = {"slug": "pair", "title": "A shape", "seats": people}
    return load(PAIR | {"shapes": [shape | more], "cadence": []})


@pytest.mark.parametrize(
    ("spec", "modes"),
    [
        (with_people(1, 1), ("one_to_one",)),
        (with_people(1, 2), ("many_to_one",)),
        (with_people(5, 1), ("one_to_many", "group")),
        (with_people([2, 5], [2, 3]), ("many_to_many", "group")),
        (with_people(None, None), ("one_to_many", "group")),
        (with_people(1, 1, setting="virtual"), ("one_to_one", "virtual")),
    ],
)
def test_modes_are_read_off_the_shapes(spec, modes):
    assert spec.modes == modes


def test_a_group_whose_students_come_one_by_one_does_not_meet_together():
    alone = [{"slug": "talks", "kind": "mentoring", "times": 1, "per": "month"}]
    spec = load(with_people(5, 1).document | {"cadence": alone})
    assert spec.modes == ("one_to_many",)
