"""Running a dossier again, as it was or with one thing changed."""
