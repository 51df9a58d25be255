"""The report of a cohort: figures as a pure function of the database, the cohort and a date.

``figures.collect`` computes, ``models.Report`` keeps what was issued, ``presenters`` puts it into
words, ``pdf`` onto paper. ``docs/report.md`` says how every figure is counted.
"""
