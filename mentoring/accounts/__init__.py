"""People, their logins, preferences and privacy."""
