"""The server: Voilà for one notebook, with this product's identity, page and manners in place of Voilà's own."""

from __future__ import annotations

import asyncio
import errno
import logging
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyterlab_server.themes_handler import ThemesHandler
from tornado.httpserver import HTTPServer
from tornado.web import Application
from traitlets import default
from traitlets.config import Config
from voila.app import Voila
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from workbench.base.errors import LedgerError, Problem, WorkbenchError
from workbench.base.text import reason
from workbench.review.access import Access
from workbench.review.server.headers import BARE_POLICY, FIXED
from workbench.review.server.identity import LinkIdentity, OwnKernels
from workbench.review.server.kernels import HEARD, SESSION_HEADER, OwnedKernels, WidgetChannel
from workbench.review.server.pages import Door, Goodbye, Leave, Nowhere, Outside, ReviewPage

TEMPLATES = Path(__file__).parent / "templates"
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
LARGEST_MESSAGE = 32 * 1024 * 1024
"""Bytes; an attachment of 20 MB arrives as one message."""
LARGEST_FORM = 64 * 1024
"""Bytes of a request's body: what is posted are buttons; files come through the widgets' channel."""
SWEEP_SECONDS = 5
"""How long a page lives on after its session was closed."""
_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
_TOKEN = re.compile(r"/enter/[^\s'\"]+")
_LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Serving:
    """What is served, and where.

    ``run`` goes in place of the notebook's parameter of that name; ``prelude`` is what a spare kernel runs in advance.
    ``public`` is the address at which a proxy makes the server known (``https://review.example.cn``), empty without one.
    ``sockets``: a folder short enough for paths of sockets, the platform's temporary one when None. ``idle_seconds``: how long a
    kernel waits for a page that vanished without saying goodbye (a network that is down, a closed lid) to come back.
    """

    notebook: Path
    run: str
    title: str
    prelude: str = ""
    ip: str = "127.0.0.1"
    port: int = 8866
    public: str = ""
    sockets: str | None = None
    log: Path | None = None
    idle_seconds: int = 600


