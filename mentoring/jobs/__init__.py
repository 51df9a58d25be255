"""Long work with a progress bar."""
