"""The tests, from journeys through the whole office down to rules of the house."""

import backdesk

assert backdesk  # imported for what it does, before numpy is
