"""Indicator pack of the evaluation workbench: assets and resources (资产资源)."""
