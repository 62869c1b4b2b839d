"""A Chinese font that reportlab can embed: Noto Sans SC has PostScript outlines, which it cannot, so they are redrawn."""

import io
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont

CHINESE = "CorpusSans"


@lru_cache(maxsize=1)
def chinese_font() -> str:
    """Register the font once a process; its name."""
    pdfmetrics.registerFont(EmbeddedFont(CHINESE, io.BytesIO(_redrawn())))
    return CHINESE


def _redrawn() -> bytes:
    """Every character of the corpus's word lists, its outlines as quadratic curves."""
    font = TTFont(pylopdf_fonts_zh_cn.sans_path(), recalcTimestamp=False)
    words = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("*.csv"))
    # characters written by the code, not by the lists
    extra = (
        "".join(map(chr, range(32, 256)))
        + "０１２３４５６７８９年月日前下周第一二三四五六七八九十百两邮编号库仓储路币元人民款到发货结天×—–：；，。（）￥¥€"
    )
    options = subset.Options(layout_features=[], name_IDs=[1, 2, 4, 6], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text=words + extra)
    cutter.subset(font)
    _to_quadratic(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _to_quadratic(font: TTFont) -> None:
    outlines, order = font.getGlyphSet(), font.getGlyphOrder()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(outlines)
        outlines[name].draw(Cu2QuPen(pen, max_err=2.0, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, drawn
    del font["CFF "]
    if "VORG" in font:
        del font["VORG"]
    font["glyf"].compile(font)
    font["maxp"].tableVersion = 0x00010000
    for field, value in (("maxZones", 1), ("maxTwilightPoints", 0), ("maxStorage", 0), ("maxFunctionDefs", 0), ("maxInstructionDefs", 0),
                         ("maxStackElements", 0), ("maxSizeOfInstructions", 0), ("maxComponentElements", 0), ("maxComponentDepth", 0),
                         ("maxPoints", 0), ("maxContours", 0), ("maxCompositePoints", 0), ("maxCompositeContours", 0)):  # fmt: skip
        setattr(font["maxp"], field, value)
    font["post"].formatType, font["post"].extraNames, font["post"].mapping = 2.0, [], {}
    font.sfntVersion = "\x00\x01\x00\x00"
