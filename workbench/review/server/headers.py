"""What the browser is told about every page: nothing comes from, or goes to, anywhere else."""

from __future__ import annotations

FIXED = {
    "X-Frame-Options": "DENY",
    # A link's token is part of an address and must not reach other sites. "no-referrer" would go too far: browsers then say
    # "Origin: null" with a form, and it could not be told from one sent by another site.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
BARE_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For answers that are no pages."""


def message_policy(nonce: str) -> str:
    """Content-Security-Policy of a page without scripts: its own style, its own form."""
    return f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


def page_policy(nonce: str, host: str) -> str:
    """Content-Security-Policy of the review page.

    Scripts are this server's files, the page's own few lines (by nonce) and anywidget's modules, which it makes into blobs;
    evidence is opened as blobs too. JupyterLab's style sheets are inserted by script, so inline style is let through.
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' blob: 'nonce-{nonce}'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' ws://{host} wss://{host}",
            "object-src blob:",
            "frame-src blob:",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
