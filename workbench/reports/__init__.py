"""Reports: charts, tables and the console summary of a run, all saying the numbers of ``result.json`` and no others."""
