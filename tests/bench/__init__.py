"""Measurements beside peers and floors: `python -m tests.bench`."""
