"""What every page of ours is made with: templates in which any text is harmless, and a policy that lets nothing in."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from workbench.base.safetext import safe


@cache
def environment(package: str) -> jinja2.Environment:
    """The templates of a package, and the parts every page has; everything put into them is made safe and escaped.

    ``lines`` shows a text of several lines.
    """
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(package), jinja2.PackageLoader(__package__)]),
        autoescape=True,
        finalize=_harmless,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["lines"] = _lines
    return made


@cache
def asset(name: str, package: str = __package__) -> str:
    """A style or script: of the report's page, which other pages of ours have too, or of another page's package."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def policy(style: str, script: str) -> str:
    """Content-Security-Policy: this style, this script, pictures that stand in the file, and nothing else at all."""
    own = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _harmless(value: Any) -> Any:
    """What every expression of a template goes through before it is escaped; markup is ours already."""
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _lines(text: str) -> Markup:
    """A text of several lines."""
    return Markup("<br>").join(safe(text).split("\n"))


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}"
