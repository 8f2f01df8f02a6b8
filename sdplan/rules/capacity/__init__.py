"""Rules on capacity: is there enough of everything."""
