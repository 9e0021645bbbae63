"""`python -m web`: serves the screens."""

from simulator.server import serve

if __name__ == "__main__":
    serve("web")
