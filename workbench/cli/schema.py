"""``workbench schema``: JSON Schema of the files people and programs write and read."""
from __future__ import annotations
import typer
def register(app: typer.Typer) -> None:
    @app.command()
    def schema() -> None:
        "x"
