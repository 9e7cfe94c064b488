"""The server behind ``workbench review``: Voilà with an identity of its own. Nothing of it is imported before it is started."""
