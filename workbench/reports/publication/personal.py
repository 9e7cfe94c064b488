"""What tells who or where somebody is: telephones, identity papers, accounts, e-mail; files, folders and digests of evidence.

Numbers are the hard part: a telephone left in is a leak, an amount taken out spoils the report. What the words beside a number,
or the column it stands in, call an amount, a count or a code stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from workbench.reports.document.blocks import Grid
from workbench.reports.reading import PURE_NUMBER

GONE = "（已删去）"
_SUFFIX = (
    r"\.(?:xlsx?|xlsm|csv|tsv|parquet|et|ods|docx?|docm|wps|rtf|odt|pptx?|ppsx?|dps|pdf|ofd|caj|ceb|txt|md|json|ipynb|ya?ml|html?"
    r"|jpe?g|png|gif|bmp|webp|heic|heif|tiff?|dwg|dxf|shp|kml|mp3|mp4|m4a|wav|amr|wma|aac|avi|mov|mkv|wmv"
    r"|zip|rar|7z|gz|tar|eml|msg|mdb|accdb|db|sqlite)(?![A-Za-z0-9])"
)
WHERE = r"(?:\s?\[[^\]\n]*\])?(?:\s?(?:第\d+行|[A-Z]{1,3}\d+))?"
"""Sheet and cell behind a file's name."""
_OF_NAME = r"[^\s<>\[\]()、,。;:“”\"'|]"
FILE = re.compile(
    rf"(?:(?<![A-Z])[A-Z]:[\\/][^\n<>()、,。;:“”\"|]{{1,200}}?|(?<=[“《「『])[^\n“”\"《》「」『』]{{1,80}}?|(?<!{_OF_NAME})(?:{_OF_NAME}|\({_OF_NAME}{{1,40}}\))+)"
    rf"{_SUFFIX}{WHERE}",
    re.IGNORECASE,
)
"""A file's name: with blanks only in quotes or behind a drive, where one sees where it begins. Looked for once in a word."""
ENDS = re.compile(rf"{_SUFFIX}$", re.IGNORECASE)
_OF_PATH = r"[^\s<>()、,。;:“”\"'|]"
_FOLDER = re.compile(
    rf"(?<![A-Z])[A-Z]:[\\/](?:[^\n<>()、,。;:“”\"|]{{0,200}}?\({GONE[1:-1]}\)|{_OF_PATH}*)"
    rf"|\\\\{_OF_PATH}+\\{_OF_PATH}*|(?<![\w/])/(?:home|root|Users|mnt|media|srv|tmp|var|Volumes)/{_OF_PATH}+",
    re.IGNORECASE,
)
"""Folders of a computer, and what is left of a path whose file's name has gone."""
_DIGEST = re.compile(r"(?:[,]?\s?(?:SHA-?256|摘要)[:\s]*)?(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])", re.IGNORECASE)
_BLANK = r"(?:[^\S\n\r]|[\u200b-\u200f\u2060])"
"""Blanks within a line, those without width too: the next line is another cell."""
_GAP = rf"(?:-|{_BLANK}){{0,3}}"
_AT = r"(?:@|\(at\)|\[at\])"
_MAIL = re.compile(rf"(?<![\w.+-])[\w.+-]+{_BLANK}?{_AT}{_BLANK}?[\w-]+(?:\.[\w-]+)+", re.ASCII | re.IGNORECASE)
_COUNTED = r"(?!\d|\.\d|,?\s?[万亿]?元|[美欧港日]元|[万亿吨株亩户]|人次|人(?!员)|平方|立方|公[顷斤里]|千[瓦克米]|次(?!日)|[个件座台套份])"
"""Not before a unit: then it is an amount or a count."""


def _after(*words: str) -> str:
    """Right behind one of the words, with a colon or blank between or without."""
    return (
        "(?:"
        + "|".join(f"(?<={w}{more})" for w in words for more in ("", ":", " ", ": ", "号码", "号码:", "号", "号:"))
        + ")"
    )


