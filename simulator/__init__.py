"""What makes the four programs one simulator: worlds, clock, tokens, journal, faults, clients, launcher."""

__version__ = "0.1.0"
