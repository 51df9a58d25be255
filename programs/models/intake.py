"""How people come into a cohort: its public page, scores of applications, people brought along."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.accounts.permissions import Role
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models.cohort import Cohort
from programs.models.enrollment import Enrollment


class PublicPage(models.Model):
    """What the coordinators say on the page that everyone can read; the rest is derived."""

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="public_page")
    welcome = models.TextField(
        _("welcome"),
        max_length=4000,
        blank=True,
        help_text=_("Stands at the top, in your own words. An empty line begins a paragraph."),
    )
    contact = models.TextField(
        _("whom to ask"),
        max_length=500,
        blank=True,
        help_text=_("A name, a room, an e-mail address: everyone can read it."),
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"{self.cohort_id}"


class PublicLinkKind(models.TextChoices):
    VIDEO = "video", _("Video")
    LEAFLET = "leaflet", _("Leaflet")
    PAGE = "page", _("Web page")


class PublicLink(models.Model):
    """Something to watch or read elsewhere."""

    Kind = PublicLinkKind

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="public_links")
    kind = models.CharField(
        _("kind"), max_length=8, choices=PublicLinkKind.choices, default=PublicLinkKind.VIDEO
    )
    title = models.CharField(_("title"), max_length=120)
    url = models.URLField(_("web address"), max_length=500)

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [in_choices("kind", PublicLinkKind, "public_link_kind_known")]

    def __str__(self) -> str:
        return self.title


class Rubric(models.Model):
    """By what applications for one role are scored, and whether scores are still given."""

    MOST = 5

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="rubrics")
    role = models.CharField(max_length=20, choices=Role.choices)
    criteria = models.JSONField(default=list, help_text=_("A list of {key, text}."))
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "role"], name="rubric_once"),
            in_choices("role", Role, "rubric_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.role}"


class Review(models.Model):
    """What one coordinator thinks of one application: points by criterion, and a note."""

    enrollment = models.ForeignKey(Enrollment, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    points = models.JSONField(default=dict)
    mean = models.FloatField()
    note = models.TextField(max_length=1000, blank=True)
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "reviewer"], name="review_once"),
            models.CheckConstraint(condition=Q(mean__gte=1, mean__lte=5), name="review_mean_range"),
        ]

    def __str__(self) -> str:
        return f"{self.enrollment_id}: {self.mean}"


class BroughtAlong(models.Model):
    """One act of inviting people of an earlier cohort, so that it can be taken back as one."""

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="brought_along")
    source = models.ForeignKey(
        Cohort, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    places = models.ManyToManyField(Enrollment, related_name="brought_along")
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.cohort_id} {self.at}"
