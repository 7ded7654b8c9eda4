"""Reads of the desk: today's work, what was handed over, what was asked of a unit, what search finds."""
