"""What the operator decided, read once from arguments, environment, ``.env``, ``alerts.toml`` and credentials.

Nothing below ``wiring`` reads this. Secrets have a secret type: they never reach a log, an error or the page.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
)
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from alerts.model.errors import ConfigError
from alerts.model.suggest import did_you_mean

PREFIX = "ALERTS_"
NESTED = "__"
NOT_SETTINGS = frozenset({"ALERTS_TEST_REQUIRE", "ALERTS_TEST_POSTGRES"})
"""Names in our namespace that the tests read, not the daemon."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"no time zone is called '{name}'; use an IANA name such as Europe/Vienna") from None
    return name


def _network(text: str) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        raise ValueError(f"'{text}' is not a network; write it like 10.0.0.0/8 or ::1/128") from None


def _listed(value: object) -> object:
    """Accept one value where a list is meant, and a JSON list in one variable."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return _from_json(value)
    return [part.strip() for part in value.split(",") if part.strip()]


def _from_json(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"looks like JSON and is not: {error}") from None


def _channel(value: object) -> object:
    """Accept a channel as one Apprise URL, a list of them, or ``{to, zone}``; JSON in one variable is fine."""
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        value = _from_json(value)
    if isinstance(value, str | list):
        value = {"to": value}
    if isinstance(value, dict) and isinstance(value.get("to"), str):
        value = {**value, "to": [value["to"]]}
    return value


def _object(value: object) -> object:
    """Accept a JSON object in one variable."""
    return _from_json(value) if isinstance(value, str) else value


_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OURS = frozenset({"accept-encoding", "connection", "content-length", "host", "transfer-encoding"})


def _header(name: str) -> str:
    if not _HEADER.fullmatch(name) or name.lower() in _OURS:
        raise ValueError(f"'{name}' is not a header that can be set")
    return name


def _one_line(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().isprintable():
        raise ValueError("a header is one line of printable characters")
    return value


def _proxy(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("a proxy is written http://host:port, with name:password@ before the host if it wants that")
    return value


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Channel(_Part):
    """A named channel: one Apprise URL an address, and the zone its readers live in."""

    to: list[SecretStr] = Field(min_length=1, description="One Apprise URL, or a list of them.")
    zone: Annotated[str, AfterValidator(_zone)] | None = Field(
        default=None, description="The readers' IANA time zone; default: `ALERTS_ZONE`."
    )


class Asking(_Part):
    """What one feed is asked with; all of it goes to the feed's own origin alone, never where a redirect leads."""

    headers: dict[Annotated[str, AfterValidator(_header)], Annotated[SecretStr, AfterValidator(_one_line)]] = Field(
        default_factory=dict, description="Headers, such as a key or another User-Agent."
    )
    login: SecretStr | None = Field(default=None, description="`name:password`, sent as HTTP Basic.")
    proxy: Annotated[SecretStr, AfterValidator(_proxy)] | None = Field(
        default=None, description="An HTTP proxy, `http://name:password@host:port`."
    )


class Fetching(_Part):
    """How feeds are asked."""

    contact: str | None = Field(default=None, description="Where publishers can write to; stands in the User-Agent.")
    private: Annotated[list[Annotated[str, AfterValidator(_network)]], BeforeValidator(_listed)] = Field(
        default_factory=list, description="Networks that may be polled although they are private."
    )
    feeds: Annotated[dict[str, Asking], BeforeValidator(_object)] = Field(
        default_factory=dict, description="By feed id: `headers`, `login`, `proxy` of its own."
    )


class Web(_Part):
    """The page."""

    listen: str = Field(default="127.0.0.1:8787", description="Address and port of the page.")
    token: SecretStr | None = Field(default=None, description="Needed before the page listens beyond loopback.")


