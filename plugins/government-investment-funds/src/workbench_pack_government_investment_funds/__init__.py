"""Indicator pack of the evaluation workbench: government investment funds (政府投资基金)."""
