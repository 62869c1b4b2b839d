"""Settings: what may stand where, and what people read when it does not."""

import os
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from orderclerk.settings import Settings, load_settings, write_default
from orderclerk.settings_checks import MAIL_SECRETS, SHOP_SECRETS, SettingsError
from orderclerk.settings_sections import (
    DeskSettings,
    FileSettings,
    MailSettings,
    PolicySettings,
    SenderSettings,
    ServerSettings,
    ShopSettings,
)

DESK = '[desk]\nname = "Harbour"\naddress = "o@example.com"\nteam = "t@example.com"\n'
MAIL = '[mail]\nhost = "imap.example.com"\nuser = "o@example.com"\nsmtp_host = "smtp.example.com"\n'
SECTIONS = (
    DeskSettings, MailSettings, ShopSettings, FileSettings, PolicySettings, ServerSettings, SenderSettings,
)  # fmt: skip
PASSWORD = {"ORDERCLERK_MAIL_PASSWORD": "hush"}


def home_with(folder: Path, text: str) -> Path:
    (folder / "orderclerk.toml").write_text(text, encoding="utf-8")
    return folder


def complaint(folder: Path, text: str, **environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(home_with(folder, text), environment)
    return str(caught.value)


def test_a_desk_of_files_and_phone_needs_four_lines(tmp_path):
    settings = load_settings(home_with(tmp_path, DESK), {})
    assert settings.mail is None
    assert settings.channels == ("files",)
    assert settings.files.folder == tmp_path / "var" / "drop"


def test_secrets_come_from_the_environment_and_never_show(tmp_path):
    settings = load_settings(home_with(tmp_path, DESK + MAIL), PASSWORD)
    assert settings.required_mail().password == "hush"
    assert "hush" not in repr(settings)


def test_environment_wins_over_secrets_env(tmp_path):
    (tmp_path / "secrets.env").write_text("# ours\nexport ORDERCLERK_MAIL_PASSWORD='filed'\n", encoding="utf-8")
    (tmp_path / "secrets.env").chmod(0o600)
    home = home_with(tmp_path, DESK + MAIL)
    assert load_settings(home, {}).required_mail().password == "filed"
    assert load_settings(home, PASSWORD).required_mail().password == "hush"


def test_secrets_env_that_others_can_read_is_refused_with_the_remedy(tmp_path):
    (tmp_path / "secrets.env").write_text("ORDERCLERK_SECRET=x\n", encoding="utf-8")
    (tmp_path / "secrets.env").chmod(0o644)
    assert "chmod 600" in complaint(tmp_path, DESK)


def test_every_missing_setting_is_named_at_once_with_an_example(tmp_path):
    told = complaint(tmp_path, "[desk]\nname = 'x'\n[mail]\nuser = 'x'\n")
    assert 'address = "orders@example.com"' in told
    assert 'team = "desk@example.com"' in told
    assert 'host = "imap.example.com"' in told
    assert "smtp_host" in told


def test_every_missing_secret_is_named_with_where_to_put_it(tmp_path):
    shops = "".join(
        f'[shops.{name}]\nkind = "{kind}"\nurl = "https://x"\n'
        for name, kind in (("north-eu", "shopify"), ("b", "woocommerce"))
    )
    told = complaint(tmp_path, DESK + MAIL + shops)
    for name in ("MAIL_PASSWORD", "SHOP_NORTH_EU_TOKEN", "SHOP_B_KEY", "SHOP_B_SECRET"):
        assert f"ORDERCLERK_{name}=... into secrets.env" in told


def test_a_misspelt_setting_gets_a_suggestion(tmp_path):
    assert "did you mean reply_to?" in complaint(tmp_path, DESK + 'replyto = "x"\n')


@pytest.mark.parametrize("text", [MAIL + 'password = "x"', '[shops.n]\nkind = "shopify"\nurl = "u"\ntoken = "t"'])
def test_a_secret_in_the_file_is_refused(tmp_path, text):
    assert "does not belong here" in complaint(tmp_path, DESK + text)


@pytest.mark.parametrize("text", ["[desk", "desk = 3", 'mail = "x"\n' + DESK, "[shops]\nnorth = 1\n" + DESK])
def test_a_broken_file_is_one_clear_error(tmp_path, text):
    assert "orderclerk.toml" in complaint(tmp_path, text)


@pytest.mark.parametrize("name", ["mail", "files", "phone", "Üb"])
def test_a_shop_cannot_take_another_channels_name(tmp_path, name):
    told = complaint(tmp_path, DESK + f'[shops."{name}"]\nkind = "shopify"\nurl = "https://x"\n')
    assert "name of its own" in told


def test_an_unknown_home_says_what_to_run(tmp_path):
    with pytest.raises(SettingsError, match="orderclerk init"):
        load_settings(tmp_path / "nowhere", {})


def test_a_senders_mapping_is_kept_with_its_name(tmp_path):
    text = (
        DESK
        + '[files.senders.uci]\ncancel_prefix = "C"\ncharge_items = ["POST"]\ncolumns = { order_ref = "Invoice" }\n'
    )
    sender = load_settings(home_with(tmp_path, text), {}).files.senders["uci"]
    assert (sender.sender, sender.charge_items, sender.columns["order_ref"]) == ("uci", ("POST",), "Invoice")


def test_shops_confirm_and_others_offer_unless_said(tmp_path):
    text = DESK + '[shops.a]\nkind = "shopify"\nurl = "https://x"\n[policy.answer_by_channel]\nphone = "confirm"\n'
    settings = load_settings(home_with(tmp_path, text), {"ORDERCLERK_SHOP_A_TOKEN": "t"})
    assert settings.house_policy().binding == {"a", "phone"}


def test_an_answer_for_no_channel_is_refused(tmp_path):
    assert "no channel here" in complaint(tmp_path, DESK + '[policy.answer_by_channel]\nfax = "offer"\n')


def test_relative_paths_are_of_the_home(tmp_path):
    settings = load_settings(
        home_with(tmp_path, DESK + MAIL + 'ca_file = "ca.pem"\n[files]\nfolder = "in"\n'), PASSWORD
    )
    assert settings.required_mail().ca_file == str(tmp_path / "ca.pem")
    assert settings.files.folder == tmp_path / "in"


def test_the_default_file_is_valid_and_shows_every_setting(tmp_path):
    path = write_default(tmp_path)
    load_settings(tmp_path, {})
    text = path.read_text(encoding="utf-8")
    (tmp_path / "orderclerk.toml").write_text(re.sub(r"(?m)^# (?=[a-z_]+ = |\[)", "", text), encoding="utf-8")
    secrets = {"ORDERCLERK_MAIL_PASSWORD": "x", "ORDERCLERK_SHOP_NORTH_TOKEN": "x"}
    assert load_settings(tmp_path, secrets).shops["north"].kind == "shopify"
    for section in (
        DeskSettings,
        MailSettings,
        ShopSettings,
        FileSettings,
        PolicySettings,
        ServerSettings,
        SenderSettings,
    ):
        hidden = {*MAIL_SECRETS, *SHOP_SECRETS, "name", "sender", "senders"}
        for setting in {f.name for f in fields(section)} - hidden:
            assert re.search(rf"(?m)^(# )?\[?[a-z_.]*\b{setting}\b", text), f"default.toml does not show {setting}"


def test_init_overwrites_nothing(tmp_path):
    home_with(tmp_path, "mine")
    with pytest.raises(SettingsError, match="exists already"):
        write_default(tmp_path)
    assert (tmp_path / "orderclerk.toml").read_text() == "mine"


def test_the_signing_secret_is_made_once_and_for_its_owner_only(tmp_path):
    settings = load_settings(home_with(tmp_path, DESK), {})
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: Settings.secret(settings), range(8)))
    assert len(made) == 1
    assert stat.S_IMODE(os.stat(tmp_path / "var" / "secret").st_mode) == 0o600
    assert load_settings(tmp_path, {"ORDERCLERK_SECRET": "ours"}).secret() == b"ours"
