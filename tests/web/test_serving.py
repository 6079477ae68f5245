"""What is loaded before anything is heard: nobody's first message waits for the models."""

from bot.brain.local import LocalBrain
from bot.serving import warm
from knowledge import embedding
from tests.office import Office


def test_all_that_a_first_answer_needs_is_loaded(office: Office) -> None:
    brain = LocalBrain(home=office.app.home)
    office.app._brain = brain  # pyright: ignore[reportPrivateUsage]
    warm(office.app)
    assert embedding.ready()
    assert brain.ready
    assert "index" in vars(office.app)
    office.app.index.close()
