"""Which links of an xlsx or docx are harmless. What fetches data from elsewhere is refused, what a person clicks on is not.

A link to a web page, a picture pasted from one, and the path of the template on somebody's own disk stand in many honest
forms; nothing here ever follows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from workbench.base.errors import FileError
from workbench.base.office.links import Link
from workbench.recheck.files.refusing import refused

_HARMLESS = frozenset({"hyperlink", "image", "video", "audio", "media", "slide", "hdphoto"})
_TEMPLATES = frozenset({"attachedTemplate", "glossaryDocument"})
_REMOTE = re.compile(
    r"(https?|ftps?|mhtml|webdav|davs?):|\\\\|//|file:/*\\\\|file:/{4,}|file://(?!/|localhost/)", re.IGNORECASE
)
_DATA_PARTS = {
    "externalLink": "引用了别的工作簿",
    "externalLinkPath": "引用了别的工作簿",
    "connections": "连着外部数据库或查询",
    "queryTable": "连着外部数据库或查询",
    "oleObject": "嵌入了对象",
    "aFChunk": "正文是嵌入的网页或文件片段",
    "subDocument": "正文在别的文件里",
    "mailMergeSource": "连着邮件合并的数据源",
    "mailMergeHeaderSource": "连着邮件合并的数据源",
    "attachedTemplate": "附着网上的模板",
    "frame": "嵌入了别的网页",
}
_FIXES = {
    "externalLink": "请在“数据”→“编辑链接”中断开链接(公式变成数值),保存后再复核",
    "externalLinkPath": "请在“数据”→“编辑链接”中断开链接(公式变成数值),保存后再复核",
    "oleObject": "请删去嵌入的对象(佐证资料另附文件),保存后再复核",
    "attachedTemplate": "请另存为新的 Word 文档,在“开发工具”→“文档模板”中改用 Normal 模板",
}
_FIX = "请把需要的内容粘贴为数值或文字,去掉外部链接,保存后再复核"


def check_links(links: Mapping[str, Iterable[Link]], file: str) -> None:
    """Raises FileError for links that make the file show what is not in it."""
    # What a linked workbook is called stands one link further than the link to its part.
    everything = [link for part in links.values() for link in part]
    outside = [k for k in everything if k.external and not _harmless(k)]
    inside = [k for k in everything if not k.external and k.kind in _DATA_PARTS and k.kind not in _TEMPLATES]
    if outside:
        raise _refused(outside[0], file)
    if inside:
        raise _refused(inside[0], file)


def _harmless(link: Link) -> bool:
    if link.kind in _TEMPLATES:
        return not _REMOTE.match(link.target)
    return link.kind in _HARMLESS


def _refused(link: Link, file: str) -> FileError:
    what = _DATA_PARTS.get(link.kind, "链接着外部内容")
    code = "file_embedded" if link.kind in ("oleObject", "aFChunk") and not link.external else "file_external"
    message = f"文件{what},看到的内容可能不在文件里" if code == "file_external" else f"文件{what}"
    fix = _FIXES.get(link.kind, _FIX)
    return refused(
        code, message, file, fix, found=link.target or link.kind, expected="内容都在文件里、没有外部链接的文件"
    )
