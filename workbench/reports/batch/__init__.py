"""What a batch of plans came to, as a workbook and as a page."""

from workbench.reports.batch.page import page as summary_page
from workbench.reports.batch.rows import Heading, Row, RowVerdict
from workbench.reports.batch.workbook import workbook as summary_workbook

__all__ = ["Heading", "Row", "RowVerdict", "summary_page", "summary_workbook"]
