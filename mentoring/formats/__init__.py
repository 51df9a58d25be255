"""How dates and times are written, by language (Django reads these by name)."""
