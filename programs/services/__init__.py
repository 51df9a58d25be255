"""The only writers of programs: each act one function, one transaction, one audit event."""
