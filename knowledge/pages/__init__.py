"""Any file as pages: lines of text with the boxes they stand in, whether it holds text or is a picture."""

from knowledge.pages.page import Box, Line, Note, Page, Paper
from knowledge.pages.reading import read

__all__ = ["Box", "Line", "Note", "Page", "Paper", "read"]
