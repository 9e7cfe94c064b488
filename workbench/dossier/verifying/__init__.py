"""Verifying: what a dossier proves, what it does not, and where it contradicts itself. Nothing of it is executed."""
