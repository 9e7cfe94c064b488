"""Writing and reading a dossier: equal content, equal bytes; nothing half-written; a message for every wrong file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.base.canon import canonical_json
from workbench.base.errors import DossierError
from workbench.dossier.container import (
    BytesSource,
    FileSource,
    examine,
    open_container,
    sign_container,
    write_container,
)
from workbench.dossier.container.layout import BLOCK, MAX_MANIFEST, MAX_MEMBERS, MAX_SIGNATURES
from workbench.dossier.container.names import member_fault, member_faults

FIRST = "conclusion/result.json"


def sources(files):
    return {name: BytesSource(data) for name, data in files.items()}


def refused(call, *arguments, code=4):
    """The problems of a DossierError; ``code``: what the command would return."""
    with pytest.raises(DossierError) as caught:
        call(*arguments)
    assert caught.value.exit_code == code
    return caught.value.problems


def test_what_was_written_is_read(written):
    made = written()
    container, problems = examine(made.path)
    assert problems == []
    assert container == open_container(made.path)
    assert container.manifest == made.manifest
    assert container.manifest_bytes == canonical_json(made.manifest)
    assert list(container.signatures) == made.signatures
    assert {name: container.read(name) for name in made.files} == made.files


def test_equal_content_gives_equal_bytes(written):
    one = written(name="a.zip").path.read_bytes()
    assert written(keys=("e" * 16, "1" * 16), name="b.zip").path.read_bytes() == one


def test_the_container_is_what_the_zip_format_says(written, forger):
    made = written()
    parts = forger.parts(made.files)
    parts += [forger.part(f"signatures/{s.key}.json", canonical_json(s)) for s in made.signatures]
    assert made.path.read_bytes() == forger.zip(parts)


def test_other_programs_read_it(written):
    made = written()
    with zipfile.ZipFile(made.path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == ["manifest.json", *made.files, *(f"signatures/{s.key}.json" for s in made.signatures)]
        assert {n: archive.read(n) for n in made.files} == made.files
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_STORED}
    unzip = shutil.which("unzip")
    if unzip is not None:
        done = subprocess.run([unzip, "-t", made.path], capture_output=True, check=True)
        assert b"No errors detected" in done.stdout
        assert done.stderr == b""


def test_a_member_is_read_in_pieces(written, tmp_path):
    content = os.urandom(2 * BLOCK + 7)
    made = written({"proof/large.bin": content, "proof/small.bin": b"x"})
    container, problems = examine(made.path)
    assert problems == []
    with container.open("proof/large.bin") as stream:
        assert stream.seek(-5, os.SEEK_END) == len(content) - 5
        assert stream.read() == content[-5:]
        assert stream.read() == b""
        assert stream.seek(BLOCK - 1) == BLOCK - 1
        assert stream.read(3) == content[BLOCK - 1 : BLOCK + 2]
        assert stream.seek(10, os.SEEK_CUR) == BLOCK + 12
        assert stream.seek(0) == 0
        assert stream.read() == content
    copy = tmp_path / "copy.zip"
    write_container(copy, container.manifest, {n: container.source(n) for n in container.files}, container.signatures)
    assert copy.read_bytes() == made.path.read_bytes()


def test_progress_is_told(written):
    made = written({f"proof/{n}.bin": bytes(4 * BLOCK) for n in range(3)})
    told = []
    examine(made.path, lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert len(told) == 3
    assert told[-1][0] == told[-1][1] > 12 * BLOCK


def test_a_dossier_without_files_holds(written):
    made = written({}, keys=())
    container, problems = examine(made.path)
    assert (container.manifest, problems) == (made.manifest, [])


NAMES = st.builds(
    lambda folder, parts: "/".join([folder, *parts]),
    st.sampled_from(["initiation", "proof", "conclusion"]),
    st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), min_size=1, max_size=3),
).filter(lambda name: member_fault(name) is None)


@given(st.dictionaries(NAMES, st.binary(max_size=200), max_size=6))
def test_any_names_and_contents_come_back(listed, tmp_path_factory, files):
    files = dict(sorted(files.items()))
    path = tmp_path_factory.getbasetemp() / "任意.zip"
    if list(member_faults(list(files))):
        assert refused(write_container, path, listed(files), sources(files))
        return
    write_container(path, listed(files), sources(files))
    container, problems = examine(path)
    assert problems == []
    assert {name: container.read(name) for name in files} == files
    with zipfile.ZipFile(path) as archive:
        assert {n: archive.read(n) for n in archive.namelist()[1:]} == files


# ------------------------------------------------------------------------------------------------ signatures


def test_a_signature_is_added_and_replaced(written, signed):
    made = written(keys=("c" * 16,))
    sign_container(made.path, signed(made.manifest, "a" * 16))
    again = signed(made.manifest, "c" * 16).model_copy(update={"signer": "李四"})
    sign_container(made.path, again)
    container, problems = examine(made.path)
    assert problems == []
    assert [(s.key[0], s.signer) for s in container.signatures] == [("a", "张三"), ("c", "李四")]
    assert container.manifest_bytes == canonical_json(made.manifest)


def test_signing_a_damaged_dossier_is_refused(written, signed):
    made = written()
    data = bytearray(made.path.read_bytes())
    data[data.index(made.files["proof/evidence/0f.xlsx"])] ^= 1
    made.path.write_bytes(data)
    problem = refused(sign_container, made.path, signed(made.manifest, "a" * 16))[0]
    assert problem.place.key == "proof/evidence/0f.xlsx"
    assert made.path.read_bytes() == data


def test_a_signature_for_another_manifest_is_refused(written, signed, listed):
    made = written()
    problem = refused(sign_container, made.path, signed(listed({}), "a" * 16))[0]
    assert (problem.code, problem.found) == ("other_manifest", "张三")


def test_too_many_signatures_are_refused(listed, signed, tmp_path):
    manifest = listed({})
    many = [signed(manifest, f"{n:016x}") for n in range(MAX_SIGNATURES + 1)]
    write_container(tmp_path / "a.zip", manifest, {}, many[:-1])
    assert examine(tmp_path / "a.zip")[1] == []
    assert refused(sign_container, tmp_path / "a.zip", many[-1])[0].code == "too_many_signatures"
    twice = [many[0], many[0]]
    assert refused(write_container, tmp_path / "b.zip", manifest, {}, twice)[0].code == "too_many_signatures"
    long = many[0].model_copy(update={"signature": "A" * 65536})
    assert refused(write_container, tmp_path / "b.zip", manifest, {}, [long])[0].code == "signature_too_large"
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


# ------------------------------------------------------------------------------------------------ what may be written


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("result.json", "不在"),
        ("manifest.json", "不在"),
        ("signatures/1111111111111111.json", "不在"),
        ("other/a", "不在"),
        ("/etc/passwd", "不在"),
        ("C:/a", "不在"),
        ("../a", "不在"),
        ("proof", "不在"),
        ("Proof/a", "不在"),
        ("proof/../../a", "一段"),
        ("proof/./a", "一段"),
        ("proof//a", "一段"),
        ("proof/", "一段"),
        ("proof/a\\b", "之一"),
        ("proof/c:a", "之一"),
        ("proof/a?", "之一"),
        ("proof/a\n", "字符"),
        ("proof/a\0", "字符"),
        ("proof/\u202egnp.exe", "字符"),
        ("proof/a\ud800", "字符"),
        ("proof/a.", "结尾"),
        ("proof/a /b", "结尾"),
        ("proof/con", "Windows"),
        ("proof/NUL.tar.gz", "Windows"),
        ("proof/com1 .txt", "Windows"),
        ("proof/LPT³/a", "Windows"),
        ("proof/" + "字" * 65, "字节"),
    ],
)
def test_names_that_mean_something_else_somewhere_are_refused(name, fault):
    assert fault in member_fault(name)


@pytest.mark.parametrize("name", ["ro-crate-metadata.json", "proof/con1", "proof/字 段.x", "proof/" + "a" * 194])
def test_other_names_are_good(name):
    assert member_fault(name) is None


@pytest.mark.parametrize(
    ("names", "bad"),
    [
        (["proof/a", "proof/a"], "proof/a"),
        (["proof/A", "proof/a"], "proof/a"),
        (["proof/\u00e9", "proof/e\u0301"], "proof/e\u0301"),
        (["proof/a", "proof/a/b"], "proof/a/b"),
        (["proof/A/b", "proof/a"], "proof/a"),
        (["proof/b", "proof/a"], "proof/a"),
        (["proof/stra\u00dfe", "proof/strasse"], "proof/strasse"),
    ],
)
def test_names_that_meet_are_refused(listed, tmp_path, names, bad):
    assert bad in [name for name, _ in member_faults(names)]
    manifest = listed({}).model_copy(update={"files": [listed({n: b""}).files[0] for n in names]})
    problems = refused(write_container, tmp_path / "a.zip", manifest, sources(dict.fromkeys(names, b"")))
    assert bad in [p.found for p in problems]
    assert list(tmp_path.iterdir()) == []


def test_sources_that_differ_from_the_manifest_are_refused(listed, tmp_path):
    files = {FIRST: b"one", "proof/plan.json": b"two"}
    manifest, path = listed(files), tmp_path / "a.zip"
    path.write_bytes(b"before")
    lost = tmp_path / "lost"
    for changed, code, key in (
        ({FIRST: BytesSource(b"eno")}, "source_differs", FIRST),
        ({FIRST: BytesSource(b"ones")}, "source_differs", FIRST),
        ({FIRST: FileSource(lost)}, "source_unreadable", FIRST),
        ({"proof/more": BytesSource(b"")}, "not_listed", "proof/more"),
    ):
        problem = refused(write_container, path, manifest, sources(files) | changed)[0]
        assert (problem.code, problem.place.file, problem.place.key) == (code, "a.zip", key)
    problem = refused(write_container, path, manifest, sources({FIRST: b"one"}))[0]
    assert (problem.code, problem.place.key) == ("source_missing", "proof/plan.json")
    assert path.read_bytes() == b"before"
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


class Growing:
    """A file that is longer, or shorter, when it is read than when its size was asked."""

    def __init__(self, size, data):
        self.size, self.data = size, data

    def open(self):
        return BytesSource(self.data).open()


@pytest.mark.parametrize("data", [b"onetwo", b"on", b""])
def test_a_source_that_changes_meanwhile_is_refused(listed, tmp_path, data):
    source = {FIRST: Growing(3, data)}
    assert refused(write_container, tmp_path / "a.zip", listed({FIRST: b"one"}), source)[0].code == "source_differs"
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_crc_is_refused_by_writer_and_reader(listed, forger, tmp_path):
    files = {FIRST: b"one"}
    entry = listed(files).files[0].model_copy(update={"crc32": "00000000"})
    manifest = listed({}).model_copy(update={"files": [entry]})
    assert refused(write_container, tmp_path / "a.zip", manifest, sources(files))[0].code == "source_differs"
    wrong = {"crc": 0}
    parts = [forger.part("manifest.json", canonical_json(manifest)), forger.part(FIRST, b"one", wrong, wrong)]
    (tmp_path / "b.zip").write_bytes(forger.zip(parts))
    _, problems = examine(tmp_path / "b.zip")
    assert [(p.code, p.place.key) for p in problems] == [("crc_wrong", FIRST)]


def test_what_does_not_fit_is_refused_before_anything_is_written(listed, tmp_path):
    entry = listed({FIRST: b""}).files[0]
    many = [entry.model_copy(update={"path": f"proof/{n:06d}"}) for n in range(MAX_MEMBERS)]
    for files, code in (
        (many, "too_many_members"),
        ([entry.model_copy(update={"size": 4 * 1024**3})], "dossier_too_large"),
        ([entry.model_copy(update={"title": "字" * 11_500_000})], "manifest_too_large"),
    ):
        problem = refused(write_container, tmp_path / "a.zip", listed({}).model_copy(update={"files": files}), {})[0]
        assert (problem.code, problem.place.key) == (code, "清单")
        assert problem.fix
    assert list(tmp_path.iterdir()) == []


def test_headers_count_too(listed, tmp_path):
    class Huge:
        size = 4 * 1024**3 - 2000

        def open(self):
            raise AssertionError("must not be read")

    entry = listed({FIRST: b""}).files[0].model_copy(update={"size": Huge.size})
    manifest = listed({}, title="字" * 1000).model_copy(update={"files": [entry]})
    assert refused(write_container, tmp_path / "a.zip", manifest, {FIRST: Huge()})[0].code == "dossier_too_large"


def test_a_place_that_cannot_be_written_is_named(listed, tmp_path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "none" / "a.zip", tmp_path / "folder"):
        problem = refused(write_container, path, listed({}), {}, code=2)[0]  # the folder's fault, not the dossier's
        assert (problem.code, problem.place.file) == ("not_writable", path.name)
    assert [p.name for p in tmp_path.rglob("*")] == ["folder"]


def test_what_killed_writers_left_is_swept_and_others_are_not(written, tmp_path):
    from workbench.dossier.container.beside import written_whole

    path = written().path
    with written_whole(path) as stream:
        live = next(tmp_path.glob(".*.part"))
        left = live.with_name(live.name.replace(live.stem[-4:], "dead"))
        foreign = tmp_path / ".0123456789abcdef-00.part"
        for file in (left, foreign):
            file.write_bytes(b"half")
        written()
        assert sorted(p for p in tmp_path.glob(".*")) == sorted([live, foreign])
        stream.write(b"last")
    assert path.read_bytes() == b"last"
    assert sorted(tmp_path.iterdir()) == sorted([path, foreign])


def test_a_killed_writer_leaves_the_old_or_the_new(tmp_path):
    # Measuring coverage of processes that are killed tells nothing.
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [sys.executable, Path(__file__).with_name("killed.py"), tmp_path, "20260301", "15"]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=env, encoding="utf-8", check=True)
    answer = json.loads(done.stdout)
    assert answer["killed"] == 15
    assert set(answer["found"]) <= {"none", "old", "new"}
    assert answer["left"] == 0


# ------------------------------------------------------------------------------------------------ taking out


def test_files_are_taken_out(written, tmp_path):
    made = written()
    into = tmp_path / "deep" / "folder"
    container = open_container(made.path)
    container.extract(into, made.files)
    assert {p.relative_to(into).as_posix(): p.read_bytes() for p in into.rglob("*") if p.is_file()} == made.files
    assert not any(p.is_symlink() for p in into.rglob("*"))
    container.extract(tmp_path / "one", [FIRST])
    assert [p.name for p in (tmp_path / "one").rglob("*")] == ["conclusion", "result.json"]


def test_nothing_is_overwritten_and_nothing_left(written, tmp_path):
    made = written()
    container = open_container(made.path)
    into = tmp_path / "into"
    mine = into / "proof" / "plan.json"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    problem = refused(container.extract, into, made.files)[0]
    assert (problem.code, problem.place.key) == ("not_extracted", "proof/plan.json")
    assert [p for p in into.rglob("*") if p.is_file()] == [mine]
    assert mine.read_text(encoding="utf-8") == "mine"
    assert [p.name for p in into.iterdir()] == ["proof"]


def test_no_link_is_followed(written, tmp_path):
    made = written()
    outside, into = tmp_path / "outside", tmp_path / "into"
    outside.mkdir()
    into.mkdir()
    (into / "proof").symlink_to(outside, target_is_directory=True)
    container = open_container(made.path)
    assert refused(container.extract, into, ["proof/evidence/0f.xlsx"])[0].code == "path_outside"
    (into / "proof").unlink()
    (into / "proof").mkdir()
    (into / "proof" / "plan.json").symlink_to(outside / "plan.json")
    assert refused(container.extract, into, ["proof/plan.json"])[0].code == "not_extracted"
    assert list(outside.iterdir()) == []


def test_a_file_that_is_not_there_is_refused(written, tmp_path):
    container = open_container(written().path)
    for call in (container.read, container.open, lambda name: container.extract(tmp_path / "into", [name])):
        problem = refused(call, "conclusion/results.json")[0]
        assert problem.found == "conclusion/results.json"
        assert FIRST in problem.fix
    assert not (tmp_path / "into").exists()


# ------------------------------------------------------------------------------------------------ other files


def ordinary(path: Path, *names: str) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    return path.read_bytes()


def test_every_wrong_file_has_its_own_message(written, tmp_path):
    data = written().path.read_bytes()
    scratch = tmp_path / "scratch"
    word = ordinary(scratch, "[Content_Types].xml", "word/document.xml")
    cases = {
        "空": (b"", "文件是空的"),
        "文字": ("评价档案".encode() * 50, "这不是评价档案"),
        "压缩包": (ordinary(scratch, "a.txt"), "普通的压缩包"),
        "空压缩包": (ordinary(scratch), "普通的压缩包"),
        "重新压缩": (ordinary(scratch, "manifest.json"), "重新压缩"),
        "文档": (word, "Word 文档"),
        "前": (b"MZ" + data, "前面多出2字节"),
        "后": (data + b"\0", "后面多出1字节"),
        "断": (data[:-1], "文件不完整"),
        "断在清单": (data[:100], "文件不完整"),
        "断在开头": (data[:20], "文件不完整"),
        "改": (b"X" + data[1:], "开头被改动"),
        "目录缺": (data[:-60], "文件不完整"),
    }
    path = tmp_path / "某.zip"
    for content, message in cases.values():
        path.write_bytes(content)
        container, problems = examine(path)
        assert container is None
        assert message in problems[0].message
        assert problems[0].fix
        assert problems[0].place.file == "某.zip"
        assert problems[0].place.key
        assert refused(open_container, path) == tuple(problems)


def again(path: Path, files: dict[str, bytes], folder: str = "", method: int = zipfile.ZIP_DEFLATED) -> str:
    """What is said of these files zipped by an ordinary program."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(folder + name, data)
    container, problems = examine(path)
    assert container is None and all(p.place.file == path.name for p in problems)
    return "\n".join(map(str, problems))


