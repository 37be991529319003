"""The demo press: invented news sites on loopback, and the truth about every page of them."""

from demo.faults import Fault
from demo.model import ExpectedArticle, Request, Stranger
from demo.press import Press

__all__ = ["ExpectedArticle", "Fault", "Press", "Request", "Stranger"]
