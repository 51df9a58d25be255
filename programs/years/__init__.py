"""What the next year of a cohort would be: read from what is there, nothing written."""
