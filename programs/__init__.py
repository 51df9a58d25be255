"""Pre-planning: program documents, cohorts, people, readiness."""
