"""What `make bench` measures. One module a benchmark; each yields results as dictionaries."""
