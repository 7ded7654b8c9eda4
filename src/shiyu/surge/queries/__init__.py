"""Reads over emergency responses."""
