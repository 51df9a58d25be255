from django.apps import AppConfig
from django.core import validators
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    name = "mentoring.ui"
    label = "ui"

    def ready(self) -> None:
        # Django's own words are those of a program, not of a form.
        validators.MinValueValidator.message = _("Enter %(limit_value)s or more.")
        validators.MaxValueValidator.message = _("Enter %(limit_value)s or less.")
