"""Who fits where, while places are given: what stands, and what this transaction has given so far.

Counted by the unit of the shape: students, groups, or students of each class year.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from matching import shapes as shaped
from matching.alike import Kind, kind_of
from matching.models import Mentorship
from matching.services.standing import Group, Standing
from programs import queries
from programs.models import Cohort, Enrollment


@dataclass
class Slot:
    """A group that one student gets a place in; without a mentorship yet, a new one."""

    shape: str
    mentorship: Mentorship | None
    students: int = 0
    by_class: Counter[int] = field(default_factory=Counter)
    kind: Kind | None = None


class Seating:
    """Counts while places are given. Everything it says holds under the cohort's lock."""

    def __init__(self, cohort: Cohort, shapes: Sequence[dict[str, Any]]) -> None:
        self.cohort = cohort
        self.shapes = {shape["slug"]: shape for shape in shapes}
        self.standing = Standing.of(cohort)
        self.years = queries.class_years(cohort)
        self.rows = Mentorship.objects.in_bulk(list(self.standing.groups))
        self.open: dict[tuple[int, str], list[Slot]] = {}
        self.students: Counter[int] = Counter()
        self.groups: Counter[int] = Counter()
        self.by_class: Counter[tuple[int, int]] = Counter()
        self.placed = {
            (who, shape) for who, slugs in self.standing.shapes_of.items() for shape in slugs
        }
        self.named = Mentorship.objects.filter(cohort=cohort).exclude(name="").count()
        for group in self.standing.groups.values():
            self._count(group)

    def _count(self, group: Group) -> None:
        slot = Slot(
            group.shape, self.rows[group.mentorship], len(group.students), Counter(group.by_class)
        )
        if group.shape in self.shapes:
            slot.kind = self.standing.kind(group, self.shapes[group.shape])
        for who, _role in group.leaders:
            self.open.setdefault((who, group.shape), []).append(slot)
            self.students[who] += len(group.students)
            self.groups[who] += 1
            for year, number in group.by_class.items():
                self.by_class[who, year] += number

    def shape_of(self, student: Enrollment, mentor: Enrollment) -> str:
        """The shape these two meet in."""
        year = self.years.get(student.pk)
        return shaped.the_shape(self.cohort.planned_spec, year=year, mentor_role=mentor.role).slug

    def standing_group(self, mentorship: int) -> Mentorship:
        return self.rows[mentorship]

    def next_name(self, shape: str) -> str:
        """Groups are numbered; a pair goes by the names of its people."""
        facts = self.shapes[shape]
        if facts["most"] == 1 and not facts["team"]:
            return ""
        self.named += 1
        name = _("Group %(number)d") % {"number": self.named}
        if not facts["container"]:
            return name
        # Colleges and the like get their groups in turn, so that all have as many.
        return _("%(container)s %(number)d, %(group)s") % {
            "container": facts["container"],
            "number": (self.named - 1) % facts["containers"] + 1,
            "group": name,
        }

    # --- One student with one mentor -------------------------------------------------------------

    def problem(self, student: Enrollment, mentor: Enrollment, shape: str) -> str:
        """Why this student cannot have a place with this mentor, in words; empty: she can."""
        names = {"student": student.person.full_name, "mentor": mentor.person.full_name}
        if student.person_id == mentor.person_id:
            return _("%(student)s cannot mentor themselves.") % names
        if not student.is_present:
            return _("%(student)s does not take part any more.") % names
        if not mentor.is_present:
            return _("%(mentor)s does not take part any more.") % names
        if (student.pk, shape) in self.placed:
            return _("%(student)s has a mentor already.") % names
        if not self._fits(student, mentor, shape):
            return _("%(mentor)s has no place left.") % names
        return ""

    def _fits(self, student: Enrollment, mentor: Enrollment, shape: str) -> bool:
        facts, who = self.shapes[shape], mentor.pk
        room = self._slot(student, mentor, shape) is not None
        if facts["unit"] == "groups":
            return room or self.groups[who] < mentor.capacity
        if facts["unit"] == "students_per_class":
            return self.by_class[who, self.years.get(student.pk, 0)] < mentor.capacity
        if facts["team"]:
            return room or ((who, shape) not in self.open and mentor.capacity > 0)
        return self.students[who] < mentor.capacity

    def _slot(self, student: Enrollment, mentor: Enrollment, shape: str) -> Slot | None:
        facts = self.shapes[shape]
        if facts["most"] == 1:
            return None
        year, kind = self.years.get(student.pk, 0), self._kind(student, shape)
        able = []
        for slot in self.open.get((mentor.pk, shape), []):
            of_class = facts["per_class"].get(str(year))
            if facts["per_class"] and (not of_class or slot.by_class[year] >= of_class):
                continue
            if not facts["most"] or slot.students < facts["most"]:
                able.append(slot)
        like = next((slot for slot in able if slot.kind in (None, kind)), None)
        if like is None and able and self._begins_another(mentor, shape):
            return None
        # A coordinator may seat her among others: she knows them, and nothing else is left.
        return like or next(iter(able), None)

    def _kind(self, student: Enrollment, shape: str) -> Kind:
        facts = {
            "class_year": self.years.get(student.pk),
            "campus": student.campus,
            "track": student.track,
        }
        return kind_of(facts, self.shapes[shape]["alike"])

    def _begins_another(self, mentor: Enrollment, shape: str) -> bool:
        """Whether she has a group left to begin, beside those she has."""
        return self.shapes[shape]["unit"] == "groups" and self.groups[mentor.pk] < mentor.capacity

    def give(self, student: Enrollment, mentor: Enrollment, shape: str) -> Slot:
        """Counts the place as given; the slot's mentorship is empty where a new one begins."""
        year = self.years.get(student.pk, 0)
        slot = self._slot(student, mentor, shape)
        if slot is None:
            slot = Slot(shape, None)
            if self.shapes[shape]["alike"]:
                slot.kind = self._kind(student, shape)
            self.open.setdefault((mentor.pk, shape), []).append(slot)
            self.groups[mentor.pk] += 1
        slot.students += 1
        slot.by_class[year] += 1
        self.students[mentor.pk] += 1
        self.by_class[mentor.pk, year] += 1
        self.placed.add((student.pk, shape))
        return slot

    # --- A whole group ---------------------------------------------------------------------------

    def circle_problem(
        self,
        shape: str,
        students: Sequence[Enrollment],
        leaders: Sequence[Enrollment],
        mentorship: int | None,
    ) -> str:
        """Why this group cannot be as it is proposed, in words."""
        for row in (*students, *leaders):
            if not row.is_present:
                return _("%(name)s does not take part any more.") % {"name": row.person.full_name}
        for row in students:
            if (row.pk, shape) in self.placed:
                return _("%(student)s has a mentor already.") % {"student": row.person.full_name}
        if not students or not leaders:
            return _("A group has nobody any more who mentors, or no student.")
        if mentorship is not None:
            return self._no_room(shape, students, mentorship)
        for row in leaders:
            if not self.can_lead(row, shape):
                return _("%(mentor)s has no place left.") % {"mentor": row.person.full_name}
        return ""

    def can_lead(self, row: Enrollment, shape: str) -> bool:
        """Whether she can take on one more group."""
        if self.shapes[shape]["unit"] == "groups":
            return self.groups[row.pk] < row.capacity
        return row.capacity > 0 and (row.pk, shape) not in self.open

    def _no_room(self, shape: str, students: Sequence[Enrollment], mentorship: int) -> str:
        group = self.standing.groups.get(mentorship)
        most = self.shapes[shape]["most"]
        if group is None:
            return _("A group has ended in the meantime.")
        if most and len(group.students) + len(students) > most:
            return _("%(group)s is full by now.") % {"group": self.rows[mentorship].name}
        new = group.by_class + Counter(self.years.get(row.pk, 0) for row in students)
        for year, places in self.shapes[shape]["per_class"].items():
            if new[int(year)] > places:
                return _("%(group)s has no place left for class year %(year)s.") % {
                    "group": self.rows[mentorship].name,
                    "year": year,
                }
        return ""

    def take_circle(
        self,
        shape: str,
        students: Sequence[Enrollment],
        leaders: Sequence[Enrollment],
        mentorship: int | None,
    ) -> None:
        """Counts the group as it is proposed."""
        self.placed |= {(row.pk, shape) for row in students}
        slot = Slot(shape, None, len(students))
        for row in leaders:
            self.students[row.pk] += len(students)
            if mentorship is None:
                self.groups[row.pk] += 1
                self.open.setdefault((row.pk, shape), []).append(slot)

    def can_take(self, row: Enrollment, shape: str, students: int) -> bool:
        """Whether she can lead a group of so many students that stands already."""
        facts = self.shapes.get(shape)
        if facts is not None and (facts["team"] or facts["unit"] == "groups"):
            return self.can_lead(row, shape)
        if facts is not None and facts["unit"] == "students_per_class":
            return row.capacity > 0
        return self.students[row.pk] + students <= row.capacity
