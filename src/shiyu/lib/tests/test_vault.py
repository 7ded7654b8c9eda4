"""What is sealed opens only with its own key, in its own place, unchanged, and never again once the key is gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiyu.lib.vault import AesGcm, Unopenable, Vault, keys_in

OLD, NEW = "old:" + "a" * 40, "new:" + "b" * 40
VAULT = Vault(keys_in(OLD), b"trace" * 8, AesGcm())
ROTATED = Vault(keys_in(f"{NEW}\n{OLD}"), b"trace" * 8, AesGcm())


@given(st.text())
def test_what_was_sealed_opens_again(text: str) -> None:
    key = VAULT.new_key("m1")
    assert VAULT.open(key, VAULT.seal(key, text, "m1", "name"), "m1", "name") == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    key = VAULT.new_key("m1")
    assert VAULT.seal(key, "张三", "m1", "name") != VAULT.seal(key, "张三", "m1", "name")


@given(st.integers(0, 40), st.integers(1, 255))
def test_one_changed_byte_is_noticed(place: int, change: int) -> None:
    key = VAULT.new_key("m1")
    sealed = bytearray(VAULT.seal(key, "0888-5100000", "m1", "phone"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(Unopenable):
        VAULT.open(key, bytes(sealed), "m1", "phone")


def test_a_sealed_text_does_not_open_in_another_row_or_field() -> None:
    key, other = VAULT.new_key("m1"), VAULT.new_key("m2")
    sealed = VAULT.seal(key, "张三", "m1", "name")
    for wrapped, about, field in ((key, "m1", "phone"), (key, "m2", "name"), (other, "m2", "name")):
        with pytest.raises(Unopenable):
            VAULT.open(wrapped, sealed, about, field)


def test_a_destroyed_key_opens_nothing() -> None:
    sealed = VAULT.seal(VAULT.new_key("m1"), "张三", "m1", "name")
    with pytest.raises(Unopenable):
        VAULT.open("", sealed, "m1", "name")


def test_keys_change_while_sealed_texts_stay() -> None:
    key = VAULT.new_key("m1")
    sealed = VAULT.seal(key, "张三", "m1", "name")
    anew = ROTATED.wrap_anew(key, "m1")
    assert anew.startswith("new:") and ROTATED.wrap_anew(anew, "m1") == anew
    assert ROTATED.open(anew, sealed, "m1", "name") == ROTATED.open(key, sealed, "m1", "name") == "张三"
    only_new = Vault(keys_in(NEW), b"trace" * 8, AesGcm())
    assert only_new.open(anew, sealed, "m1", "name") == "张三"
    with pytest.raises(Unopenable):
        only_new.open(key, sealed, "m1", "name")


def test_a_trace_finds_the_same_text_and_survives_a_change_of_keys() -> None:
    assert VAULT.trace("13900000000", "phone") == ROTATED.trace("13900000000", "phone")
    assert VAULT.trace("13900000000", "phone") != VAULT.trace("13900000001", "phone")
    assert VAULT.trace("13900000000", "phone") != VAULT.trace("13900000000", "pin")


@pytest.mark.parametrize("text", ["", "a:short", "a:" + "x" * 40 + ",a:" + "y" * 40, "x" * 50])
def test_keys_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="sealing key"):
        keys_in(text)
