"""API clients: one class per API, each method one HTTP call named after its endpoint."""
