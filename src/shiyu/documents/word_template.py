"""The empty document every Word file starts from, made by code: no binary template to keep in step."""

from __future__ import annotations

from functools import lru_cache

from shiyu.documents.archive import pack
from shiyu.documents.word_layout import (
    BODY,
    DECLARE,
    FALLBACKS,
    HEADINGS,
    LATIN_FONT,
    TITLE,
    Format,
    paragraph_properties,
    run_properties,
)

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@lru_cache(maxsize=1)
def empty_document() -> bytes:
    """A minimal .docx: styles, settings and font table of an official document, an empty body."""
    return pack(
        (
            ("[Content_Types].xml", _content_types().encode()),
            ("_rels/.rels", _package_relations().encode()),
            ("docProps/core.xml", _core().encode()),
            ("word/_rels/document.xml.rels", _document_relations().encode()),
            ("word/document.xml", _body().encode()),
            ("word/fontTable.xml", _fonts().encode()),
            ("word/settings.xml", _settings().encode()),
            ("word/styles.xml", _styles().encode()),
        )
    )


def _content_types() -> str:
    parts = {
        "/word/document.xml": f"{_OFFICE}.document.main+xml",
        "/word/styles.xml": f"{_OFFICE}.styles+xml",
        "/word/settings.xml": f"{_OFFICE}.settings+xml",
        "/word/fontTable.xml": f"{_OFFICE}.fontTable+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _package_relations() -> str:
    core = f"{_PACKAGE}/relationships/metadata/core-properties"
    return _relations((f"{_RELATION}/officeDocument", "word/document.xml"), (core, "docProps/core.xml"))


def _document_relations() -> str:
    return _relations(
        (f"{_RELATION}/styles", "styles.xml"),
        (f"{_RELATION}/settings", "settings.xml"),
        (f"{_RELATION}/fontTable", "fontTable.xml"),
    )


def _relations(*pairs: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(pairs, start=1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _core() -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"></cp:coreProperties>'
    )


def _body() -> str:
    return (
        f'{_HEAD}<w:document {DECLARE}><w:body><w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="0" w:right="0" w:bottom="0" w:left="0" w:header="0" w:footer="0" w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    )


def _fonts() -> str:
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
        f'<w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for name, other in FALLBACKS.items()
    )
    return f'{_HEAD}<w:fonts {DECLARE}>{rows}<w:font w:name="{LATIN_FONT}"/></w:fonts>'


def _settings() -> str:
    return (
        f'{_HEAD}<w:settings {DECLARE}><w:zoom w:percent="100"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _styles() -> str:
    normal = Format()
    named = [_style("Title", "Title", TITLE)]
    named += [_style(f"Heading{level}", f"heading {level}", look) for level, look in HEADINGS.items()]
    named.append(_style("BodyText", "Body Text", BODY))
    return (
        f"{_HEAD}<w:styles {DECLARE}><w:docDefaults><w:rPrDefault>"
        f"{run_properties(normal).replace('</w:rPr>', '')}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault/></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
        f'<w:name w:val="Normal"/><w:qFormat/>{paragraph_properties(normal)}</w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr></w:style>{''.join(named)}</w:styles>"
    )


def _style(identity: str, name: str, look: Format) -> str:
    bare = Format(**{**look.__dict__, "style": ""})
    return (
        f'<w:style w:type="paragraph" w:styleId="{identity}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/>{paragraph_properties(bare)}{run_properties(bare)}</w:style>'
    )
