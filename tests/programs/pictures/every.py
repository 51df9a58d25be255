"""Every program that a picture must be able to show: those of the catalog."""

from programs.spec import ProgramSpec, catalog

PROGRAMS: dict[str, ProgramSpec] = {spec.slug: spec for spec in catalog.templates()}
