"""Lessons at the screens: the list, one lesson whose steps tick themselves, and the trainer's view (X8)."""
