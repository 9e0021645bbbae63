"""The integration's workspace, over the connector's API: dashboard, connecting, settings, running and history."""
