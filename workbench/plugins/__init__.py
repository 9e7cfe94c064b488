"""Hook specifications, the manager and the test kit for pack authors."""
