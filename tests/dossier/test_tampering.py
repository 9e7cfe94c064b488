"""Whatever is done to a dossier is found, and its place named; nothing is taken out of what cannot be trusted."""

from __future__ import annotations

import json
import random
import stat
import struct
import tracemalloc
import zipfile
import zlib
from bisect import bisect_right
from dataclasses import replace
from io import BytesIO

import pytest

from workbench.base.canon import canonical_json
from workbench.base.errors import DossierError
from workbench.dossier.container import examine, examining, open_container

SEED, CHANGES = 20260301, 2000
EVIDENCE = "proof/evidence/0f.xlsx"
PNG = "conclusion/figures/总分.png"


@pytest.fixture
def refuse(tmp_path):
    """``refuse(data)``: the problems of a container that must be found unsound, and out of which nothing may come."""
    path, into = tmp_path / "档案.zip", tmp_path / "into"

    def examined(data):
        path.write_bytes(data)
        container, problems = examine(path)
        assert problems
        for problem in problems:
            assert (problem.place.file, bool(problem.place.key)) == ("档案.zip", True), problem
        with pytest.raises(DossierError):
            taken_out(container)
        assert not into.exists()
        return problems

    def taken_out(container):
        opened = open_container(path)
        assert container == opened
        opened.extract(into, opened.files)

    return examined


def regions(data: bytes) -> list[tuple[int, str, str]]:
    """Where each part of a sound container begins, as Python's zipfile sees it: offset, part, member."""
    found = []
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for info in archive.infolist():
            found.append((info.header_offset, "header", info.filename))
            found.append((info.header_offset + 30 + len(info.filename.encode()), "content", info.filename))
        found.append((archive.start_dir, "directory", ""))
    found.append((len(data) - 22, "end", ""))
    return found


def expected_places(part: str, member: str) -> set[str]:
    """What the first problem may name as its place when a byte of this part is changed."""
    if part == "end":
        return {"结尾记录"}
    if part == "directory":
        return {"中央目录"}
    if member == "manifest.json":
        return {"文件头", "清单", "结尾记录"} if part == "header" else {"清单"}
    if member.startswith("signatures/"):
        # Changed to another fingerprint, its name is sound in itself and missing in the directory.
        return {member, "签名", "中央目录"} if part == "header" else {member}
    return {member}


def offsets(data: bytes, places: list[tuple[int, str, str]], chance: random.Random) -> list[int]:
    """As many changes in each part as in any other, so that a header of 60 bytes is hit as often as a content of 12,000."""
    ends = [begin for begin, _, _ in places[1:]] + [len(data)]
    spans = [(begin, end) for (begin, _, _), end in zip(places, ends, strict=True) if end > begin]
    return [chance.randrange(*spans[n % len(spans)]) for n in range(CHANGES)]


def test_a_large_file_is_examined_by_two_threads_as_strictly(written, monkeypatch):
    monkeypatch.setattr(examining, "_LARGE", 1)
    path = written().path
    assert examine(path)[1] == []
    data = bytearray(path.read_bytes())
    at = next(place for place, part, member in regions(bytes(data)) if part == "content" and member == EVIDENCE)
    data[at] ^= 1
    path.write_bytes(data)
    assert [(p.code, p.place.key) for p in examine(path)[1]] == [("member_changed", EVIDENCE)]


def test_two_thousand_single_bytes(written):
    path = written().path
    data = path.read_bytes()
    assert 25_000 < len(data) < 40_000
    places, chance = regions(data), random.Random(SEED)
    assert {part for _, part, _ in places} == {"header", "content", "directory", "end"}
    hit = set()
    with path.open("r+b", buffering=0) as stream:
        for at in offsets(data, places, chance):
            stream.seek(at)
            stream.write(bytes([data[at] ^ chance.randrange(1, 256)]))
            _, part, member = places[bisect_right(places, at, key=lambda p: p[0]) - 1]
            _, problems = examine(path)
            assert problems, (at, part, member)
            assert problems[0].place.file == path.name
            assert problems[0].place.key in expected_places(part, member), (at, part, member, problems)
            hit.add((part, member))
            stream.seek(at)
            stream.write(data[at : at + 1])
    assert len(hit) == len({(part, member) for _, part, member in places}) - 1  # one file is empty
    assert examine(path)[1] == []


