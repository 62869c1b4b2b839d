"""Addresses as six languages write them: on lines, between commas, from large to small and from small to large."""

import pytest

from connectors.mail.addresses import read_address
from connectors.mail.body import read_body
from connectors.mail.day_phrases import find_days

# text (| parts its lines): recipient; street; city; region; postal code; country
READ = {
    "Tidewater Office Products Ltd, Warehouse 71, Dock Road, Dublin, D02 X285, Ireland":
        "Tidewater Office Products Ltd; Warehouse 71, Dock Road; Dublin; ; D02 X285; IE",
    "Rheintal Handels GmbH & Co. KG, Am Markt 22, 04109 Leipzig, Deutschland":
        "Rheintal Handels GmbH & Co. KG; Am Markt 22; Leipzig; ; 04109; DE",
    "Casa Bella S.p.A., Via Garibaldi 21, 40121, Bologna (BO), Italia":
        "Casa Bella S.p.A.; Via Garibaldi 21; Bologna; BO; 40121; IT",
    "Ferramenta Nuova S.r.l., Via Roma, 15, 10121 Torino TO, Italie":
        "Ferramenta Nuova S.r.l.; Via Roma, 15; Torino; TO; 10121; IT",
    "Copperfield LLP|Warehouse 72, Dock Road|Edinburgh|EH2 2ER|Vereinigtes Königreich":
        "Copperfield LLP; Warehouse 72, Dock Road; Edinburgh; ; EH2 2ER; GB",
    "Sierra Norte S.A. de C.V.|Calle Mayor, 77|44100 Guadalajara, Jalisco, México":
        "Sierra Norte S.A. de C.V.; Calle Mayor, 77; Guadalajara; Jalisco; 44100; MX",
    "Calder Inc.|48 Station Road|Portland, OR 97205|USA": "Calder Inc.; 48 Station Road; Portland; OR; 97205; US",
    "1 Main St, Wilmington, DE 19702": "; 1 Main St; Wilmington; DE; 19702; ",
    "100 King St W, Toronto ON M5V 2T6, Canada": "; 100 King St W; Toronto; ON; M5V 2T6; CA",
    "Luxembourg Trading S.à r.l.|12 rue de la Gare|L-1234 Luxembourg":
        "Luxembourg Trading S.à r.l.; 12 rue de la Gare; Luxembourg; ; 1234; LU",
    "Keizersgracht 12|1015 CN Amsterdam|Nederland": "; Keizersgracht 12; Amsterdam; ; 1015 CN; NL",
    "Max Meier|Hauptstr. 5|D-50667 Köln": "Max Meier; Hauptstr. 5; Köln; ; 50667; DE",
    "3 bis, avenue Jean Jaurès|59800 Lille|Tel. +33 3 20 12 34 56": "; 3 bis, avenue Jean Jaurès; Lille; ; 59800; ",
    "Acme, S.L., C/ San Vicente, 96, bajo, 41001 Sevilla": "Acme, S.L.; C/ San Vicente, 96, bajo; Sevilla; ; 41001; ",
    "四川省成都市香港中路61号|成都永昌办公用品有限公司|邮编 610041":
        "成都永昌办公用品有限公司; 香港中路61号; 成都市; 四川省; 610041; CN",
    "科技园路15号|200120 上海市": "; 科技园路15号; 上海市; 上海市; 200120; CN",
    "深圳南山区科技路1号3栋，张伟 收，13800138000": "张伟; 南山区科技路1号3栋; 深圳; ; ; CN",
    "Recepción|Calle Mayor 5|Madrid 28013|ES": "Recepción; Calle Mayor 5; Madrid; ; 28013; ES",
    "Lager Süd|Prinsengracht 9|Utrecht 3511 AB|NL": "Lager Süd; Prinsengracht 9; Utrecht; ; 3511 AB; NL",
    "Goods inwards|西湖区文三路90号|杭州市 310012|CN": "Goods inwards; 西湖区文三路90号; 杭州市; ; 310012; CN",
    "Acme House 12|成都市高新区天府大道88号|Room 302|610041|China": "Acme House 12; 高新区天府大道88号 Room 302; 成都市; ; 610041; CN",
    "中环皇后大道1号|Hong Kong": "; 中环皇后大道1号; ; ; ; HK",
    "Our usual warehouse": "; Our usual warehouse; ; ; ; ",
    "Main Street 1234": "; Main Street 1234; ; ; ; ",
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_an_address_is_taken_apart_as_a_postman_does(text: str, expected: str) -> None:
    found = read_address(text.replace("|", "\n"))
    parts = (found.recipient, found.street, found.city, found.region, found.postal_code, found.country)
    assert "; ".join(parts) == expected


# lines of a mail (| parts them): what stands in it to deliver to
BLOCKS = {
    "Merci de livrer à l'adresse suivante :|Acme SARL|23 rue Basse|69002 Lyon|France||Salutations": "Acme SARL|23 rue Basse|69002 Lyon|France",
    "Deliver to our warehouse:||Acme Inc.||48 Station Road||Portland, OR 97205||USA||Best regards,||Bob": "Acme Inc.|48 Station Road|Portland, OR 97205|USA",
    "Entregar en:\tAcme S.L., Plaza Mayor, 3, 48001|Bilbao, España|Saludos": "Acme S.L., Plaza Mayor, 3, 48001|Bilbao, España",
    "收货地址|江苏省苏州市科技园路15号, 苏州嘉禾茶业有限公司, 邮编 215021|货币": "江苏省苏州市科技园路15号, 苏州嘉禾茶业有限公司, 邮编 215021",
    "Destinazione: Acme S.r.l., Via Roma, 15, 10121 Torino (TO), Italia|Divisa: EUR": "Acme S.r.l., Via Roma, 15, 10121 Torino (TO), Italia",
    "Invoice address:|Acme Ltd|12 High Street|London SW1A 1AA": "",
    "Please send the invoice to:|Acme Ltd|12 High Street|London SW1A 1AA": "",
    "Please confirm the delivery date.|Acme Ltd|12 High Street|London SW1A 1AA": "",
    "Shipping boxes for the warehouse: 20": "",
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), BLOCKS.items())
def test_an_address_is_all_that_stands_below_its_label_and_no_more(text: str, expected: str) -> None:
    assert read_body(text.split("|")).fields.first("deliver_to").replace("\n", "|") == expected


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("Merci de livrer comme notre commande 0485/31 du 3 septembre.", []),
        ("Please deliver the same as our order 4711 of 3 September by 17 December please.", ["17 December"]),
        ("请于第51周前送达。", ["第51周前"]),
        ("今天有几张订单，请分开发货：", []),
        ("请今天发货。", ["今天"]),
        ("请重复9月3日的订单，12月15日前送到。", ["12月15日前"]),
    ],
)
def test_only_days_to_deliver_on_are_asked_for(sentence: str, days: list[str]) -> None:
    assert [day for _, _, day in find_days(sentence)] == days
