"""The solver: folds over one call tree that turn a design into numbers, each with where it came from."""
