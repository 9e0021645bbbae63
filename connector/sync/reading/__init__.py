"""How a run learns what stands on both sides: all of it, or what was changed since it was read last."""