def test_a_dossier_zipped_again_says_what_was_changed(written, tmp_path):
    made = written()
    files = {"manifest.json": canonical_json(made.manifest)} | made.files
    path = tmp_path / "再压.zip"
    for folder in ("", "档案/"):
        assert "重新压缩的档案,各文件与其中的清单相符。重新压缩的不能作为评价档案" in again(path, files, folder)
    files[FIRST] = files[FIRST].replace(b"87", b"97")  # as many bytes
    files["多的.txt"] = files.pop("proof/plan.json")
    for names in (sorted(files), sorted(files, reverse=True)):
        said = again(path, {name: files[name] for name in names})
        assert "其中有3处与清单不符" in said
        assert f"{FIRST}:文件内容与清单不符" in said
        assert "proof/plan.json:清单中的这个文件被去掉了" in said
        assert "多的.txt:清单中没有这个文件" in said


def test_a_zip_beyond_the_limits_is_not_looked_into(written, tmp_path):
    """A bomb where the manifest should be, a file longer than listed, packed in an uncommon way: refused without a look."""
    made = written()
    sound = {"manifest.json": canonical_json(made.manifest)} | made.files
    path = tmp_path / "再压.zip"
    assert "清单" not in again(path, sound | {"manifest.json": bytes(MAX_MANIFEST + 1)}).replace("评价档案", "")
    assert f"{FIRST}:文件内容与清单不符" in again(path, sound | {FIRST: bytes(10**6)})
    assert "相符" not in again(path, sound, method=zipfile.ZIP_LZMA)


