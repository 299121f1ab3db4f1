"""Why a file does not come from a server, and what may help."""

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkReply

from ..contract.errors import UserError
from ..contract.texts import Text

REDIRECT_STATUS = {301, 302, 303, 307, 308}
TRANSIENT_STATUS = {408, 425, 429, 500, 502, 503, 504}
NEXT_STEP = Text("try another MIRROR, or carry the file over by hand and give it as FILE")
BROKEN = Text("the connection broke")

_Errors = QNetworkReply.NetworkError
# What another try of the same cannot mend.
PERMANENT_ERRORS = {
    _Errors.AuthenticationRequiredError: Text(
        "the server wants a login: give AUTH a configuration"
    ),
    _Errors.ProxyAuthenticationRequiredError: Text(
        "the proxy wants a login: set it in QGIS's options under Network"
    ),
    _Errors.SslHandshakeFailedError: Text("the server's certificate is not trusted"),
    _Errors.ProtocolUnknownError: Text("the address begins with no protocol that QGIS knows"),
}


class DownloadError(UserError):
    """A file could not be downloaded."""


class TryAgain(UserError):
    """A failure that may pass."""


class Redirected(Exception):
    """The file is elsewhere; ``target`` may be relative."""

    def __init__(self, target: QUrl) -> None:
        super().__init__(target.toString())
        self.target = target
