"""Pytest plugin for pack authors.

Pytest imports this module before coverage starts and in every environment that has the workbench, so it imports
nothing of the workbench at module level: fixtures do that when they are used.
"""
