"""One search over both products."""
