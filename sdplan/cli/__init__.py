"""The commands: the only room that prints, writes where it was told to, and ends the program."""
