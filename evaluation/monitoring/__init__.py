"""Rules that look at facts, the pass that applies them, and what a rule is."""

from evaluation.monitoring.catalog import BY_SLUG, RULES
from evaluation.monitoring.scan import ScanResult, refresh, scan

__all__ = ["BY_SLUG", "RULES", "ScanResult", "refresh", "scan"]
