"""What of a program this version of the product leaves to people, in words."""

from django.utils.translation import gettext as _

from programs.spec.document import ProgramSpec

COMPUTED = (
    "optimal", "fair", "stable", "greedy", "random", "by_container", "suggestions", "search", None
)  # fmt: skip


def limits(spec: ProgramSpec) -> list[str]:
    """What a coordinator of this program does herself for now; empty: nothing."""
    found = []
    if spec.matching.procedure not in COMPUTED:
        found.append(
            _(
                "The school matches in a way that is not built in yet. You match by lot, by score "
                "or by hand, and can change every proposal."
            )
        )
    if any(shape.subgroups for shape in spec.shapes):
        found.append(
            _(
                "Groups are formed as a whole. Their members agree on smaller circles themselves, "
                "and whoever comes is recorded for each meeting."
            )
        )
    return found
