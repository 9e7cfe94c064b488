"""What tables are: score tables, tables of amounts, of subjects, of any numbers; those of one kind judge themselves here too."""
