"""What Word keeps around its runs, put where a reader sees it: links, insertions, controls, text boxes; what was deleted goes."""

from __future__ import annotations

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = (qn("w:del"), qn("w:moveFrom"), f"{_COMPATIBILITY}Fallback")  # the fallback says the same again
_AROUND = tuple(map(qn, ("w:ins", "w:moveTo", "w:hyperlink", "w:smartTag", "w:fldSimple", "w:customXml", "w:sdt", "w:dir", "w:bdo")))


def settle(body: BaseOxmlElement) -> None:
    """Change a document's body so that every paragraph and table stands in it, and every run in its paragraph."""
    for row in list(body.iter(qn("w:tr"))):
        if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
            row.getparent().remove(row)
    for element in list(body.iter(*_GONE)):
        element.getparent().remove(element)
    for box in list(body.iter(qn("w:txbxContent"))):
        last = next(box.iterancestors(qn("w:p")))
        for child in list(box):
            last.addnext(child)
            last = child
    for element in list(body.iter(*_AROUND)):
        inner = element.find(qn("w:sdtContent")) if element.tag == qn("w:sdt") else element
        for child in list(inner) if inner is not None else ():
            element.addprevious(child)
        element.getparent().remove(element)
