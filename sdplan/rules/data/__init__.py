"""Rules on data: what is kept, and what may be lost."""
