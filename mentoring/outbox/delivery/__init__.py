"""Deliver what is due: claim rows, compose each mail, send it, settle the row."""

from mentoring.outbox.delivery.engine import Counts, deliver_due

__all__ = ["Counts", "deliver_due"]
