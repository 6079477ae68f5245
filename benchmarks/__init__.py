"""What the docs give figures for, each a ratio to something honest measured in the same run."""
