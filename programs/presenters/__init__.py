"""Rows and words for the pages; templates run no queries."""