def test_truncations(written, tmp_path):
    path = written().path
    data = path.read_bytes()
    chance = random.Random(SEED)
    borders = {at + near for at, _, _ in regions(data) for near in (-1, 0, 1)} | {len(data) - 1}
    cuts = sorted((borders | {chance.randrange(len(data)) for _ in range(200)}) - {-1})
    cut = tmp_path / "断.zip"
    for length in cuts:
        cut.write_bytes(data[:length])
        container, problems = examine(cut)
        assert container is None
        assert problems[0].place.key
        expected = ("空",) if length == 0 else ("不完整", "不是评价档案") if length < 43 else ("不完整",)
        assert any(word in problems[0].message for word in expected), (length, problems)


def test_bytes_put_in_anywhere(written, refuse):
    data = written().path.read_bytes()
    for at, _, _ in regions(data):
        refuse(data[:at] + b"\0" + data[at:])
    problems = refuse(data + b"PK\5\6" + bytes(18))
    assert problems[0].place.key == "结尾记录"


def test_bytes_taken_out_anywhere(written, refuse):
    data = written().path.read_bytes()
    for at, part, member in regions(data):
        if (part, member) != ("content", "proof/evidence.json"):
            refuse(data[:at] + data[at + 1 :])


def test_swapped_files(written, refuse, forger):
    files = dict(written().files)
    one, two = files["proof/plan.json"], files["ro-crate-metadata.json"].ljust(12)
    files["ro-crate-metadata.json"] = two
    parts = forger.parts(files)
    swapped = [
        replace(p, data={"proof/plan.json": two, "ro-crate-metadata.json": one}.get(p.name, p.data)) for p in parts
    ]
    keys = {p.place.key for p in refuse(forger.zip(swapped))}
    assert keys == {"中央目录"}
    # With the CRC the manifest states in the headers, only the contents are left to tell.
    honest = {p.name: {"crc": zlib.crc32(p.data)} for p in parts}
    kept = [replace(p, local=honest[p.name], central=honest[p.name]) for p in swapped]
    problems = refuse(forger.zip(kept))
    assert {(p.code, p.place.key) for p in problems} == {
        ("member_changed", "proof/plan.json"),
        ("member_changed", "ro-crate-metadata.json"),
    }
    assert refuse(forger.zip([*parts[:2], *reversed(parts[2:])]))[0].place.key == "中央目录"


def test_a_file_changed_with_its_headers(refuse, forger):
    """The classic forgery: the evidence replaced by another of the same length and all CRCs made right."""
    parts = forger.parts({EVIDENCE: b"budget 100"})
    parts[1] = replace(parts[1], data=b"budget 900")
    assert refuse(forger.zip(parts))[0].place.key == "中央目录"
    parts[1] = replace(parts[1], central={"crc": zlib.crc32(b"budget 100")})
    problems = refuse(forger.zip(parts))
    assert [(p.code, p.place.key) for p in problems] == [("header_changed", EVIDENCE), ("member_changed", EVIDENCE)]


@pytest.mark.parametrize(
    "changes",
    [
        {"central": {"attributes": (stat.S_IFLNK | 0o777) << 16}},
        {"central": {"attributes": (stat.S_IFDIR | 0o755) << 16 | 0x10}},
        {"central": {"attributes": 0o100755 << 16}},
        {"central": {"made": 20}},
        {"central": {"name": "proof/evidence/1f.xlsx"}},
        {"central": {"name": "../../evidence/0f.xlsx"}},
        {"central": {"extra": b"\1\0\0\0"}},
        {"central": {"comment": b"hello"}},
        {"central": {"offset": 0}},
        {"central": {"flags": 0x0801}},
        {"central": {"method": 8}},
        {"central": {"date": 0x5A21}},
    ],
)
def test_the_central_directory_says_something_else(refuse, forger, changes):
    problem = refuse(forger.with_part(EVIDENCE, **changes))[0]
    assert problem.place.key in {"中央目录", "结尾记录"}


