"""English as an international school writes it: day first, 24 hours."""
