"""What a cohort gives its people to read and to use: handbooks, agendas, activities, links."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models.cohort import Cohort
from programs.models.help import Audience


class ResourceKind(models.TextChoices):
    HANDBOOK = "handbook", _("Handbook")
    GUIDE = "guide", _("Guide")
    ACTIVITY = "activity", _("Activity")
    AGENDA = "agenda", _("Agenda")
    FORM = "form", _("Form")
    LINK = "link", _("Link")
    VIDEO = "video", _("Video")
    LEAFLET = "leaflet", _("Leaflet")


class ResourceState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Resource(models.Model):
    """A text of the cohort's own, or the way to one elsewhere, for those whom it is meant for."""

    Kind = ResourceKind
    State = ResourceState

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="resources")
    starter = models.SlugField(
        max_length=50, blank=True, editable=False, help_text=_("Which of our texts it began as.")
    )
    title = models.CharField(_("title"), max_length=150)
    kind = models.CharField(
        _("kind"), max_length=8, choices=ResourceKind.choices, default=ResourceKind.GUIDE
    )
    summary = models.CharField(
        _("summary"), max_length=300, blank=True, help_text=_("One or two sentences, for the list.")
    )
    text = models.TextField(
        _("text"),
        max_length=40000,
        blank=True,
        help_text=_("Markdown: ## for a heading, - for a list, **bold**, [words](address)."),
    )
    url = models.URLField(
        _("web address"),
        max_length=500,
        blank=True,
        help_text=_("For a file, a video or a page elsewhere. It opens on its own site."),
    )
    audience = models.CharField(
        _("for whom"), max_length=8, choices=Audience.choices, default=Audience.ALL
    )
    phase = models.SlugField(max_length=50, blank=True)
    language = models.CharField(max_length=2, blank=True)
    order = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("Lower numbers come first.")
    )
    public = models.BooleanField(
        _("on the public page too"),
        default=False,
        help_text=_("Once published, everyone can read it there without a login."),
    )
    state = models.CharField(
        max_length=9, choices=ResourceState.choices, default=ResourceState.DRAFT, editable=False
    )
    edited_at = models.DateTimeField(default=clock.now, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        ordering = ["order", "title", "pk"]
        constraints = [
            in_choices("kind", ResourceKind, "resource_kind_known"),
            in_choices("audience", Audience, "resource_audience_known"),
            in_choices("state", ResourceState, "resource_state_known"),
            models.CheckConstraint(condition=~Q(text="", url=""), name="resource_not_empty"),
            models.UniqueConstraint(
                fields=["cohort", "starter"],
                condition=~Q(starter=""),
                name="resource_starter_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.state == ResourceState.PUBLISHED
