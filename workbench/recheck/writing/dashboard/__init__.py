"""复核看板: one page over all forms of a re-check."""
