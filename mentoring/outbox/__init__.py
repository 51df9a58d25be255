"""Every mail that leaves the system, once."""
