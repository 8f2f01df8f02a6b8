"""The oracle: a simulation of a solved design, to hold the solver's own numbers against."""

from sdplan.simulate.verification import Measured, Verification, simulated, verified

__all__ = ["Measured", "Verification", "simulated", "verified"]
