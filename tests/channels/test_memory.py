"""The memory channel keeps to the contract of all channels."""

from bot.channels.memory import MemoryChannel
from bot.channels.port import Channel
from tests.channel_contract import ChannelContract
from tests.channels.drawn import written


class TestMemory(ChannelContract):
    """The memory channel, through the contract."""

    def make(self, who: str) -> Channel:
        return MemoryChannel()

    def texts(self, channel: Channel) -> list[str]:
        assert isinstance(channel, MemoryChannel)
        return [written(post) for _, post, _ in channel.shown]
