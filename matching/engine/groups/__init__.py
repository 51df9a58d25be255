"""Mentoring groups: a team of leaders and the students who join it, with quotas and balance.

No Django. ``instance`` says what is asked and what is answered, ``solving.solve_groups`` answers.
"""