def test_a_folder_and_a_missing_file(tmp_path):
    assert "文件夹" in refused(open_container, tmp_path)[0].message
    assert "找不到" in refused(open_container, tmp_path / "none.zip")[0].message
    assert examine(tmp_path / "none.zip")[0] is None


def test_a_newer_version_says_so(forger, tmp_path, listed):
    content = json.loads(canonical_json(listed({}))) | {"version": 2, "colour": "red"}
    (tmp_path / "a.zip").write_bytes(forger.zip([forger.part("manifest.json", canonical_json(content))]))
    problem = refused(open_container, tmp_path / "a.zip")[0]
    assert problem.message == "由更新版本的程序封存"
    assert "升级" in problem.fix


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"version":1', '"version": 1'),
        lambda text: text.replace('"version":1', '"version":1,"version":1'),
        lambda text: text.replace('"version":1', '"version":1.0'),
        lambda text: text.replace('"version":1', '"version":NaN'),
        lambda text: text.replace('"version":1', '"version":true'),
        lambda text: text.replace('"version":1', '"version":0'),
        lambda text: text.replace('"version":1', '"version":1,"x":1'),
        lambda text: text.replace('"version":1', f'"version":{"9" * 5000}'),
        lambda text: text.replace("营养", "\\u8425\\u517b"),
        lambda text: text.replace("营养", "\\ud800"),
        lambda text: text.replace("workbench-dossier", "other"),
        lambda text: text.rstrip(),
        lambda text: text + "\n",
        lambda text: "\ufeff" + text,
        lambda text: "[" * 100_000,
        lambda text: "[]",
        lambda text: "",
        lambda text: "[" + "[]," * 1_000_000 + "0]",
    ],
)
def test_a_manifest_written_another_way_is_refused(forger, listed, tmp_path, change):
    text = change(canonical_json(listed({})).decode())
    (tmp_path / "a.zip").write_bytes(forger.zip([forger.part("manifest.json", text.encode())]))
    problems = refused(open_container, tmp_path / "a.zip")
    assert all(p.place.key.startswith("清单") and p.place.file == "a.zip" for p in problems)


