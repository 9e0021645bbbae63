"""Runs the connector by itself: `python -m connector`."""

from simulator.server import serve

if __name__ == "__main__":
    serve("connector")
