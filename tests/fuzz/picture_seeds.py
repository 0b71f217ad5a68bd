"""Writes small pictures of every kind that fovea reads, to start the fuzzer from: picture_seeds.py FOLDER. For Python
with Pillow, and libjpeg's cjpeg; what is kept of them is in corpus/image.tar.xz."""

import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

import numpy as np
from PIL import Image

PASSES = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def interlaced(pixels, colour, extra=b""):
    """A PNG in Adam7's seven passes, which Pillow does not write."""
    height, width = pixels.shape[:2]
    parts = [pixels[y::dy, x::dx] for y, x, dy, dx in PASSES]
    rows = b"".join(b"\0" + row.tobytes() for part in parts if part.size > 0 for row in part)
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 1)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(rows)) +
            chunk(b"IEND", b""))


def write_png(folder, picture, rng):
    grey = picture.convert("L")
    palette = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16), "P")
    palette.putpalette(list(rng.integers(0, 256, 768)))
    palette.save(folder / "palette256.png")
    palette.save(folder / "palette_alpha.png", transparency=bytes(range(200)))
    for bits in (1, 2, 4):
        picture.quantize(2**bits).save(folder / f"palette{bits}.png", bits=bits)
    grey.save(folder / "grey.png")
    for mode in ("1", "LA", "RGBA"):
        picture.convert(mode).save(folder / f"{mode}.png")
    Image.fromarray(rng.integers(0, 65536, (9, 11)).astype(np.uint16)).save(folder / "grey16.png")
    pixels = np.asarray(picture)
    (folder / "interlaced.png").write_bytes(interlaced(pixels, 2))
    (folder / "interlaced_grey.png").write_bytes(interlaced(pixels[:, :, 0], 0))
    colours = chunk(b"PLTE", rng.integers(0, 256, 300, dtype=np.uint8).tobytes())
    (folder / "interlaced_palette.png").write_bytes(interlaced(pixels[:, :, 0] % 100, 3, colours))


def write_jpeg(folder, picture, scratch):
    picture.save(folder / "progressive.jpg", progressive=True)
    picture.save(folder / "restart.jpg", restart_marker_blocks=1)
    picture.save(folder / "444.jpg", subsampling=0)
    picture.convert("L").save(folder / "grey.jpg")
    picture.convert("CMYK").save(folder / "cmyk.jpg")
    exif = Image.Exif()
    exif[0x112] = 6  # turned
    picture.save(folder / "turned.jpg", exif=exif)
    picture.save(scratch / "picture.ppm")
    for name, options in (("arithmetic", ["-arithmetic"]), ("422", ["-sample", "2x1"]),
                          ("scans", ["-progressive", "-restart", "1B"])):
        subprocess.run(["cjpeg", *options, "-outfile", folder / f"{name}.jpg", scratch / "picture.ppm"], check=True)


def write_others(folder, picture):
    grey, lines = picture.convert("L"), picture.convert("1")
    grey.save(folder / "grey.bmp")
    lines.save(folder / "1.bmp")
    for compression in ("jpeg", "packbits", "tiff_lzw", "tiff_adobe_deflate", "group4"):
        (lines if compression == "group4" else picture).save(folder / f"{compression}.tif", compression=compression)
    picture.quantize(16).save(folder / "palette.tif")
    grey.save(folder / "grey.tif")
    picture.convert("CMYK").save(folder / "cmyk.tif")
    picture.convert("F").save(folder / "floats.tif")
    picture.save(folder / "big.tif", big_tiff=True)
    picture.save(folder / "pages.tif", save_all=True, append_images=[grey, picture])


def main(folder):
    rng = np.random.default_rng(3)
    picture = Image.fromarray(rng.integers(0, 256, (9, 11, 3), dtype=np.uint8))
    write_png(folder, picture, rng)
    with tempfile.TemporaryDirectory() as scratch:
        write_jpeg(folder, picture.resize((16, 16)), pathlib.Path(scratch))
    write_others(folder, picture)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
