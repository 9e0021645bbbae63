"""Tests of the CRM by itself, through its API."""
