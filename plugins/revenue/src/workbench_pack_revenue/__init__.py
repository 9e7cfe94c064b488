"""Indicator pack of the evaluation workbench: government revenue (政府收入)."""