@pytest.mark.parametrize(
    "local",
    [
        {"name": "proof/evidence/1f.xlsx"},
        {"name": "../../evidence/0f.xlsx"},
        {"flags": 0x0808},
        {"flags": 0x0801},
        {"method": 8},
        {"packed": 3999},
        {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF},
        {"version": 45},
        {"date": 0x5A21},
    ],
)
def test_a_local_header_says_something_else(refuse, forger, local):
    problem = refuse(forger.with_part(EVIDENCE, local=local))[0]
    assert (problem.code, problem.place.key) == ("header_changed", EVIDENCE)


def test_a_zip_bomb(refuse, forger, tmp_path):
    """A member that unpacks to a thousand times its size, as an ordinary packed one and with the sizes of a stored one."""
    unpacked = bytes(10_000_000)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(unpacked) + packer.flush()
    parts = forger.parts({EVIDENCE: unpacked})
    said = {"method": 8, "crc": zlib.crc32(unpacked), "packed": len(packed), "size": len(unpacked)}
    bomb = [parts[0], forger.part(EVIDENCE, packed, said, said)]
    assert zipfile.ZipFile(BytesIO(forger.zip(bomb))).read(EVIDENCE) == unpacked
    assert refuse(forger.zip(bomb))[0].place.key == "结尾记录"
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", bytes(10_000_000))
    assert refuse((tmp_path / "bomb.zip").read_bytes())[0].place.key == "文件头"


def test_zip64(refuse, forger):
    data = forger.zip(forger.parts({EVIDENCE: b"x"}))
    count, size, offset = struct.unpack("<HII", data[-12:-2])
    begin = len(data) - 22
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, begin, 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    forged = data[:begin] + record + locator + end
    assert zipfile.ZipFile(BytesIO(forged)).read(EVIDENCE) == b"x"
    assert refuse(forged)[0].place.key == "结尾记录"
    assert refuse(data[:begin] + record + locator + data[begin:])[0].place.key == "结尾记录"


def test_overlapping_members(refuse, forger):
    """Two entries over the same bytes, one of them with the other's header as its content."""
    inner = forger.zip([forger.part(PNG, b"content")])[: 30 + len(PNG.encode()) + 7]
    parts = forger.parts({PNG: b"content", EVIDENCE: inner})
    start = len(forger.zip(parts[:1], count=0)) - 22 - 46 - 13
    overlapping = [parts[0], replace(parts[1], central={"offset": start}), parts[2]]
    shared = [parts[0], parts[2], replace(parts[1], data=b"", central={"offset": start + 30 + len(EVIDENCE)})]
    for forged in (overlapping[:1] + overlapping[2:] + overlapping[1:2], shared):
        refuse(forger.zip(forged))


def test_a_second_end_record_in_a_comment(written, refuse, forger):
    data = written().path.read_bytes()
    other = forger.zip(forger.parts({EVIDENCE: b"other"}))
    assert refuse(data[:-2] + struct.pack("<H", 22) + data[-22:])[0].place.key == "结尾记录"
    assert refuse(data[:-2] + struct.pack("<H", len(other)) + other)[0].place.key == "结尾记录"
    assert refuse(forger.zip(forger.parts({EVIDENCE: b"x"}), comment=b"hello"))[0].place.key == "结尾记录"
    assert refuse(other + data)[0].place.key == "结尾记录"


