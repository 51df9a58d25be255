"""Plays a cohort through its year on a virtual clock."""
