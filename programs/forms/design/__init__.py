"""The forms of the program designer."""
