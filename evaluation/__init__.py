"""Monitoring rules, flags, surveys and reports."""
