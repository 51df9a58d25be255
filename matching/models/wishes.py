"""Lists of ranks: whom students want, and which of those who want them mentors would have."""

from django.db import models
from django.db.models import Q

from matching.models.choosing import ChoosingRound
from mentoring import clock
from programs.models import Enrollment


class MentorWish(models.Model):
    """A mentor on a student's list in one shape; ``rank`` 1 is whom she wants most."""

    round = models.ForeignKey(ChoosingRound, on_delete=models.CASCADE, related_name="wishes")
    student = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="wishes")
    mentor = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="wished_by")
    shape = models.SlugField(max_length=60)
    rank = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["student", "shape", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "student", "shape", "mentor"], name="wish_once"
            ),
            models.UniqueConstraint(
                fields=["round", "student", "shape", "rank"], name="wish_rank_once"
            ),
            models.CheckConstraint(condition=Q(rank__gte=1), name="wish_rank_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}"


class StudentRank(models.Model):
    """Where a mentor ranks a student who named her; without ``rank`` she would rather not."""

    round = models.ForeignKey(ChoosingRound, on_delete=models.CASCADE, related_name="rankings")
    mentor = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="rankings")
    student = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="ranked_by")
    rank = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering = ["mentor", "rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "mentor", "student"], name="student_rank_once"
            ),
            models.CheckConstraint(
                condition=Q(rank=None) | Q(rank__gte=1), name="student_rank_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}"
