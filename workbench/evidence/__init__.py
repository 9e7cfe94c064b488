"""Evidence (佐证资料): typed tables read from xlsx, csv or parquet, each value traceable to its cell; templates out."""
