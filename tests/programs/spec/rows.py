"""The fifteen programs of the review that are not in the catalog, as compact documents."""

from typing import Any

SOURCE = "Norwegian review of mentoring programs for medical students"
DEGREE = {"kind": "degree"}


def students(count: Any = None, *years: int, **more: Any) -> dict[str, Any]:
    return {"role": "student", "kind": "student", "count": count, "class_years": years, **more}


def mentors(count: Any = 1, kind: str = "faculty", **more: Any) -> dict[str, Any]:
    return {"role": "mentor", "kind": kind, "count": count, **more}


def group(*seats: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"slug": "group", "title": "Group", "seats": seats, **more}


def pair(*years: int, kind: str = "faculty") -> dict[str, Any]:
    seats = [students(1, *years), mentors(1, kind)]
    return {"slug": "pair", "title": "Pair", "seats": seats}


def document(slug: str, model: str, *shapes: dict[str, Any], **more: Any) -> dict[str, Any]:
    base = {"slug": slug, "title": slug, "school": slug, "source": SOURCE, "model": model}
    return base | {"duration": {"kind": "fixed", "years": 1}, "shapes": shapes} | more


SAN_ANTONIO = document(
    "san-antonio",
    "combined, vertical",
    group(
        students(None, per_class={1: 11, 2: 11, 3: 11, 4: 11}),
        mentors(kind="clinical_faculty"),
        {
            "role": "junior_mentor",
            "kind": "near_peer",
            "count": 3,
            "class_years": [4],
            "within": "student",
            "lasts": {"unit": "year"},
        },
        groups=20,
        lasts={"unit": "degree"},
        renews="yearly",
        container="society",
        subgroups={"own_calendar": True, "led_by": "junior_mentor"},
    ),
    containers=[{"slug": "society", "title": "Society", "count": 5}],
    duration=DEGREE,
    since=2006,
    cadence=[{"slug": "subgroup", "times": {"min": 1}, "per": "month"}],
    matching={"procedure": "random", "moment": "at_entry", "balanced_by": ["class_year"]},
    incentives=[
        {"slug": "elective", "role": "junior_mentor", "kind": "elective", "title": "MiM elective"}
    ],
    evaluation=[
        {"slug": "spring", "title": "Spring survey", "audience": ["student"], "moment": "year_end"}
    ],
    stated={"entrants": {"value": 220, "what": "Entrants a year"}},
)
PRAMUKHSWAMI = document(
    "pramukhswami",
    "group",
    group(students([8, 16]), mentors(capacity={"unit": "groups"})),
    since=2009,
    cadence=[{"slug": "meetings", "times": [2, 3], "per": "year"}],
    requirements=[
        {"slug": "workshop", "kind": "training", "role": "mentor", "title": "Role play workshop"}
    ],
    evaluation=[
        {
            "slug": "workshop",
            "title": "Workshop form",
            "audience": ["mentor"],
            "moment": "after_training",
            "anonymity": "anonymous",
        }
    ],
)
CALGARY = document(
    "calgary",
    "one-to-one",
    pair(1, 2, 3),
    duration={"kind": "fixed", "years": 3},
    enrollment={"students": "mandatory"},
    matching={"procedure": "random"},
    cadence=[{"slug": "free", "basis": "not_prescribed", "counted": False}],
    confidentiality={"level": "strict"},
    second_mentor=True,
)
KAROLINSKA = document(
    "karolinska",
    "combined",
    group(students(), mentors(None, "physician", teaches_students=None)),
    duration=DEGREE,
    since=2007,
    enrollment={"students": "mandatory"},
    requirements=[
        {
            "slug": "canmeds",
            "kind": "portfolio",
            "role": "student",
            "title": "CanMEDS self-assessment and improvement plan",
        }
    ],
    evaluation=[
        {
            "slug": "interviews",
            "title": "Interviews",
            "method": "interview",
            "audience": ["student"],
            "moment": "middle",
        }
    ],
)
DREXEL = document(
    "drexel",
    "virtual group",
    group(
        students(None, 1, 2, 3, 4),
        mentors(kind="clinical_faculty", teaches_students=False, lasts={"unit": "year"}),
        setting="virtual",
        lasts={"unit": "degree"},
        attached=[
            {"slug": "opening", "title": "Goals and rules", "kind": "group", "times": 1}
            | {"per": "program"}
        ],
    ),
    duration={"kind": "fixed", "years": 4},
    since=2012,
    enrollment={"students": "mandatory", "course": True},
    cadence=[{"slug": "video", "kind": "group", "channel": "video", "weeks": [8, 12]}],
    matching={"assessor": "barred"},
    requirements=[
        {"slug": "attendance", "kind": "attendance", "role": "student", "decides": "pass_fail"},
        {"slug": "reflection", "kind": "reflection", "role": "student", "decides": "pass_fail"},
        {"slug": "facilitation", "kind": "training", "role": "mentor", "before": "activation"},
    ],
    evaluation=[
        {
            "slug": "before",
            "title": "Before",
            "audience": ["student"],
            "moment": "before",
            "instruments": ["GRAS", "JSE-S"],
            "paired_with": "after",
        },
        {
            "slug": "after",
            "title": "After",
            "audience": ["student"],
            "moment": "end",
            "instruments": ["GRAS", "JSE-S"],
            "paired_with": "before",
            "anonymity": "anonymous",
            "compulsory": True,
        },
    ],
)
GREAT_WESTERN = document(
    "great-western",
    "one-to-one, near-peer",
    pair(6, kind="resident"),
    duration={"kind": "fixed", "months": 3},
    enrollment={"students": "opt_out"},
    cadence=[{"slug": "fortnightly", "weeks": {"max": 2}}],
    matching={"procedure": "assigned", "moment": "placement_start", "reserve": True},
    requirements=[{"slug": "handbook", "kind": "handbook", "role": "mentor"}],
    incentives=[{"slug": "portfolio", "role": "mentor", "kind": "portfolio"}],
    topics=["Activity list"],
)
MCGILL = document(
    "mcgill",
    "group, with optional individual meetings",
    group(
        students(6, 1, 2, 3, 4),
        mentors(kind="physician"),
        {
            "role": "junior_mentor",
            "kind": "near_peer",
            "count": 2,
            "lasts": {"unit": "year", "length": 2},
            "group_years": [1, 2],
            "may_also_be": ["student"],
        },
        lasts={"unit": "program"},
        attached=[{"slug": "talk", "title": "Talk", "kind": "mentoring", "optional": True}],
    ),
    duration={"kind": "fixed", "years": 4},
    since=2005,
    enrollment={"students": "mandatory", "course": True},
    cadence=[{"slug": "group", "kind": "group", "times": {"min": 5}, "per": "year"}],
    requirements=[
        {"slug": "workshops", "kind": "training", "role": "mentor", "times": 3, "per": "year"},
        {
            "slug": "audio",
            "kind": "reflection",
            "role": "mentor",
            "title": "Audio reflection",
            "class_years": [1],
            "mandatory": False,
        },
    ],
    incentives=[
        {"slug": "title", "role": "mentor", "kind": "title", "title": "Osler Fellow"},
        {"slug": "pay", "role": "mentor", "kind": "payment"},
    ],
)
BROWN = document(
    "brown",
    "near-peer group inside a course",
    group(
        students(2, 1),
        mentors(1, "near_peer", class_years=[2], capacity={"unit": "groups", "default": 2}),
        lasts={"unit": "session"},
    ),
    since=2006,
    enrollment={"students": "mandatory", "mentors": "selected", "course": True},
    cadence=[
        {"slug": "semester", "times": [3, 4], "per": "term"},
        {"slug": "osce", "times": 1, "per": "program", "event": "OSCE"},
    ],
    requirements=[
        {"slug": "workshop", "kind": "orientation", "role": "mentor", "before": "activation"}
    ],
    incentives=[{"slug": "title", "role": "mentor", "kind": "title", "title": "TA Fellow"}],
)
VANDERBILT = document(
    "vanderbilt",
    "group",
    group(
        students([25, 28], 1, 2, 3, 4),
        mentors(2, lasts={"unit": "program"}),
        container="college",
        attached=[
            {"slug": "plenary", "title": "Plenary", "kind": "plenary", "times": 1, "per": "week"}
            | {"minutes": 30}
        ],
    ),
    containers=[{"slug": "college", "title": "College", "count": 4, "mentors": 2}],
    duration={"kind": "fixed", "years": 4},
    since=2011,
    cadence=[
        {"slug": "colloquium", "kind": "group", "times": 1, "per": "week", "minutes": 90},
    ],
    matching={"procedure": "by_container", "moment": "at_entry"},
    requirements=[
        {
            "slug": "reflections",
            "kind": "reflection",
            "role": "student",
            "times": {"min": 2},
            "per": "term",
        }
    ],
)
SODERSJUKHUSET = document(
    "sodersjukhuset",
    "one-to-one",
    pair(3, 4, kind="physician"),
    duration={"kind": "fixed", "years": 2},
    since=2005,
    enrollment={"students": "opt_in"},
    cadence=[{"slug": "meetings", "times": [1, 3], "per": "term", "total": {"max": 12}}],
    matching={"procedure": "random", "assessor": "barred"},
    confidentiality={"level": "counts", "statement": "A free zone."},
    requirements=[
        {"slug": "course", "kind": "training", "role": "mentor", "before": "start", "days": 2}
    ],
    evaluation=[
        {
            "slug": "after",
            "title": "Web survey",
            "audience": ["student"],
            "moment": "after_end",
            "months_after": [1, 14],
            "leaves_out": ["never_met"],
        }
    ],
    topics=["Shadowing"],
)
FMUSP = document(
    "fmusp",
    "group of mixed years",
    group(students([12, 14]), mentors(kind="physician", teaches_students=True)),
    duration=DEGREE,
    since=2001,
    enrollment={"students": "mandatory", "attendance": "voluntary"},
    cadence=[{"slug": "meetings", "kind": "group", "times": 10, "per": "year"}],
    requirements=[
        {
            "slug": "supervision",
            "kind": "supervision",
            "role": "mentor",
            "mandatory": False,
            "in_group": True,
        }
    ],
)
BAHRIA = document(
    "bahria",
    "combined",
    group(students(10, 1, 2), mentors(capacity={"unit": "students", "default": 10})),
    duration={"kind": "fixed", "years": 2},
    since=2008,
    enrollment={"mentors": "trained"},
    evaluation=[
        {
            "slug": "mentors",
            "title": "Mentor survey",
            "audience": ["mentor"],
            "moment": "end",
            "anonymity": "anonymous",
        }
    ],
)
UW_COLLEGES = document(
    "uw-colleges",
    "one-to-one, and a group in year 2",
    pair(1, 3, 4),
    group(
        students(6, 2),
        mentors(capacity={"unit": "students_per_class", "default": 6, "max": 24}),
    ),
    duration=DEGREE,
    since=2002,
    enrollment={"students": "mandatory", "course": True},
    cadence=[
        {"slug": "weekly", "shape": "group", "kind": "group", "class_years": [2]}
        | {"times": 1, "per": "week"},
        {"slug": "others", "shape": "pair", "class_years": [1, 3, 4], "basis": "agreed_by_pair"},
        {"slug": "phone", "channel": "phone", "class_years": [1, 3, 4], "basis": "not_prescribed"},
        {"slug": "mail", "channel": "online", "class_years": [1, 3, 4], "basis": "not_prescribed"},
    ],
    matching={"procedure": "random", "moment": "at_entry", "assessor": "allowed"},
    evaluation=[
        {
            "slug": "cross-section",
            "title": "Survey",
            "audience": ["student"],
            "moment": "year_end",
            "anonymity": "optional_signature",
        }
    ],
)
KECK = document(
    "keck",
    "group",
    group(students(), mentors(), setting="in_person"),
    duration={"kind": "fixed", "years": 2},
    since=2001,
    enrollment={"course": True},
    cadence=[
        {"slug": "first", "class_years": [1], "times": 24, "per": "year"},
        {"slug": "second", "class_years": [2], "times": 16, "per": "year"},
    ],
    requirements=[
        {"slug": "portfolio", "kind": "portfolio", "role": "student", "decides": "pass_fail"}
    ],
    resources=["Off-campus venues"],
)
GULF = document(
    "gulf",
    "faculty mentors for all students",
    group(students(), mentors(None)),
    tracks=["Medicine", "Dentistry", "Pharmacy", "Health sciences"],
    duration=DEGREE,
    enrollment={"students": "mandatory"},
    phases=[
        {
            "slug": "ice-breaking",
            "title": "Ice-breaking",
            "driver": "mentor",
            "proposes": "mentor",
            "within_working_days": 5,
            "exit": ["agreement_signed", "goal_set", "both_ready"],
        },
        {
            "slug": "structured",
            "title": "Structured engagement",
            "driver": "both",
            "proposes": "system",
            "exit": ["goals_reviewed", "needs_score"],
        },
        {
            "slug": "self-directed",
            "title": "Self-directed engagement",
            "driver": "student",
            "proposes": "student",
        },
    ],
    cadence=[
        {"slug": "breaking", "phase": "ice-breaking", "weeks": 2, "total": [2, 3]},
        {"slug": "structured", "phase": "structured", "weeks": [2, 3]},
        {"slug": "free", "phase": "self-directed", "times": {"min": 1}, "per": "term"},
    ],
    requirements=[{"slug": "notes", "kind": "documentation", "role": "mentor"}],
    at_risk={"measure": "mean summative score", "below": 70},
    monitoring={"thresholds": {"at-risk-no-contact": {"days": 14}}},
)
ROWS = {
    row["slug"]: row
    for row in (
        SAN_ANTONIO,
        PRAMUKHSWAMI,
        CALGARY,
        KAROLINSKA,
        DREXEL,
        GREAT_WESTERN,
        MCGILL,
        BROWN,
        VANDERBILT,
        SODERSJUKHUSET,
        FMUSP,
        BAHRIA,
        UW_COLLEGES,
        KECK,
        GULF,
    )
}
