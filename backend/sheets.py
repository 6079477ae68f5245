"""Tables and charts as data: whoever shows them draws a picture, a page or a file of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """A table that comes with a post as a file.

    name  "report.csv"; title: what a link to it says
    """

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """Bars that come with a post as a picture.

    name    "requests.png"; title: what stands above it
    rows    what each bar is called
    series  (what it is called, its part of each bar): the parts of a bar stand end to end
    unit    what stands behind a figure, such as "%"
    marks   values that a line is drawn at
    """

    name: str
    title: str
    rows: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    unit: str = ""
    marks: tuple[float, ...] = ()

    @property
    def told(self) -> str:
        """The same in words, for who does not see the picture."""
        said: list[str] = []
        for nth, row in enumerate(self.rows):
            parts = [f"{name} {values[nth]:g}{self.unit}" for name, values in self.series if values[nth]]
            said.append(f"{row}: {', '.join(parts) or f'0{self.unit}'}")
        return f"{self.title}. {'; '.join(said)}"
