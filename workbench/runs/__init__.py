"""Runs (运行): one evaluation opened, computed, drawn, saved and repeated; plans through papermill."""
