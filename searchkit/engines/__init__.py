"""Engines: where documents are kept and ranked."""
