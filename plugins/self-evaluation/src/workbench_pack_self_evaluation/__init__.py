"""Indicator pack for self evaluation (项目支出绩效自评)."""
