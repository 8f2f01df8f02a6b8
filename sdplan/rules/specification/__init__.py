"""Rules on specification: what a design file says, and what it leaves out."""
