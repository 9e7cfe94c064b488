"""Pages of the documentation that are made from code; see ``scripts/make_docs.py``."""
