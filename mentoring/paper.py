"""Paper, and files that were printed for it: kept by the floor whose pages they are."""

from typing import Any, Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.errors import DomainError


class Paper(models.TextChoices):
    """The two sizes on which the world prints."""

    A4 = "a4", _("A4")
    LETTER = "letter", _("US Letter")


def check(paper: str) -> None:
    """Refuse a paper that there is not."""
    if paper not in Paper.values:
        raise DomainError(_t("There is no paper of that name."), field="paper")


def language() -> str:
    """The language in which files are made and read now."""
    return get_language() or ""


class PaperFile(models.Model):
    """A page as PDF, in one language and on one size of paper.

    It is kept in the database: web and workers share no disk. It can be made again at any time.
    """

    paper = models.CharField(max_length=6, choices=Paper.choices)
    language = models.CharField(max_length=10)
    content = models.BinaryField()
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def keep(cls, *, paper: str, content: bytes, **of: Any) -> Self:
        """Keep a PDF in the active language, in place of an earlier one; safe to repeat."""
        row, _made = cls._default_manager.update_or_create(
            paper=paper,
            language=language(),
            defaults={"content": content, "made_at": clock.now()},
            **of,
        )
        return row
