"""Evaluation workbench (绩效评价工作台)."""
