"""Who somebody in Slack is: matched by e-mail with the people list, and refused where that is not certain."""

import threading
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from backend import events, people
from backend.outbox import TryLater
from backend.people import Account, Person
from backend.refusals import Refusal
from backend.store import Store
from bot.channels.slack_calls import Refused, calling, lacks

Doc = dict[str, Any]

NAME = "slack"
FRESH = 3600.0
"""Seconds for which what Slack said of somebody holds."""
UNKNOWN = frozenset({"user_not_found", "user_not_visible", "users_not_found"})
"""What Slack says of an account that it does not have."""
LANGUAGES = ("en", "es", "pt", "fr", "de", "it")


@dataclass(frozen=True)
class Home:
    """Where the app is installed: its workspace (and the organisation that it belongs to), and who we are there.

    everywhere  true where it is installed for the whole organisation, and not for one of its workspaces
    """

    team: str
    enterprise: str
    bot: str
    bot_id: str
    everywhere: bool = False


class Members:
    """The members of a workspace, as far as they have come by."""

    def __init__(self, store: Store, client: Any) -> None:
        self._store, self._client = store, client
        self._seen: dict[str, float] = {}
        self._languages: dict[str, str] = {}
        self.known_home: Home | None = None
        """Where we are installed, once it was asked."""
        self._lock = threading.Lock()

    def home(self) -> Home:
        """Where we are installed; asked once."""
        if self.known_home is None:
            with calling():
                told: Any = self._client.auth_test()
            named = ("team_id", "enterprise_id", "user_id", "bot_id")
            everywhere = bool(told.get("is_enterprise_install")) and bool(told.get("enterprise_id"))
            self.known_home = Home(*(str(told.get(each) or "") for each in named), everywhere=everywhere)
        return self.known_home

    def check(self, account: str, teams: tuple[str, ...] = ()) -> None:
        """Makes sure that the account is a colleague's, and links it the first time; a Refusal if it is not.

        teams  the workspaces that Slack named for who did something; one that is not ours is a stranger's
        """
        home = self.home()
        ours = {home.team, home.enterprise} - {""}
        if teams and ours and not home.everywhere and not ours & set(teams):
            raise Refusal("I only talk with colleagues of the company that I work for. Please ask your own.")
        with self._lock:
            fresh = time.monotonic() - self._seen.get(account, -FRESH) < FRESH
        if fresh:
            return
        try:
            with calling():
                told: Any = self._client.users_info(user=account, include_locale=True)
        except (Refused, TryLater) as no:
            if isinstance(no, Refused) and no.code in UNKNOWN:
                self.forget(account)
            elif self._known(account):
                return  # whoever is known stays known while Slack cannot be asked
            elif isinstance(no, TryLater) and not lacks(no):
                raise
            raise Refusal(
                "I don't know this account yet. Ask HR or an admin to link it, and then write to me again."
            ) from None
        user: Doc = told["user"]
        self._languages[account] = str(user.get("locale") or "en")[:2]
        self._must_be_a_colleague(user, home)
        profile: Doc = user.get("profile") or {}
        self._link(account, str(profile.get("email") or ""))
        with self._lock:
            self._seen[account] = time.monotonic()

    def language(self, account: str) -> str:
        """The language that somebody who may not be known reads Slack in."""
        language = self._languages.get(account, "en")
        return language if language in LANGUAGES else "en"

    def forget(self, account: str) -> None:
        """Somebody has left, or may not be let in any more: the account is nobody's, and that is told."""
        with self._lock:
            self._seen.pop(account, None)
        with self._store.writing() as session:
            row = session.get(Account, (NAME, account))
            if row is None:
                return
            person = session.get_one(Person, row.person_id)
            detail = {"channel": NAME, "name": person.name}
            events.record(
                session, "account.closed", by=None, subject=f"person:{person.id}", about=(person,), detail=detail
            )
            session.delete(row)

    def gone(self, account: str) -> None:
        """Slack does not have this account any more: whose it was is looked for by e-mail, and it is nobody's."""
        with self._store.looking() as session:
            row = session.get(Account, (NAME, account))
            person = session.get(Person, row.person_id) if row is not None else None
        if person is not None and person.email:
            self.meet(person.email)
        self.forget(account)

    def changed(self, account: str) -> None:
        """What Slack said of somebody no longer holds."""
        with self._lock:
            self._seen.pop(account, None)

    def not_met(self) -> list[str]:
        """The e-mail addresses of colleagues who have no account here yet."""
        with self._store.looking() as session:
            known = set(session.scalars(select(Account.person_id).where(Account.channel == NAME)))
            return [each.email for each in people.everybody(session) if each.email and each.id not in known]

    def meet(self, email: str) -> bool:
        """Looks for a colleague by e-mail, to be able to write to them first; False if they are not in Slack."""
        try:
            with calling():
                told: Any = self._client.users_lookupByEmail(email=email)
        except Refused:
            return False
        user: Doc = told["user"]
        try:
            self._must_be_a_colleague(user, self.home())
            self._link(str(user["id"]), email)
        except Refusal:
            return False
        return True

    def _must_be_a_colleague(self, user: Doc, home: Home) -> None:
        grid: Doc = user.get("enterprise_user") or {}
        if home.everywhere:
            ours = home.enterprise == grid.get("enterprise_id")
        else:
            ours = not home.team or user.get("team_id") in (home.team, None) or home.team in (grid.get("teams") or ())
        if user.get("deleted"):
            self.forget(str(user["id"]))
            raise Refusal("This account is not active here at the moment. HR can help you.")
        if user.get("is_stranger") or not ours:
            raise Refusal("I only talk with colleagues of the company that I work for. Please ask your own.")
        if user.get("is_bot") or user.get("id") == "USLACKBOT" or user.get("is_workflow_bot"):
            raise Refusal("I only talk with people.")
        if user.get("is_restricted") or user.get("is_ultra_restricted"):
            self.forget(str(user["id"]))
            raise Refusal("Guests of this workspace cannot use Backdesk. Whoever invited you can help.")
        if user.get("is_email_confirmed") is False:
            raise Refusal("Please confirm your e-mail address in Slack first; I know you by it.")

    def _known(self, account: str) -> bool:
        with self._store.looking() as session:
            return session.get(Account, (NAME, account)) is not None

    def _link(self, account: str, email: str) -> None:
        """Ties the account to who has that e-mail address, unless that is settled already."""
        with self._store.looking() as session:
            if session.get(Account, (NAME, account)) is not None:
                return
            person = session.scalar(select(Person).where(func.lower(Person.email) == email.lower()))
            other = people.account_on(session, person, channel=NAME) if person else None
        if not email or person is None:
            raise Refusal(
                "I find nobody with the e-mail address of your Slack account. Ask HR or an admin to correct it, "
                "and then write to me again."
            )
        if other is not None and self._is_there(other):
            raise Refusal("You are known to me by another Slack account. Ask an admin if this one is to be yours.")
        with self._store.writing() as session:
            people.link(session, session.get_one(Person, person.id), channel=NAME, account=account)

    def _is_there(self, account: str) -> bool:
        try:
            with calling():
                told: Any = self._client.users_info(user=account)
        except Refused:
            return False
        return not told["user"].get("deleted")
