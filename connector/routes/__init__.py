"""The connector's own API, described by OpenAPI at /openapi.json: everything a screen or a test needs."""
