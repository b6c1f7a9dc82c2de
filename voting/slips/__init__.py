"""Slips (票): the one-time tokens on paper."""
