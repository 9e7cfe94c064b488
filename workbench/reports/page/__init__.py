"""The evaluation report as one HTML file that needs nothing else: no network, no font of its own, no library."""
