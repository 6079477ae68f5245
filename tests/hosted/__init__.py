"""The brain that asks a language model: on the wire, its words, and what leaves the house."""
