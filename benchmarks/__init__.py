"""What the docs give figures for, each a ratio to something honest measured in the same run."""

import backdesk

assert backdesk  # imported for what it does, before numpy is
