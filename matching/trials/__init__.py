"""Randomized comparisons of matching procedures: allocation, statistics, report. No Django.

Importing this package loads neither NumPy nor SciPy: allocation, intervals and power need the
standard library alone; the tests load SciPy when they are called (a job, never a page).
"""
