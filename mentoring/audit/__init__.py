"""What was done, by whom, when: append-only, written in the transaction of the act."""

from mentoring.audit.services import event, record, record_many

__all__ = ["event", "record", "record_many"]
