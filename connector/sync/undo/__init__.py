"""Takes back what a run did, where nobody has changed it since (requirement S7)."""
