"""Rules on resilience: what becomes of the design when something happens to it."""
