"""The dossier (评价档案): sealed, verified, run again, compared."""
