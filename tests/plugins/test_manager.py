"""The plugin manager: what it finds, in which order, and that no broken plugin takes anything else down."""

from __future__ import annotations

import sys

import pytest

from tests.plugins.conftest import KIND
from workbench.plugins.manager import load_plugins
