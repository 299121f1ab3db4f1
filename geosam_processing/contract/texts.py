"""Texts for users that can be translated after they were written."""

from .redaction import presentable


class Text(str):
    """An English text that remembers what varies in it.

    It is a ``str``: what knows nothing of templates shows it in English. QGIS's side translates
    the template and those values that are a ``Text``.

    Attributes:
        template: the text with ``{}`` for each value.
        values: what stands there; the ``text`` of an error in its stead. Secrets in addresses are
            hidden.
    """

    template: str
    values: tuple[str, ...]

    def __new__(cls, template: str, *values: object) -> "Text":
        """Without ``values``, ``template`` is the text as it stands, or a ``Text`` already."""
        if isinstance(template, Text) and not values:
            return template
        kept = tuple(map(_kept, values))
        shown = template.format(*kept) if kept else presentable(template)
        text = super().__new__(cls, shown)
        text.template, text.values = template if kept else shown, kept
        return text

    def __getnewargs__(self) -> tuple[str, ...]:  # type: ignore[override]
        # For pickle and copy.
        return (self.template, *self.values)


def _kept(value: object) -> str:
    text = getattr(value, "text", value)
    return text if isinstance(text, Text) else presentable(str(value))
