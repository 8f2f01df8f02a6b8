"""Rules on topology: what is connected to what."""
