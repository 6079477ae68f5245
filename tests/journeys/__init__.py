"""Journeys through hear(): whole flows, as people live them."""
