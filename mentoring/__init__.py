"""The project package: the ground floor every app stands on, and the roof that composes them."""

from mentoring.celery import app as celery_app

__all__ = ["celery_app"]
