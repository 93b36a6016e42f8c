"""The words of what a settled campaign advises on a creator: the same in its results, on record and in later plans."""

from __future__ import annotations

from creatorbook.findings import Text, say

#: nobody is renewed or stopped on what is not on file
TOO_EARLY = "too early"
#: decisions in the order they are printed in → how a table says them
DECISIONS: dict[str, Text] = {
    "renew": say("renew"),
    "test again": say("test again"),
    "renegotiate": say("renegotiate"),
    "stop": say("stop"),
    TOO_EARLY: say("too early"),
}