def test_duplicate_members(refuse, forger):
    parts = forger.parts({EVIDENCE: b"x"})
    for extra in (parts[1], replace(parts[1], data=b"other"), parts[0]):
        assert refuse(forger.zip([*parts, extra]))[0].place.key
    assert refuse(forger.zip([parts[0], *parts]))[0].place.key
    assert refuse(forger.zip([*parts, forger.part("proof/more", b"y")]))[0].place.key
    assert refuse(forger.zip(parts, count=1))[0].place.key == "结尾记录"
    twice = canonical_json(doubled(json.loads(parts[0].data)))
    problem = refuse(forger.zip([replace(parts[0], data=twice), parts[1], parts[1]]))[0]
    assert (problem.code, problem.found) == ("bad_name", EVIDENCE)


def doubled(manifest):
    return manifest | {"files": manifest["files"] * 2}


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "/etc/passwd",
        "C:\\a",
        "proof/../../outside",
        "proof/..",
        "proof\\..\\..\\a",
        "proof/a\0b",
        "proof/con",
        "signatures/1111111111111111.json",
        "manifest.json",
    ],
)
def test_names_that_lead_elsewhere(refuse, forger, tmp_path, name):
    """The manifest itself lists them, headers and directory agree."""
    problem = refuse(forger.zip(forger.parts({name: b"evil"})))[0]
    assert (problem.code, problem.place.key) == ("bad_name", "清单")
    assert not (tmp_path.parent / "outside").exists()


def test_a_hundred_thousand_entries(refuse, forger, tmp_path):
    """Refused by the manifest alone, before it is parsed and before anything is written."""
    entry = b'{"crc32":"00000000","path":"proof/%06d","plain_sha256":null,"sha256":"%064d","size":0,"title":"","withheld":false}'
    listed = b",".join(entry % (n, n) for n in range(100_000))
    head = json.loads(forger.parts({})[0].data)
    manifest = canonical_json(head).replace(b'"files":[]', b'"files":[' + listed + b"]")
    data = forger.zip([forger.part("manifest.json", manifest)])
    del listed
    tracemalloc.start()
    try:
        assert refuse(data)[0].code == "too_many_members"
        assert tracemalloc.get_traced_memory()[1] < 3 * len(manifest)
    finally:
        tracemalloc.stop()
    entries = b"".join(
        struct.pack("<4s6H3I5H2I", b"PK\1\2", 788, 20, 2048, 0, 0, 33, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0) + b"proof/a"
        for _ in range(100_000)
    )
    small = forger.zip(forger.parts({}))
    body = small[: small.index(b"PK\1\2")]
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 100_000 % 65536, 100_000 % 65536, len(entries), len(body), 0)
    assert refuse(body + entries + end)[0].place.key == "结尾记录"


def test_sizes_that_lie(refuse, forger):
    """A manifest that promises gigabytes takes no gigabytes to refuse."""
    parts = forger.parts({EVIDENCE: b"x"})
    for size in (0, 2, 2**32 - 1, 2**32, 10**30):
        content = json.loads(parts[0].data)
        content["files"][0]["size"] = size
        problem = refuse(forger.zip([replace(parts[0], data=canonical_json(content)), parts[1]]))[0]
        assert problem.place.key


@pytest.mark.parametrize(("size", "code"), [(32 * 1024**2 + 1, "manifest_too_large"), (1024**2, "dossier_cut")])
def test_a_manifest_as_long_as_its_header_likes(refuse, forger, size, code):
    said = {"size": size, "packed": size}
    assert refuse(forger.with_part("manifest.json", local=said, central=said))[0].code == code


def test_more_between_files_and_directory_than_signatures_could_be(refuse, forger):
    parts = forger.parts({EVIDENCE: b"x"})
    problem = refuse(forger.zip([*parts, forger.part("signatures/1111111111111111.json", bytes(64 * 1024 + 1))]))[0]
    assert (problem.code, problem.place.key) == ("signature_malformed", "signatures/1111111111111111.json")
    assert refuse(forger.zip([*parts, forger.part("proof/more", bytes(5_000_000))]))[0].code == "length_differs"
