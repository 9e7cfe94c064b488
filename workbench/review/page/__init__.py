"""The review page: one application for notebook and Voilà. Import it only to show it; it brings ipywidgets and anywidget."""

from workbench.review.page.app import ReviewPage

__all__ = ["ReviewPage"]
