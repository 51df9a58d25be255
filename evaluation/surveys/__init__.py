"""Surveys: instruments sent to an audience at a moment, and answered without a name.

What is promised about anonymity, and what cannot be, is said in ``docs/surveys.md``.
"""