class Settings(BaseSettings):
    """All settings; each is a variable ``ALERTS_<NAME>``, ``__`` between a part and its key."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        env_file=".env",
        toml_file="alerts.toml",
        extra="ignore",  # a .env is shared with other programs; our own names are checked below
        enable_decoding=False,
        frozen=True,
        hide_input_in_errors=True,
    )

    home: Path = Field(
        default_factory=lambda: Path(os.environ.get("STATE_DIRECTORY", "alerts-data")),
        description="Folder of the database, the cache and the archive.",
    )
    database_url: SecretStr | None = Field(default=None, description="SQLAlchemy URL; default: SQLite in home.")
    rules: Path | None = Field(default=None, description="Folder of rules; default: `./rules`, else the shipped ones.")
    seeds: Path | None = Field(default=None, description="Folder of seeds; default: `./seeds`, else the shipped ones.")
    channels: dict[str, Annotated[Channel, BeforeValidator(_channel)]] = Field(
        default_factory=dict, description="Named channels; rules and routes only ever name them."
    )
    fetch: Fetching = Fetching()
    web: Web = Web()
    public_url: HttpUrl | None = Field(default=None, description="Base of the links in messages; none means no links.")
    zone: Annotated[str, AfterValidator(_zone)] = Field(default="UTC", description="Time zone people read times in.")
    log: Literal["auto", "human", "json"] = Field(
        default="auto", description="Form of the log: `auto` is `human` on a terminal, else `json`."
    )
    keep_days: int | None = Field(
        default=None, ge=30, description="Days after which summaries that no question looked at go; none = never."
    )
    ping_url: SecretStr | None = Field(
        default=None, description="Asked once a minute while all is well; its silence is somebody else's alarm."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Argument, environment, ``.env``, ``alerts.toml``, systemd credentials: the first that speaks wins."""
        credentials = os.environ.get("CREDENTIALS_DIRECTORY")
        last: tuple[PydanticBaseSettingsSource, ...] = ()
        if credentials:
            files = SecretsSettingsSource(settings_cls, secrets_dir=credentials)
            last = (NestedSecretsSettingsSource(files, secrets_nested_delimiter=NESTED),)
        return (init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls), *last)

    def channel_addresses(self) -> dict[str, tuple[tuple[str, ...], str]]:
        """Return each channel's Apprise URLs (secrets!) and the zone of its readers, by its name."""
        return {
            name.lower().replace("_", "-"): (
                tuple(url.get_secret_value() for url in channel.to),
                channel.zone or self.zone,
            )
            for name, channel in self.channels.items()
        }

    @property
    def is_shared(self) -> bool:
        """Whether the database is a server's, which several of us may use at once."""
        return self.database_url is not None and self.store_url.startswith("postgresql")

    @property
    def store_url(self) -> str:
        """The SQLAlchemy URL of the database (a secret where it carries a password)."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.home.resolve() / 'alerts.db'}"


def read_settings(**arguments: Any) -> Settings:
    """Read the settings; ConfigError names every wrong one, with *did you mean*, a line each."""
    _refuse_unreadable(Path(".env"), Path("alerts.toml"))
    wrong = list(_unknown_names(os.environ, "the environment"))
    wrong += _unknown_names(_dotenv(Path(".env")), ".env")
    wrong += _unknown_keys(Path("alerts.toml"))
    try:
        settings = Settings(**arguments)
    except ValidationError as error:
        said = {line.split(" ")[2].rstrip(".") for line in wrong}
        spoken = [line for line in _spoken(error) if line.split(" ")[2].rstrip(".") not in said]
        raise ConfigError("\n".join([*wrong, *spoken])) from None
    except ValueError as error:
        raise ConfigError("\n".join([*wrong, f".env cannot be read: {error}"])) from None
    if wrong:
        raise ConfigError("\n".join(wrong))
    return settings


def _refuse_unreadable(*paths: Path) -> None:
    for path in paths:
        if path.is_file() and not os.access(path, os.R_OK):
            raise ConfigError(
                f"{path.resolve()} cannot be read by user {os.getuid()}; let that user read it, or take it away "
                "(under systemd, secrets come as credentials)"
            )


def origins() -> dict[str, str]:
    """Return where each variable or key of ours that is set comes from; of several places the one that wins."""
    found: dict[str, str] = {}
    if credentials := os.environ.get("CREDENTIALS_DIRECTORY"):
        found |= {path.name.upper(): "systemd credential" for path in sorted(Path(credentials).iterdir())}
    path = Path("alerts.toml")
    if path.is_file():
        found |= {f"{PREFIX}{key.upper()}": "alerts.toml" for key in tomllib.loads(path.read_text("utf-8"))}
    found |= {name.upper(): ".env" for name in _dotenv(Path(".env"))}
    found |= {name.upper(): "environment" for name in os.environ}
    return {name: where for name, where in found.items() if name.startswith(PREFIX) and name not in NOT_SETTINGS}


def setting_names() -> dict[str, str]:
    """Return every variable and what it is for; ``<NAME>`` stands for a channel's name."""
    return dict(_names(Settings, PREFIX))


def _names(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, str]]:
    for key, field in model.model_fields.items():
        name = f"{prefix}{key.upper()}"
        part = field.annotation
        if key == "channels":
            yield f"{name}{NESTED}<NAME>", field.description or ""
        elif isinstance(part, type) and issubclass(part, BaseModel):
            yield from _names(part, name + NESTED)
        else:
            yield name, field.description or ""


def _unknown_names(names: Mapping[str, str] | Sequence[str], where: str) -> Iterator[str]:
    known = [name for name in setting_names() if "<" not in name]
    for name in names:
        upper = name.upper()
        if not upper.startswith(PREFIX) or upper in NOT_SETTINGS or upper in known:
            continue
        if upper.startswith(f"{PREFIX}CHANNELS{NESTED}") and len(upper) > len(f"{PREFIX}CHANNELS{NESTED}"):
            continue
        channel = f"{PREFIX}CHANNELS{NESTED}{upper.rpartition(NESTED)[2]}"
        yield f"unknown setting {name} in {where}.{did_you_mean(upper, [*known, channel])}"


def _unknown_keys(path: Path) -> Iterator[str]:
    if not path.is_file():
        return
    try:
        keys = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    for key in keys:
        if key not in Settings.model_fields:
            yield f"unknown setting '{key}' in {path}.{did_you_mean(key, Settings.model_fields)}"


def _dotenv(path: Path) -> list[str]:
    if not path.is_file():
        return []
    lines = (line.strip().removeprefix("export ") for line in path.read_text("utf-8").splitlines())
    return [line.partition("=")[0].strip() for line in lines if "=" in line and not line.startswith("#")]


def _spoken(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_input=False, include_url=False):
        place = [str(part) for part in problem["loc"] if not isinstance(part, int)]
        name = PREFIX + NESTED.join(place).upper()
        if problem["type"] == "extra_forbidden":
            part = Channel if place[0] == "channels" else Settings.model_fields[place[0]].annotation
            known = getattr(part, "model_fields", {})
            yield f"unknown setting {name}.{did_you_mean(place[-1].lower(), known)}"
        else:
            yield f"setting {name}: {problem['msg'].removeprefix('Value error, ')}"
