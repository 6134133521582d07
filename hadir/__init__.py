"""Hadir ("present"): attendance by face scan for every school of a regency."""

__version__ = "0.1.0"
