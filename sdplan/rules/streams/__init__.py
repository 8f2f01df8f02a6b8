"""Rules on streams: how fresh what is read later is."""
