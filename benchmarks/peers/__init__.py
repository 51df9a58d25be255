"""Other people's matching packages, each run by a script of its own in its own environment."""
