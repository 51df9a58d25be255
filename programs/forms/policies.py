"""Policies and consent texts: what they are, and the text of a draft."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import Policy, PolicyVersion
from programs.services.policies import TEXT_MAX


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What it is called, and for whom. Title and kind are set once people have read it."""

    class Meta:
        model = Policy
        fields = ("title", "kind", "audience", "required", "order")

    def __init__(self, *args: Any, published: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["order"]
        if published:
            del self.fields["title"], self.fields["kind"]
            if self.instance.is_consent:
                del self.fields["required"]
        if "required" in self.fields:
            self.fields["required"].help_text = _(
                "Whoever has not confirmed it becomes active later; people who are active stay so. "
                "For policies only: a consent is free."
            )
        if "order" in self.fields:
            self.fields["order"].help_text = _("Small numbers stand first.")

    def _post_clean(self) -> None:
        """The service checks what belongs together, and says it better than a constraint."""


class DraftForm(forms.ModelForm):  # type: ignore[type-arg]
    """The text, and for a later version what changed and whether everybody is asked again."""

    text = forms.CharField(
        label=_("Text"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "An empty line begins a paragraph. ## before a line makes it a heading, - before a "
            "line an entry of a list, **two stars** around words make them bold."
        ),
    )

    class Meta:
        model = PolicyVersion
        fields = ("text", "changes", "asks_again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None or self.instance.number == 1:
            del self.fields["changes"], self.fields["asks_again"]
            return
        self.fields["changes"].help_text = _("In a line, for those who know the text.")
        self.fields["asks_again"].help_text = _(
            "Take the tick away for a small correction: earlier answers then stay good."
        )

    def _post_clean(self) -> None:
        """A version is never saved by a form."""
