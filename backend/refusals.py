"""An expected no: its text is shown to the person just as it stands."""


class Refusal(Exception):
    """Raised when something cannot be done and the person can be told why in one sentence.

    text    the sentence, in English, with {names} for the values: it says what to do next, never blames
    values  what stands in the place of the names
    field   the form field it is about, if it is about one

    Whatever transaction was open is rolled back. The channel shows it in the reader's language.
    """

    def __init__(self, text: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(text.format(**values) if values else text)
        self.text = text
        self.values = values
        self.field = field


class Already(Refusal):
    """Somebody (perhaps the same person) did this first; the text says who and when."""
