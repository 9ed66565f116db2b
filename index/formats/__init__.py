"""Readers of document formats, one small file per family."""
