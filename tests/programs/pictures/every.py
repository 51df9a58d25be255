"""Every program that a picture must be able to show: the catalog's and the review's."""

from programs.spec import ProgramSpec, catalog, load
from tests.programs.spec.rows import ROWS

CATALOG: dict[str, ProgramSpec] = {spec.slug: spec for spec in catalog.templates()}
ROW_SPECS: dict[str, ProgramSpec] = {slug: load(row) for slug, row in ROWS.items()}
# By name; where both have a program, as the compact row says it.
PROGRAMS = CATALOG | ROW_SPECS
EVERY = CATALOG | {f"row of {slug}": spec for slug, spec in ROW_SPECS.items()}
