"""How much one mentor takes on, in the unit of her program: students, groups, or each class."""

from django.utils.translation import gettext_lazy, ngettext

FIELDS = {
    "students": (
        gettext_lazy("How many students"),
        gettext_lazy("As many as you have time for; 0 for none now."),
    ),
    "groups": (
        gettext_lazy("How many groups"),
        gettext_lazy("As many as you have time for; 0 for none now."),
    ),
    "students_per_class": (
        gettext_lazy("How many students of each class year"),
        gettext_lazy("As many as you have time for; 0 for none now."),
    ),
}
"""Label and help of the field where somebody says so."""


def taken_on(unit: str, number: int) -> str:
    """“2 students”, “1 group”, “6 of each class year”."""
    words = {
        "students": ngettext("%(n)d student", "%(n)d students", number),
        "groups": ngettext("%(n)d group", "%(n)d groups", number),
        "students_per_class": ngettext(
            "%(n)d of each class year", "%(n)d of each class year", number
        ),
    }
    return words[unit] % {"n": number}
