"""Rectification (整改台账) as tables, a workbook and papers; and the way from a report's problems to its items."""
