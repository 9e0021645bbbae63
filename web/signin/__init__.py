"""Signing in: picking a person on loopback, email and password on a shared simulator."""
