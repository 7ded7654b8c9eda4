"""Shiyu 市域: a city's governance loop as a kernel, and its formula as a pack of data."""

__version__ = "0.1.0"
