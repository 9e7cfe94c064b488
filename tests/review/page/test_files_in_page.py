"""Files go in and come out through the widget's own channel; only what cannot run anything opens in a tab."""

from __future__ import annotations

from typing import Any

import pytest

from workbench.review.page.files import AT_ONCE, PIECE, harmless_type
from workbench.review.taking import LARGEST_ATTACHMENT

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.mark.parametrize(
    ("name", "data", "media"),
    [
        ("报告.pdf", b"%PDF-1.7 x", "application/pdf"),
        ("没有后缀", PNG, "image/png"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.gif", b"GIF89a", "image/gif"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("说明.TXT", "会议纪要".encode(), "text/plain;charset=utf-8"),
        ("说明.txt", "会议纪要".encode("gb18030"), "text/plain;charset=gb18030"),
        ("页面.html", b"<script>alert(1)</script>", None),
        ("假图片.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", None),
        ("图.svg", b"<svg/>", None),
        ("页面.xhtml", b"<html/>", None),
        ("宏.xlsm", b"PK\x03\x04", None),
        ("二进制.txt", b"a\x00b", None),
        ("坏.txt", b"\xff\xff\xff", None),
        ("空.txt", b"", "text/plain;charset=utf-8"),
        ("波形.wav", b"RIFF\x00\x00\x00\x00WAVE", None),
    ],
)
def test_type_comes_from_the_content(name: str, data: bytes, media: str | None) -> None:
    assert harmless_type(name, data) == media


def test_file_travels_in_pieces_both_ways(opened: Any, review: Any) -> None:
    browser = opened(review(), "e1")
    data = b"%PDF-1.7 " + bytes(range(256)) * 5000
    kept = browser.uploads("验收报告.pdf", data)
    browser.does("detail", "opine", code="D1", choice="adjust", points="8", reason="见附件", files=[kept])
    browser.does("table", "select", code="D1")
    (said,) = browser.shown["detail"]["detail"]["opinions"]
    assert [a["name"] for a in said["attachments"]] == ["验收报告.pdf"]
    pieces, index, last = b"", 0, False
    while not last:
        answer = browser.does("detail", "fetch", sha256=kept["sha256"], index=index)
        assert len(answer["buffers"][0]) <= PIECE
        pieces, index, last = pieces + answer["buffers"][0], index + 1, answer["file"]["last"]
    assert pieces == data and index == 3
    assert answer["file"]["inline"] and answer["file"]["type"] == "application/pdf"


def test_page_is_saved_never_opened(opened: Any, review: Any) -> None:
    browser = opened(review(), "e1")
    kept = browser.uploads("附件.html", b"<script>alert(document.cookie)</script>")
    browser.does("detail", "opine", code="D1", choice="adjust", points="8", reason="见附件", files=[kept])
    answer = browser.does("detail", "fetch", sha256=kept["sha256"], index=0)
    assert (answer["file"]["inline"], answer["file"]["type"]) == (False, None)


def test_files_that_are_not_ones_to_see_or_to_name(opened: Any, review: Any) -> None:
    begun = review()
    theirs = begun["e2"].attach("底稿.pdf", b"%PDF-1.7 secret")
    begun["e2"].opine("S1", "D1", "abstain", reason="见附件", attachments=[theirs])
    browser = opened(begun, "e1")
    assert "文件不在原处" in browser.fails("detail", "fetch", sha256=theirs.sha256, index=0)
    assert "文件不在原处" in browser.fails("detail", "fetch", sha256="../../ledger.sqlite", index=0)
    named = {"sha256": theirs.sha256, "name": "底稿.pdf", "size": 15}
    answer = browser.fails("detail", "opine", code="D1", choice="abstain", points="", reason="借用", files=[named])
    assert "重新上传" in answer


def test_upload_ends_at_the_limit(opened: Any, review: Any) -> None:
    browser = opened(review(), "e1")
    block = bytes(LARGEST_ATTACHMENT)
    assert "problems" not in browser.does("detail", "piece", buffers=[block], key="big", name="大.zip", last=False)
    assert "附件太大" in browser.fails("detail", "piece", buffers=[b"1"], key="big", name="大.zip", last=True)
    assert "空" in browser.fails("detail", "piece", buffers=[b""], key="none", name="空.txt", last=True)


def test_unfinished_uploads_do_not_pile_up(opened: Any, review: Any) -> None:
    browser = opened(review(), "e1")
    for number in range(20):
        browser.does("detail", "piece", buffers=[b"x" * 10], key=str(number), name="n", last=False)
    assert len(browser.page.session.files._arriving) == AT_ONCE
