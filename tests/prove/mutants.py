"""Spoilt stores: each breaks one promise on purpose, and the proof has to notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from alerts.model.delivery import Delivered


class _Spoilt:
    def __init__(self, store: Any) -> None:
        self._spoils = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._spoils, name)


class SentBeforeTheSend(_Spoilt):
    """Marks a message as sent when its send begins: what the send loses is lost."""

    def claim_delivery(self, *args: Any, **kwargs: Any) -> Any:
        claim = self._spoils.claim_delivery(*args, **kwargs)
        if claim is not None and claim.deliveries:
            first, *along = claim.deliveries
            self._spoils.receipt(first, Delivered(), now=kwargs["now"], along=along)
        return claim


class ForgetsTheDoubt(_Spoilt):
    """Starts anew after a crash as if nothing had been under way: what arrived is repeated unannounced."""

    def claim_delivery(self, *args: Any, **kwargs: Any) -> Any:
        claim = self._spoils.claim_delivery(*args, **kwargs)
        if claim is None:
            return None
        return replace(claim, deliveries=tuple(replace(one, may_repeat=False) for one in claim.deliveries))


class ForgetsEvidence(_Spoilt):
    """Keeps items without what they say: the validators are ahead of what was judged."""

    def record_poll(self, found: Any) -> Any:
        return self._spoils.record_poll(replace(found, evidence=found.evidence[1:]))


class ForgetsWhoIsOwed(_Spoilt):
    """Keeps the change, and loses the last of those it is owed to."""

    def apply(self, question: str, judge: Callable[..., Any]) -> Any:
        def forgetful(*args: Any) -> Any:
            applied = judge(*args)
            return replace(applied, deliveries=applied.deliveries[:-1])

        return self._spoils.apply(question, forgetful)


MUTANTS = (SentBeforeTheSend, ForgetsTheDoubt, ForgetsEvidence, ForgetsWhoIsOwed)
