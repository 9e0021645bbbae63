"""`python -m mock_invoice` serves Zoho Invoice."""

from simulator.server import serve

if __name__ == "__main__":
    serve("mock_invoice")
