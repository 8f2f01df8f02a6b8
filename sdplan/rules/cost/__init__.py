"""Rules on cost: what it comes to."""