def test_a_signature_under_another_name_is_refused(forger, listed, signed, tmp_path):
    manifest = listed({})
    one, two = (canonical_json(signed(manifest, key * 16)) for key in "12")
    names = [f"signatures/{key * 16}.json" for key in "12"]

    def keys(*parts):
        head = forger.part("manifest.json", canonical_json(manifest))
        (tmp_path / "a.zip").write_bytes(forger.zip([head, *(forger.part(n, d) for n, d in parts)]))
        return [p.place.key for p in examine(tmp_path / "a.zip")[1]]

    assert keys((names[0], one), (names[1], two)) == []
    assert keys((names[0], two)) == [names[0]]
    assert keys((names[1], two), (names[0], one)) == ["签名"]
    assert keys((names[0], one), (names[0], one)) == ["签名"]
    assert keys((names[0], one + b" ")) == [names[0]]
    assert keys((names[0], one.replace(b"ed25519", b""))) == []
    assert keys((names[0], one.replace(b'"role":', b'"roles":'))) == [f"{names[0]}.role", f"{names[0]}.roles"]
    assert keys((names[0], b"[]")) == [names[0]]
    assert keys(("proof/anything-of-this-length.abc", one)) != []


def test_the_entry_is_what_the_manifest_says(written):
    container = open_container(written().path)
    entry = container.entry(FIRST)
    assert (entry.size, int(entry.crc32, 16)) == (18, zlib.crc32(b'{"total":"87.00"}\n'))
    assert replace(container, signatures=()).files[FIRST] == entry
