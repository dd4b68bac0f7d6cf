"""Where the platform runs, which tool it knows, and the addresses that follow from both."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

LIFETIME_MOODLE = 60
LIFETIME_GENERIC = 300


@dataclass(frozen=True)
class Config:
    """Start-up choices; nothing here changes while the platform runs."""

    host: str
    port: int
    tool: str
    state: Path
    client_id: str = "kelrodis-trial-01"
    deployment_id: str = "1"
    moodle: bool = True
    seed: str | None = None
    tool_addresses: tuple[str, str, str] | None = (
        None  # login, launch, keys: of a tool that registered itself
    )

    @property
    def issuer(self) -> str:
        """The issuer, without a trailing slash as Moodle's wwwroot."""
        return f"http://{self.host}:{self.port}"

    @property
    def auth_url(self) -> str:
        """The OIDC authentication endpoint."""
        return f"{self.issuer}/auth"

    @property
    def token_url(self) -> str:
        """The OAuth 2 client-credentials endpoint."""
        return f"{self.issuer}/token"

    @property
    def keyset_url(self) -> str:
        """The platform's public keys."""
        return f"{self.issuer}/jwks"

    @property
    def tool_login_url(self) -> str:
        """Where the tool wants logins to be initiated."""
        return self.tool_addresses[0] if self.tool_addresses else f"{self.tool}/lti/login/"

    @property
    def tool_launch_url(self) -> str:
        """The only redirect_uri that is registered for the tool."""
        return self.tool_addresses[1] if self.tool_addresses else f"{self.tool}/lti/launch/"

    @property
    def tool_keyset_url(self) -> str:
        """The tool's public keys."""
        return self.tool_addresses[2] if self.tool_addresses else f"{self.tool}/lti/jwks/"

    def registration(self) -> dict[str, str]:
        """What the tool's administrator has to be told, in the names of `lti_platform add`."""
        return {
            "issuer": self.issuer,
            "client_id": self.client_id,
            "auth_url": self.auth_url,
            "token_url": self.token_url,
            "keyset_url": self.keyset_url,
            "deployment_id": self.deployment_id,
        }
