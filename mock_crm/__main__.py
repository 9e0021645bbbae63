"""`python -m mock_crm` runs the CRM until it is told to stop."""

from simulator.server import serve

if __name__ == "__main__":
    serve("mock_crm")