class ReviewServer(Voila):  # type: ignore[misc]  # Voilà has no types
    """Serves one review; see :func:`serve`."""

    def __init__(self, serving: Serving, access: Access) -> None:
        self.serving = serving
        self.access = access
        super().__init__(
            config=_config(serving),
            config_file_paths=[],  # a voila.py lying about is not ours to run
            notebook_path=str(serving.notebook),
            ip=serving.ip,
            port=serving.port,
            open_browser=False,
            connection_dir_root=serving.sockets or tempfile.gettempdir(),
            identity_provider_class=LinkIdentity,
            authorizer_class=OwnKernels,
            kernel_websocket_connection_class=WidgetChannel,
        )

    @property
    def public(self) -> str:
        """The address people use, without a slash at the end."""
        if self.serving.public:
            return self.serving.public.rstrip("/")
        host = f"[{self.ip}]" if ":" in self.ip else self.ip
        return f"http://{host}:{self.port}"

    @default("log")
    def _log(self) -> logging.Logger:
        return _logger(self.serving.log)

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read no command line and no configuration files; the notebook is prepared for each visitor."""
        super().initialize(argv or [])
        self.voila_configuration.prelaunch_hook = self._prepared

    def setup_template_dirs(self) -> None:
        """The product's own page comes before Voilà's."""
        super().setup_template_dirs()
        self.template_paths: list[str] = [str(TEMPLATES), *self.template_paths]

    def _prepared(self, handler: ReviewPage, notebook: Any, cwd: str) -> Any:
        """The notebook without its prose, which is for who opens it in JupyterLab, and with this run as its parameter."""
        notebook.cells = [c for c in notebook.cells if c.cell_type == "code"]
        for cell in notebook.cells:
            if "parameters" in cell.metadata.get("tags", []):
                cell.source = f"run = {self.serving.run!r}"
        notebook.metadata.update(title=self.serving.title, nonce=handler.nonce)
        return notebook

    def init_settings(self) -> dict[str, Any]:
        """Voilà's settings, narrowed."""
        settings: dict[str, Any] = super().init_settings()
        self.kernel_manager.allowed_message_types = list(HEARD)
        self.kernel_manager.prelude = self.serving.prelude
        local = self.serving.ip in _LOCAL and not self.serving.public
        return settings | {
            "review_title": self.serving.title,
            "login_url": "/enter",
            "default_handler_class": Nowhere,
            "headers": FIXED | {"Content-Security-Policy": BARE_POLICY},
            # Asked for under any other name, a local server is being reached through somebody's name server.
            "allow_remote_access": not local,
            "xsrf_cookie_kwargs": {"samesite": "Strict"},
            "websocket_max_message_size": LARGEST_MESSAGE,
            "log_function": lambda handler: None,  # addresses hold tokens
        }

    def init_handlers(self) -> list[Any]:
        """The only addresses there are: no files, no contents, no other notebook."""
        themes = {
            "themes_url": "/voila/api/themes",
            "path": self.themes_dir,
            "labextensions_path": self.labextensions_path,
            "no_cache_paths": ["/"],
        }
        page = {
            "notebook_path": self.serving.notebook.name,
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        return [
            (r"/", ReviewPage, page),
            (r"/enter", Outside),
            (r"/enter/([A-Za-z0-9_-]{1,200})", Door),
            (r"/leave", Leave),
            (rf"/api/kernels/{_KERNEL}", KernelHandler),
            (rf"/api/kernels/{_KERNEL}/channels", VoilaKernelWebsocketHandler),
            (rf"/voila/api/shutdown/{_KERNEL}", Goodbye),
            (r"/voila/templates/(.*)", TemplateStaticFileHandler),
            (r"/voila/static/(.*)", MultiStaticFileHandler, {"paths": self.static_paths}),
            (r"/voila/labextensions/(.*)", FileFindHandler, {"path": self.labextensions_path}),
            (r"/voila/api/themes/(.*)", ThemesHandler, themes),
        ]

    def listen(self) -> None:
        """Take the port that was asked for and no other, because the links name it. Raises WorkbenchError."""
        app: Application = self.app
        self.http = HTTPServer(app, xheaders=bool(self.serving.public), max_body_size=LARGEST_FORM)
        try:
            self.http.listen(self.port, self.ip)
        except OSError as error:
            fix = "可能已有评审页在运行:请关闭它,或用 --port 另选端口"
            why = "端口已被占用" if error.errno == errno.EADDRINUSE else reason(error)
            message = f"无法在 {self.ip}:{self.port} 提供服务({why})"
            raise WorkbenchError(Problem("port_unavailable", message, fix=fix)) from None

    async def run(self, ready: Callable[[str], None]) -> None:
        """Serve until the process is told to end; then every kernel is ended before this returns."""
        stop = asyncio.Event()
        if sys.platform != "win32":
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        try:
            self.start()
            sweeper = asyncio.create_task(self._sweep())
            ready(self.public)
            self.kernel_manager.prepare()
            await stop.wait()
            sweeper.cancel()
            self.kernel_manager.leave_off()
            self.http.stop()
            await self.kernel_manager.shutdown_all()
        finally:
            shutil.rmtree(self.connection_dir, ignore_errors=True)

    async def _sweep(self) -> None:
        """End the kernels of sessions that were closed or have run out."""
        owners: dict[str, str] = self.kernel_manager.owners
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                gone = {session for session in set(owners.values()) if self.access.visitor(session) is None}
            except LedgerError as error:
                self.log.warning("sessions could not be checked: %s", error)
                continue
            for kernel_id in [k for k, session in owners.items() if session in gone]:
                await self.kernel_manager.shutdown_kernel(kernel_id, now=True)


def serve(serving: Serving, access: Access, ready: Callable[[str], None]) -> None:
    """Serve a review until SIGINT or SIGTERM.

    Args:
        ready: told the public address once the server answers.

    Raises:
        WorkbenchError: the port is taken.
    """

    async def main() -> None:
        server = ReviewServer.instance(serving, access)
        server.initialize()
        await server.run(ready)

    asyncio.run(main())


def _config(serving: Serving) -> Config:
    return Config(
        {
            "VoilaConfiguration": {
                "template": "lab",
                "theme": "light",
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "file_allowlist": [],
                "show_tracebacks": False,
                "http_header_envs": [SESSION_HEADER],
                "multi_kernel_manager_class": OwnedKernels,
                "extension_allowlist": EXTENSIONS,
            },
            "MappingKernelManager": {
                "cull_idle_timeout": serving.idle_seconds,
                "cull_interval": max(serving.idle_seconds // 10, 1),
            },
        }
    )


class _WithoutTokens(logging.Formatter):
    """Tornado names the address of a request it refuses, and a link's address holds the token."""

    def format(self, record: logging.LogRecord) -> str:
        return _TOKEN.sub("/enter/…", super().format(record))


def _logger(file: Path | None) -> logging.Logger:
    """Jupyter's and Tornado's words, which are English and for whoever looks after the server, go to a file."""
    if file is None:
        handler: logging.Handler = logging.NullHandler()
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(_WithoutTokens("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("workbench.review.server")
    for each in (logger, logging.getLogger("tornado")):
        each.handlers = [handler]
        each.propagate = False
        each.setLevel(logging.WARNING)
    return logger
