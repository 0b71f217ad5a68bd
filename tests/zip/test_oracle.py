"""fovea's zip reader against Python's zipfile: the same members with the same content out of archives of every kind that
zipfile writes; of damaged ones never a content that zipfile does not give. With FOVEA_FULL=1 two thousand of each."""

import io
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest
import warnings
import zipfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("FOVEA_BIN_DIR", ROOT / "build" / "bin"))
SHARED_DATA = pathlib.Path(os.environ.get("FOVEA_SHARED_DATA", ROOT.parent / "shared" / "data"))
COUNT = 2000 if os.environ.get("FOVEA_FULL") == "1" else 150


class Pipe(io.BytesIO):
    """What zipfile cannot go back in: it then writes sums and sizes behind the content."""

    def seekable(self):
        return False

    def seek(self, *_):
        raise io.UnsupportedOperation

    def tell(self):
        raise io.UnsupportedOperation


def content(chance):
    size = chance.choice([0, 1, 50, 3000, 70_000])
    return bytes(size) if chance.random() < 0.2 else chance.choice([chance.randbytes, lambda n: b"config " * (n // 7)])(size)


def name(chance, number):
    return chance.choice(["config.json", "model/weights.h5", "folder/", "\N{GREEK SMALL LETTER ALPHA}" * 9, "n" * 3000,
                          "x"]) + (str(number) if chance.random() < 0.9 else "")


def write_by_chance(chance):
    out = chance.choice([io.BytesIO, Pipe])()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(chance.choice([0, 1, 3, 3, 30])):
            info = zipfile.ZipInfo(name(chance, number), (2026, 1, 2, 3, 4, 6))
            info.compress_type = chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED])
            if chance.random() < 0.05:
                info.compress_type = chance.choice([zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
            info.comment = bytes(chance.choice([0, 0, 100]))
            info.extra = chance.choice([b"", b"", b"\x99\x99\4\0abcd"])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the same name twice
                with archive.open(info, "w", force_zip64=chance.random() < 0.5) as member:
                    member.write(content(chance))
        archive.comment = chance.randbytes(chance.choice([0, 0, 10, 65535]))
    return out.getvalue()


def with_zip64_end(archive):
    """Its end as archives of many members have it."""
    at = archive.rindex(b"PK\5\6")
    members, size, begin = (int.from_bytes(archive[at + i:at + i + n], "little") for i, n in ((10, 2), (12, 4), (16, 4)))
    end = b"PK\6\6" + (44).to_bytes(8, "little") + bytes(12)
    end += b"".join(n.to_bytes(8, "little") for n in (members, members, size, begin))
    locator = b"PK\6\7" + bytes(4) + at.to_bytes(8, "little") + (1).to_bytes(4, "little")
    return archive[:at] + end + locator + archive[at:at + 8] + b"\xff" * 12 + archive[at + 20:]


def damaged(archive, chance):
    """Some bytes changed, most of them in headers, or some cut out."""
    archive = bytearray(archive)
    heads = [at for sign in (b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\6", b"PK\6\7")
             for at in range(len(archive)) if archive.startswith(sign, at)] if len(archive) < 200_000 else []
    for _ in range(chance.choice([1, 1, 2, 5])):
        if chance.random() < 0.1:
            begin = chance.randrange(len(archive))
            del archive[begin:begin + chance.choice([1, 2, 40])]
        if len(archive) < 30:
            break
        near = heads and chance.random() < 0.8
        at = min(chance.choice(heads) + chance.randrange(50) if near else chance.randrange(len(archive)), len(archive) - 1)
        archive[at] = chance.choice([0, 1, 255, archive[at] ^ 1 << chance.randrange(8), chance.randrange(256)])
    return bytes(archive)


def raw(info):
    return info.orig_filename.encode("utf-8" if info.flag_bits & 0x800 else "cp437", "surrogateescape")


def python_reads(path):
    """[(name, (size, CRC) or None where it cannot be read)] in order; None if the archive cannot."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = []
            for info in archive.infolist():
                try:
                    with archive.open(info) as member:
                        data = member.read(1 << 26)
                        found.append((raw(info), (len(data), zlib.crc32(data))))
                except Exception:  # zipfile lets many kinds through
                    found.append((raw(info), None))
            return found
    except Exception:
        return None


def fovea_reads(paths):
    """For each path [(name, (size, CRC) or what is said)], or what is said of the archive."""
    done = subprocess.run([str(BIN / "zip-ask")], input="".join(f"{path}\n" for path in paths), capture_output=True,
                          encoding="latin-1", check=True, timeout=900)
    answers, members = [], []
    for line in done.stdout.splitlines():
        if line == "end":
            answers.append(members)
            members = []
        elif line.startswith("error "):
            members = line
        else:
            given, rest = line.split(" ", 1)
            content = rest if rest.startswith("error ") else tuple(int(n) for n in rest.split())
            members.append((bytes.fromhex(given[1:]), content))
    return answers


class Oracle(unittest.TestCase):
    def read_all(self, archives):
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for number, archive in enumerate(archives):
                paths.append(pathlib.Path(folder) / f"{number}.zip")
                paths[-1].write_bytes(archive)
            got = fovea_reads(paths)
            self.assertEqual(len(got), len(paths))
            return list(zip(got, [python_reads(path) for path in paths]))

    def test_archives_by_chance(self):
        archives = []
        for seed in range(COUNT):
            chance = random.Random(seed)
            archives.append(write_by_chance(chance))
            if chance.random() < 0.3:
                archives[-1] = with_zip64_end(archives[-1])
        members = refused = 0
        for seed, (got, right) in enumerate(self.read_all(archives)):
            self.assertIsInstance(got, list, f"{seed}: {got}")
            self.assertEqual([name for name, _ in got], [name for name, _ in right], seed)
            names = [name for name, _ in right]
            for (member, answer), (_, expected) in zip(got, right):
                members += 1
                if isinstance(answer, str):
                    refused += 1
                    why = "unsupported method" if names.count(member) == 1 else "is in the archive twice"
                    self.assertIn(why, answer)
                else:
                    self.assertEqual(answer, expected, f"{seed}: {member}")
        self.assertGreater(members, 5 * COUNT)
        self.assertLess(refused, members / 5)

    def test_damaged_archives(self):
        """Whatever is read is what zipfile reads, if zipfile reads it."""
        archives = []
        for seed in range(COUNT):
            chance = random.Random(100_000 + seed)
            archive = write_by_chance(chance)
            archives.append(damaged(with_zip64_end(archive) if chance.random() < 0.3 else archive, chance))
        refused = same = ours = 0
        for seed, (got, right) in enumerate(self.read_all(archives)):
            if isinstance(got, str):
                refused += 1
                continue
            for member, answer in got:
                if isinstance(answer, str):
                    refused += 1
                    continue
                known = [content for name, content in right or [] if name == member and content is not None]
                if known:
                    self.assertIn(answer, known, f"{seed}: {member}")
                    same += 1
                else:
                    ours += 1
        print(f"{refused} refused, {same} as zipfile, {ours} that zipfile refuses")
        self.assertGreater(refused, COUNT / 5)
        self.assertGreater(same, COUNT)
        self.assertLess(ours, COUNT / 10)

    def test_real_archives(self):
        paths = sorted((SHARED_DATA / "models").glob("*.keras"))
        if not paths:
            self.skipTest(f"{SHARED_DATA}: no real models there (FOVEA_SHARED_DATA names their folder)")
        self.assertEqual(fovea_reads(paths), [python_reads(path) for path in paths])


if __name__ == "__main__":
    result = unittest.main(verbosity=2, exit=False).result
    sys.exit(0 if result.wasSuccessful() else 1)
