"""What of a program this version of the product leaves to people, in words."""

from django.utils.translation import gettext as _

from programs.spec.document import ProgramSpec


def limits(spec: ProgramSpec) -> list[str]:
    """What a coordinator of this program does herself for now; empty: nothing."""
    found = []
    if any(shape.subgroups for shape in spec.shapes):
        found.append(
            _(
                "Groups are formed as a whole. Their members agree on smaller circles themselves, "
                "and whoever comes is recorded for each meeting."
            )
        )
    return found
