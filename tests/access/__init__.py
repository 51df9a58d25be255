"""Who may open each address: one file an app, read by ``tests/test_access_matrix.py``."""
