"""The component kinds, one file each: its fields and the traits that the solver and the diagrams go by."""
