"""Rules on availability: what is up when something fails."""
