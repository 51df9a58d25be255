"""An app of the kill tests: derives one mail per person and number at every tick."""
