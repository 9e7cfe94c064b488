"""Evidence fetched by the worker itself: from a shared folder, an object store or a web server, through fsspec."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from workbench.base.errors import FileError, Place, Problem, shorten
from workbench.base.writing import write_file
from workbench.evidence.tablefiles import is_table_file
from workbench.runs.batch.cluster.failures import ClusterError

OPTION = "--inputs"
_PATIENCE = 30
"""Seconds an object store is asked again when it does not answer."""


def inputs_url(text: str) -> str:
    """The address as it is used: a folder's path becomes ``file://``. Raises ClusterError for a protocol nobody knows."""
    from fsspec.core import split_protocol

    protocol, _ = split_protocol(text)
    if protocol is None:
        return Path(text).absolute().as_uri()
    _class_of(protocol, text)
    return text.rstrip("/")


class Inputs:
    """The place that evidence is fetched from. Paths are those from the workspace on."""

    def __init__(self, url: str) -> None:
        from fsspec.core import split_protocol, url_to_fs

        self.url = url
        protocol, _ = split_protocol(url)
        options = _class_of(str(protocol), url)
        fs, root = url_to_fs(url, **options)
        self._fs: Any = fs
        self._root = str(root).rstrip("/")

    def fetch_evidence(self, name: str, workspace: Path) -> list[str]:
        """Put a workbook, or the table files of a folder, into a workspace; the paths. Raises FileError."""
        data = self._read(name)
        if data is not None:
            write_file(workspace / name, data)
            return [name]
        tables = [f"{name.rstrip('/')}/{file}" for file in self._tables(name)]
        for path in tables:
            data = self._read(path)
            if data is not None:
                write_file(workspace / path, data)
        if not tables:
            fix = f"请把佐证资料放到 {OPTION} 所指的位置,路径与计划中的相同"
            raise FileError(Problem("input_missing", "集群取不到佐证资料", Place(name), self.url, fix=fix))
        return tables

    def fetch(self, name: str, workspace: Path) -> bool:
        """Put one file into a workspace; False when there is none."""
        data = self._read(name)
        if data is not None:
            write_file(workspace / name, data)
        return data is not None

    def _read(self, name: str) -> bytes | None:
        try:
            return bytes(self._fs.cat_file(f"{self._root}/{name}"))
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None
        except Exception as error:
            raise FileError(self._unreadable(name, error)) from None

    def _tables(self, name: str) -> list[str]:
        try:
            found = self._fs.ls(f"{self._root}/{name.rstrip('/')}", detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except Exception as error:
            raise FileError(self._unreadable(name, error)) from None
        names = {PurePosixPath(str(path)).name for path in found}
        return sorted(n for n in names if is_table_file(n))

    def _unreadable(self, name: str, error: Exception) -> Problem:
        """Object stores answer in English, and at length."""
        why = shorten(" ".join(f"{type(error).__name__}: {error}".split()), 160)
        fix = f"请检查 {OPTION} 的地址,以及各工作进程访问它的权限和网络"
        return Problem("input_unreadable", f"佐证资料取不下来({why})", Place(name), self.url, fix=fix)


def _class_of(protocol: str, url: str) -> dict[str, Any]:
    """Make sure there is a file system for a protocol; options for it. Raises ClusterError.

    fsspec's own stands first; where it lacks its library (s3fs, gcsfs, …), the object stores of obstore do it.
    """
    import fsspec
    import obstore.fsspec

    try:
        made = fsspec.get_filesystem_class(protocol)
    except ImportError:
        if protocol not in obstore.fsspec.SUPPORTED_PROTOCOLS:
            raise _unknown(protocol, url) from None
        obstore.fsspec.register(protocol)
        made = fsspec.get_filesystem_class(protocol)
    except ValueError:
        raise _unknown(protocol, url) from None
    if not issubclass(made, obstore.fsspec.FsspecStore):
        return {}
    from datetime import timedelta

    retry = {"max_retries": 4, "retry_timeout": timedelta(seconds=_PATIENCE)}
    return {"retry_config": retry, "client_options": {"allow_http": True}}


def _unknown(protocol: str, url: str) -> ClusterError:
    expected = "文件夹路径,或 file://、s3://、gs://、abfs://、http://、https:// 开头的地址"
    return ClusterError(Problem("inputs_protocol", f"不认识“{protocol}://”", Place(OPTION), url, expected))
