"""Measuring: time, queries and rows of pages and jobs with one city's data, and with many times as much."""
