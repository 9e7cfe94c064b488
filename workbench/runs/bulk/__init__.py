"""Many subjects scored as columns, without notebooks: in memory, or piece by piece from file to file."""

from workbench.runs.bulk.columns import table_from_columns as table_from_columns
from workbench.runs.bulk.pieces import Written as Written
from workbench.runs.bulk.pieces import score_to_parquet as score_to_parquet
from workbench.runs.bulk.scores import BulkScores as BulkScores
from workbench.runs.bulk.scores import score as score
