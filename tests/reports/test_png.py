"""Pictures of a report let its watermark through."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from workbench.reports.charts.catalogue import CHARTS
from workbench.reports.png import encoded, see_through
from workbench.reports.save import png_bytes


def opened(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("height", [1, 2, 7])
def test_the_pixels_of_a_packed_picture_are_the_ones_that_were_drawn(height):
    pixels = np.random.default_rng(6).integers(0, 256, (height, 5, 4), dtype=np.uint8)
    with opened(encoded(pixels, 144)) as picture:
        assert picture.mode == "RGB" and picture.info["dpi"] == pytest.approx((144, 144), abs=0.1)
        assert np.array_equal(np.asarray(picture), pixels[..., :3])


def test_white_is_not_painted_and_everything_else_is_as_it_was(make):
    png = png_bytes(CHARTS["level_bars"](make("complete")))
    thin = see_through(png)
    before, after = opened(png).convert("RGB"), opened(thin).convert("RGBA")
    assert after.getpixel((0, 0))[3] == 0 and after.convert("RGB").tobytes() == before.tobytes()
    pixels = np.asarray(after).reshape(-1, 4)
    painted = {tuple(p) for p in pixels[pixels[:, 3] > 0][:, :3].tolist()}
    assert (255, 255, 255) not in painted and (31, 78, 121) in painted
    assert opened(thin).info["dpi"] == opened(png).info["dpi"] and len(thin) - len(png) == 18


def test_charts_of_earlier_run_folders_had_a_channel_for_it(make):
    png = png_bytes(CHARTS["level_bars"](make("single")))
    stream = io.BytesIO()
    opened(png).convert("RGBA").save(stream, "PNG", dpi=(144, 144))
    thin, now = opened(see_through(stream.getvalue())), opened(see_through(png))
    assert thin.convert("RGBA").tobytes() == now.convert("RGBA").tobytes() and thin.info["dpi"] == pytest.approx(
        (144, 144), abs=0.1
    )


def test_other_pictures_stay_as_they_are(make):
    for mode in ("RGBA", "L", "P"):
        stream = io.BytesIO()
        Image.new(mode, (2, 2)).save(stream, "PNG")
        assert see_through(stream.getvalue()) == stream.getvalue()
    png = see_through(png_bytes(CHARTS["level_bars"](make("single"))))
    assert see_through(png) == png
    assert see_through(b"GIF89a") == b"GIF89a"
