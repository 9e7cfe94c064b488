"""Indicator pack for cost performance (成本预算绩效)."""
