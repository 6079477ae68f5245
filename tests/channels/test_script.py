"""The script channel keeps to the contract of all channels."""

import io
import json

from bot.channels.port import Channel
from bot.channels.script import ScriptChannel
from tests.channel_contract import ChannelContract


class Kept(ScriptChannel):
    """A script channel whose lines can be read back."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        super().__init__(self.out)


class TestScript(ChannelContract):
    """The script channel, through the contract."""

    def make(self, who: str) -> Channel:
        return Kept()

    def texts(self, channel: Channel) -> list[str]:
        assert isinstance(channel, Kept)
        docs = [json.loads(each) for each in channel.out.getvalue().split("\n") if each]
        return [f"{doc['text']}\n{json.dumps(doc.get('card'))}" for doc in docs]
