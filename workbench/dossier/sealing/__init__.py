"""Sealing: what a run, its ledger and the engagement's papers become a dossier of."""
