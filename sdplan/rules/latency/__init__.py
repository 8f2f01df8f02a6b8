"""Rules on latency: how long is waited."""
