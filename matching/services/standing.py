"""The live groups of a cohort, and what each mentor can still take on: read in one query."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from matching.alike import Kind, common, kind_of
from matching.columns import UNLIMITED
from matching.models import Membership, Mentorship
from matching.shapes import grouped
from mentoring.accounts.permissions import Role
from programs import queries
from programs.models import Cohort, Enrollment


@dataclass
class Group:
    """A live mentorship: who leads it, and its students by class year (0: not known)."""

    mentorship: int
    shape: str
    leaders: list[tuple[int, str]] = field(default_factory=list)
    students: list[int] = field(default_factory=list)
    by_class: Counter[int] = field(default_factory=Counter)


@dataclass
class Standing:
    """Who sits where now."""

    groups: dict[int, Group] = field(default_factory=dict)
    led: dict[int, list[Group]] = field(default_factory=lambda: defaultdict(list))
    shapes_of: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    # What the students in groups are, for groups whose students are alike or evenly spread.
    facts: dict[int, dict[str, Any]] = field(default_factory=dict)
    person: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, cohort: Cohort) -> "Standing":
        """Of the whole cohort."""
        rows = Membership.objects.filter(
            mentorship__cohort=cohort, mentorship__state__in=Mentorship.LIVE, ended_at=None
        )
        found = cls()
        listed = list(
            rows.order_by("pk").values_list(
                "mentorship_id",
                "shape",
                "enrollment_id",
                "role",
                "person_id",
                "enrollment__campus",
                "enrollment__track",
                "enrollment__gender",
                "enrollment__free_time",
            )
        )
        years = queries.class_years(cohort) if listed else {}
        for mentorship, shape, enrollment, role, person, campus, track, gender, free in listed:
            group = found.groups.setdefault(mentorship, Group(mentorship, shape))
            found.person[enrollment] = person
            if role == Role.STUDENT:
                group.students.append(enrollment)
                group.by_class[years.get(enrollment, 0)] += 1
                found.shapes_of[enrollment].add(shape)
                found.facts[enrollment] = {
                    "class_year": years.get(enrollment),
                    "campus": campus,
                    "track": track,
                    "gender": gender,
                    "free_time": hours_of(free),
                }
            else:
                group.leaders.append((enrollment, role))
                found.led[enrollment].append(group)
        return found

    def movable(self, shapes: Iterable[dict[str, Any]]) -> list[tuple[int, int, str, int]]:
        """Students with one mentor whose places count students: student, mentor, shape, mentorship.

        In other groups a change would be one for everybody in it.
        """
        able = {
            shape["slug"]
            for shape in shapes
            if shape["unit"] == "students" and not (grouped(shape) or shape["alike"])
        }
        return [
            (student, group.leaders[0][0], group.shape, group.mentorship)
            for group in self.groups.values()
            if group.shape in able and len(group.leaders) == 1
            for student in group.students
        ]

    def let_go(self, places: Iterable[tuple[int, int, str, int]], years: dict[int, int]) -> None:
        """As if these students waited."""
        for student, _mentor, shape, mentorship in places:
            group = self.groups[mentorship]
            group.students.remove(student)
            group.by_class[years.get(student, 0)] -= 1
            self.shapes_of[student].discard(shape)

    def kind(self, group: Group, shape: dict[str, Any]) -> Kind | None:
        """Of which kind the students of a group are, where its shape wants them alike."""
        names = shape["alike"]
        return common(kind_of(self.facts[who], names) for who in group.students) if names else None

    def students_of(self, mentor: int) -> int:
        """Students in all her groups."""
        return sum(len(group.students) for group in self.led.get(mentor, []))

    def places_left(self, row: Enrollment, shapes: Iterable[dict[str, Any]]) -> int:
        """How many more students this mentor can have, over all shapes she has a seat in."""
        facts, found = self.of_mentor(row, shapes), 0
        for shape in shapes:
            if row.role not in {seat["role"] for seat in shape["seats"]}:
                continue
            most = shape["most"] or sum(shape["per_class"].values()) or 1
            if shape["team"]:
                leads = shape["slug"] in facts["room"]
                begins = facts["groups_left"] > 0 and not leads
                found += facts["room"].get(shape["slug"], 0) + (most if begins else 0)
            elif shape["unit"] == "groups":
                found += facts["room"].get(shape["slug"], 0) + facts["groups_left"] * most
            elif shape["unit"] == "students_per_class":
                found += sum(
                    max(0, row.capacity - facts["by_class"].get(str(year), 0))
                    for year in shape["years"]
                )
            else:
                found = max(found, facts["places"])
        return found

    def team_places(self, rows: Iterable[Enrollment], shape: dict[str, Any]) -> int:
        """Places in the groups of a shape that teams lead: in those that stand, and in new ones."""
        if not shape["team"]:
            return 0
        most = shape["most"] or sum(shape["per_class"].values()) or 1
        standing = sum(
            max(0, most - len(group.students))
            for group in self.groups.values()
            if group.shape == shape["slug"]
        )
        free: Counter[str] = Counter()
        for row in rows:
            facts = self.of_mentor(row, [shape])
            able = facts["groups_left"] if shape["unit"] == "groups" else int(row.capacity > 0)
            if shape["unit"] == "groups" or shape["slug"] not in facts["room"]:
                free[row.role] += able
        new = [free[seat["role"]] // seat["least"] for seat in shape["seats"] if seat["least"]]
        return standing + most * min(new, default=0)

    def of_mentor(self, row: Enrollment, shapes: Iterable[dict[str, Any]]) -> dict[str, Any]:
        """Her role, and what is left: students, groups, and the room in the groups she leads."""
        mine = self.led.get(row.pk, [])
        by_class = sum((group.by_class for group in mine), Counter[int]())
        room = {
            shape["slug"]: sum(
                max(0, shape["most"] - len(group.students))
                for group in mine
                if shape["most"] and group.shape == shape["slug"]
            )
            for shape in shapes
            if any(group.shape == shape["slug"] for group in mine)
        }
        return {
            "role": row.role,
            "capacity": row.capacity,
            "places": max(0, row.capacity - self.students_of(row.pk)),
            "groups_left": max(0, row.capacity - len(mine)),
            "room": room,
            "kinds": {
                shape["slug"]: [
                    [self.kind(group, shape), self._room_in(group, shape, row)]
                    for group in mine
                    if group.shape == shape["slug"]
                ]
                for shape in shapes
                if shape["alike"] and not shape["team"]
            },
            "by_class": {str(year): number for year, number in sorted(by_class.items())},
        }

    def _room_in(self, group: Group, shape: dict[str, Any], row: Enrollment) -> int:
        """How many more students a mentor's own group takes."""
        room = max(0, (shape["most"] or UNLIMITED) - len(group.students))
        if shape["unit"] == "groups":
            return room
        return min(room, max(0, row.capacity - self.students_of(row.pk)))

    def open_groups(
        self, shapes: Iterable[dict[str, Any]], present: set[int]
    ) -> list[dict[str, Any]]:
        """The groups that those who come later may join, with what their students are."""
        formed = {shape["slug"] for shape in shapes if grouped(shape)}
        return [
            {
                "mentorship": group.mentorship,
                "shape": group.shape,
                "members": [[who, role] for who, role in group.leaders if who in present],
                "students": [{"id": who} | self.facts[who] for who in group.students],
            }
            for group in self.groups.values()
            if group.shape in formed and any(who in present for who, _role in group.leaders)
        ]

    def above(self, people: Container[int]) -> list[list[int]]:
        """Who leads whom among these people, by person: a leader and one who mentors herself.

        Whoever leads a group as one of its students is not above the others.
        """
        found = set()
        for group in self.groups.values():
            below = {self.person[who] for who in group.students}
            leading = {self.person[who] for who, _role in group.leaders}
            pairs = ((a, b) for a in leading - below for b in below - leading)
            found |= {(a, b) for a, b in pairs if a in people and b in people}
        return [list(pair) for pair in sorted(found)]


def hours_of(free_time: str) -> str:
    """Free hours as a hexadecimal number: bit h is hour h of the week."""
    return hex(int(free_time[::-1] or "0", 2))
