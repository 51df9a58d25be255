"""The live groups of a cohort, and what each mentor can still take on: read in one query."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from matching.alike import Kind, common, kind_of
from matching.columns import UNLIMITED
from matching.models import Membership, Mentorship
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
    # What the students in groups are, for groups whose students are alike.
    facts: dict[int, dict[str, Any]] = field(default_factory=dict)

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
                "enrollment__campus",
                "enrollment__track",
            )
        )
        years = queries.class_years(cohort) if listed else {}
        for mentorship, shape, enrollment, role, campus, track in listed:
            group = found.groups.setdefault(mentorship, Group(mentorship, shape))
            if role == Role.STUDENT:
                group.students.append(enrollment)
                group.by_class[years.get(enrollment, 0)] += 1
                found.shapes_of[enrollment].add(shape)
                found.facts[enrollment] = {
                    "class_year": years.get(enrollment),
                    "campus": campus,
                    "track": track,
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
            if shape["unit"] == "students" and not shape["team"] and not shape["alike"]
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
        """The groups that teams lead, for those who come later."""
        by_team = {shape["slug"]: shape for shape in shapes if shape["team"]}
        return [
            {
                "mentorship": group.mentorship,
                "shape": group.shape,
                "members": [[who, role] for who, role in group.leaders if who in present],
                "by_class": {str(year): n for year, n in sorted(group.by_class.items())},
                "kind": self.kind(group, by_team[group.shape]),
            }
            for group in self.groups.values()
            if group.shape in by_team and any(who in present for who, _role in group.leaders)
        ]