_MOBILE = rf"1[3-9]\d(?:{_GAP}\d{{4}}{_GAP}|\d{_GAP}\d{{3}}{_GAP}|(?P<by>[./])\d{{4}}(?P=by))\d{{4}}"
_LANDLINE = rf"\(?0\d{{2,3}}(?:[-)]|{_BLANK}){{1,3}}\d{{3,4}}{_GAP}\d{{4}}|(?<![A-Za-z.-])0(?:(?:10|2\d)\d|[3-9]\d\d\d?)\d{{3}}{_GAP}\d{{4}}"
_SERVICE = rf"[48]00(?:-\d{{3,4}}-\d{{3,4}}|{_BLANK}?(?:\d{{3}}{_BLANK}?\d{{4}}|\d{{4}}{_BLANK}?\d{{3}}))"
_LOCAL = rf"{_after('电话', '手机', '座机', '传真', '联系方式', 'Tel', 'TEL')}\d{{3,4}}{_GAP}\d{{4}}"
_PHONE = re.compile(
    rf"(?<!\d)(?<!\d\.)(?:\(?(?:\+|00)?86\)?{_GAP})?(?:{_MOBILE}|{_LANDLINE}|{_SERVICE}|{_LOCAL}){_COUNTED}"
    rf"(?:{_BLANK}?转{_BLANK}?\d{{1,5}})?"
)
_SPELT = re.compile(r"[一幺][三四五六七八九][〇零○一二三四五六七八九幺]{9}")
"""A mobile telephone in Chinese digits."""
_DAY = rf"(?:0{_GAP}[1-9]|1{_GAP}[0-2]){_GAP}(?:[0-2]{_GAP}\d|3{_GAP}[01])"
_IDENTITY = re.compile(
    rf"(?<![\dA-Za-z])[1-9](?:{_GAP}\d){{5}}{_GAP}(?:1{_GAP}9|2{_GAP}0)(?:{_GAP}\d){{2}}{_GAP}{_DAY}(?:{_GAP}\d){{3}}{_GAP}[\dXx](?![\dA-Za-z])"
    rf"|(?<![\dA-Za-z.,])[1-8]\d{{7}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}(?![A-Za-z]){_COUNTED}"
    rf"|{_after('护照', '通行证', '军官证', '驾驶证', '社保卡', '身份证', '证件')}[A-Za-z]{{0,3}}\d{{6,18}}[Xx]?(?![\dA-Za-z])"
)
"""Of 18 digits, of 15 as issued until 1999, and papers that are named."""
_CARD = re.compile(
    rf"(?<!\d)(?<!\d\.)(?:62\d\d|9558|[45]\d{{3}}|3[57]\d\d)(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?{_COUNTED}"
)
"""A number of a bank's card when its last digit proves the others (GB/T 15120, Luhn)."""
_ACCOUNT = re.compile(
    r"(?:微信|QQ|WeChat)(?:号码?|ID)?[:\s]{0,3}[A-Z0-9][A-Z0-9_-]{4,19}(?![A-Z0-9])"
    rf"|{_after('账号', '帐号', '账户', '卡号', '银行卡', '存折')}\d(?:{_GAP}\d){{7,29}}",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-Y][·•・]?(?=[A-Z]{0,5}\d)[A-Z0-9]{5,6}(?![A-Za-z0-9])"
)
_DASHES = "‐‑‒–—−－"
_WIDTH = {
    code: one
    for code in (
        0xA0,
        *range(0x2000, 0x200B),
        0x202F,
        0x3000,
        *range(0xFE50, 0xFE6C),
        *range(0xFF01, 0xFF5F),
        *range(0x1D7CE, 0x1D800),
    )
    if len(one := unicodedata.normalize("NFKC", chr(code))) == 1
} | {ord(dash): "-" for dash in _DASHES}
"""One character for one, so that places in folded text are those in the text. Not ① or ²: they part numbers, they are none."""
PERSONAL = (_MAIL, _IDENTITY, _CARD, _PHONE, _SPELT, _ACCOUNT, _PLATE)
PATTERNS = (_DIGEST, FILE, *PERSONAL, _FOLDER)
_NUMBERS = (_PHONE, _CARD, _IDENTITY)
_AMOUNT = "金额|资金|投资|支出|收入|预算|决算|资产|负债|产值|总额|总计|合计|共计|造价|[(]元[)]"
_CODE = "编号|编码|代码|文号|合同号|项目号|流水号|序列号"
_CALLED = re.compile(
    rf"(?:(?:{_AMOUNT})[数额]?(?:[为约共计达是:]|\s){{0,3}}|[¥￥$]\s?|(?:{_CODE})(?:[为是:]|\s){{0,2}})$"
)
"""Right before a number: it is an amount or a code."""
_FIGURES = re.compile(rf"{_AMOUNT}|{_CODE}|万?元|数量|面积")
"""In the title of a column: what stands there are figures or codes."""
_TO_REACH = re.compile(r"电话|手机|传真|联系方式|邮箱|邮件|微信|QQ|身份证|证件号|账号|帐号|卡号|住址|车牌")
"""In the title of a column: everything in it says how to reach somebody, or who it is."""
_LONGEST = 24


def folded(text: str) -> str:
    """``text`` with characters of full width and odd blanks and dashes as plain ones, each in its place."""
    return text if text.isascii() else text.translate(_WIDTH)


def personal(pattern: re.Pattern[str], text: str, figures: Collection[str] = ()) -> Iterator[re.Match[str]]:
    """The matches of a pattern in folded text, without what is a figure after all."""
    for match in pattern.finditer(text):
        if pattern in _NUMBERS and (match[0] in figures or _called(text, match)):
            continue
        if pattern is not _CARD or _proved(match[0]):
            yield match


def _called(text: str, match: re.Match[str]) -> bool:
    return match[0].isdecimal() and bool(_CALLED.search(text[max(0, match.start() - _LONGEST) : match.start()]))


def _proved(number: str) -> bool:
    digits = [int(c) for c in reversed(number) if c.isdecimal()]
    if digits[-2:] == [2, 6]:  # 62: cards of China UnionPay; accounts too begin so, and those prove nothing
        return True
    doubled = (d * 2 - 9 if d > 4 else d * 2 for d in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def figures_of(grid: Grid) -> Iterator[str]:
    """The whole numbers in the columns of a table that have amounts, counts or codes."""
    at = [
        n
        for n, column in enumerate(grid.columns)
        if _FIGURES.search(folded(column.title)) and not reaching(column.title)
    ]
    for line in grid.lines:
        yield from (folded(line.cells[n]) for n in at if n < len(line.cells) and PURE_NUMBER.fullmatch(line.cells[n]))


def reaching(title: str) -> bool:
    """Whether a column of that title has telephones, accounts and the like."""
    return _TO_REACH.search(title) is not None
