"""Policy documents and consent texts in versions, and what people answered to each."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring import clock
from mentoring.accounts.permissions import MENTOR_ROLES, Role
from mentoring.constraints import in_choices
from mentoring.keys import new_key
from programs.models.cohort import Cohort
from programs.models.enrollment import Enrollment
from programs.models.help import Audience


class PolicyKind(models.TextChoices):
    POLICY = "policy", _("Policy, to be confirmed")
    CONSENT = "consent", _("Consent, agreed to or not")


AUDIENCE_ROLES: dict[str, frozenset[str]] = {
    Audience.ALL: frozenset({str(Role.STUDENT), *map(str, MENTOR_ROLES)}),
    Audience.STUDENTS: frozenset({str(Role.STUDENT)}),
    Audience.MENTORS: frozenset(map(str, MENTOR_ROLES)),
}
# Staff are not asked, so “everyone” would be too much.
ASKED = [(Audience.ALL.value, _("Students and mentors")), *Audience.choices[1:]]


class Policy(models.Model):
    """A text of a cohort that people confirm or agree to; what it says stands in its versions.

    A consent is free, so it is never needed for taking part.
    """

    Kind = PolicyKind

    key = models.CharField(max_length=12, unique=True, default=new_key, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="policies")
    kind = models.CharField(
        _("kind"), max_length=7, choices=PolicyKind.choices, default=PolicyKind.POLICY
    )
    title = models.CharField(_("title"), max_length=120)
    audience = models.CharField(_("for whom"), max_length=8, choices=ASKED, default=Audience.ALL)
    required = models.BooleanField(_("needed before taking part"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            in_choices("kind", PolicyKind, "policy_kind_known"),
            in_choices("audience", Audience, "policy_audience_known"),
            models.CheckConstraint(
                condition=Q(kind="policy") | Q(required=False), name="policy_consent_is_free"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_consent(self) -> bool:
        return self.kind == PolicyKind.CONSENT

    @property
    def roles(self) -> frozenset[str]:
        """As what people are asked."""
        return AUDIENCE_ROLES[self.audience]


class PolicyVersion(models.Model):
    """The text of a policy. One is a draft at a time; a published one never changes."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("text"), max_length=20_000)
    changes = models.CharField(_("what changed"), max_length=300, blank=True)
    # Small corrections need no new answer; the first version always asks.
    asks_again = models.BooleanField(_("ask everybody again"), default=True)
    changed_at = models.DateTimeField(default=clock.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="policy_version_once"),
            models.UniqueConstraint(
                fields=["policy"], condition=Q(published_at=None), name="policy_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(number__gt=1) | Q(asks_again=True), name="policy_first_version_asks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """New rows only: services change drafts by an update that no published version meets."""
        if not self._state.adding:
            raise TypeError("a version is changed by services.policies alone")
        super().save(*args, **kwargs)


class PolicyReply(models.TextChoices):
    ACKNOWLEDGED = "acknowledged", _("Read and confirmed")
    AGREED = "agreed", _("Agreed")
    REFUSED = "refused", _("Did not agree")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PolicyAnswer(models.Model):
    """What somebody answered to a version. A new answer replaces the one that stands; both stay."""

    # The version's policy, so that the database can hold that one answer stands.
    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="answers")
    version = models.ForeignKey(PolicyVersion, on_delete=models.CASCADE, related_name="answers")
    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="policy_answers"
    )
    answer = models.CharField(max_length=12, choices=PolicyReply.choices)
    answered_at = models.DateTimeField(default=clock.now)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-answered_at", "-pk"]
        constraints = [
            in_choices("answer", PolicyReply, "policy_answer_known"),
            models.UniqueConstraint(
                fields=["policy", "enrollment"],
                condition=Q(replaced_at=None),
                name="policy_answer_standing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.answer}"
