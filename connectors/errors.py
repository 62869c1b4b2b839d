"""What can go wrong between the desk and another system, grouped by the remedy."""


class ConnectorError(Exception):
    """Base: `system` names the other side, `message` the record, field and value, `hint` is for the operator."""

    def __init__(self, system: str, message: str, hint: str = "") -> None:
        super().__init__(system, message, hint)  # positional, so that it survives pickling
        self.system, self.message, self.hint = system, message, hint

    def __str__(self) -> str:
        return f"{self.system}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class TransientError(ConnectorError):
    """Wait and repeat unchanged: timeout, 429, 5xx, a dropped connection."""


class AccessError(ConnectorError):
    """Fix the credentials or scopes."""


class RejectedError(ConnectorError):
    """Fix the data: they understood and said no."""


class ContractError(ConnectorError):
    """Fix our code: the answer is not as documented."""
