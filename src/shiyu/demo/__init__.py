"""The demo: a pack's city with a simulated year, made through the same actions that people use."""

PASSWORD = "shiyu-demo-2026"
"""The one password of the demo's people; it works in a demo database only."""
