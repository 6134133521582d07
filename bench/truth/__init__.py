"""A made region whose truth is known: for bench/hunt.py."""
