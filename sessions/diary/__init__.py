"""Diaries: what is due, who may read, and the questions beside the page."""
