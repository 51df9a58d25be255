"""A diary: that somebody reflected, when and about what; the words stand sealed in a body."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.models import Mentorship
from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from sessions.models.meeting import Meeting, Side


class DiaryEntry(models.Model):
    """One entry of one person about one mentorship; hers alone until she shares it.

    A deleted entry keeps its dates and loses its text: that it was written stays true.
    ``version`` counts the saves; ``tab`` and ``turn`` say which window saved last, and with which
    of its saves, so that a window never overwrites another one, and a late retry never a newer
    text of its own.
    """

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    mentorship = models.ForeignKey(Mentorship, on_delete=models.CASCADE, related_name="diary")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="diary"
    )
    side = models.CharField(max_length=8, choices=Side.choices)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="diary"
    )
    phase = models.SlugField(max_length=50, blank=True)
    day = models.DateField(_("day it is about"))
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    written_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the first word of it was saved.")
    )
    members_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when the other members may read it.")
    )
    supervisor_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when the author's supervisors may read it.")
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    tab = models.CharField(max_length=12, blank=True)
    turn = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day", "-created_at", "-pk"]
        indexes = [
            models.Index(fields=["author", "-day"]),
            models.Index(fields=["mentorship", "author", "written_at"]),
        ]
        constraints = [
            in_choices("side", Side, "diary_side_known"),
            models.UniqueConstraint(
                fields=["author", "meeting"],
                condition=Q(deleted_at=None, meeting__isnull=False),
                name="one_diary_entry_per_meeting",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(members_at=None, supervisor_at=None),
                name="diary_deleted_is_shared_with_nobody",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_shared(self) -> bool:
        return self.members_at is not None or self.supervisor_at is not None


class DiaryBody(models.Model):
    """The sealed text of a diary entry; read through ``sessions.private`` only."""

    entry = models.OneToOneField(
        DiaryEntry, on_delete=models.CASCADE, primary_key=True, related_name="body"
    )
    sealed = models.BinaryField()
