"""Rules on governance: do promises and decisions still hold."""
