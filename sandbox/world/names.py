"""Words the world is made of. Companies are invented and live under .example; towns and postcodes fit their country."""

COMPANY_HEADS = (
    "Alderwick", "Brackenfield", "Carrowmoor", "Dunstable Row", "Elmsgate", "Farrowby", "Glenshira", "Harkstone",
    "Inverlea", "Jesmond Vale", "Kestrelbrook", "Larkhollow", "Merrowdown", "Netherby", "Oakhanger", "Pendlemoor",
    "Quarrydale", "Ravenscar", "Selworthy", "Thornbeck", "Ulverdale", "Vennerton", "Wexcombe", "Yarrowfield",
)  # fmt: skip
COMPANY_TAILS = {
    "GB": ("Tools Ltd", "Supplies Ltd", "Ironmongers", "Hardware LLP", "Trading Ltd"),
    "DE": ("Werkzeuge GmbH", "Handels GmbH", "Baubedarf KG"),
    "FR": ("Outillage SARL", "Fournitures SAS"),
    "ES": ("Suministros SL", "Herramientas SA"),
    "US": ("Tool Co.", "Supply Inc.", "Hardware LLC"),
    "CN": ("五金有限公司", "贸易有限公司", "工具有限公司", "建材有限公司"),
}
CHINESE_HEADS = (
    "青杉", "云栖里", "禾木川", "石桥湾", "望舒", "松间", "白鹭洲", "梧桐巷", "长汀", "归帆",
    "清和", "东篱", "南浦", "北辰坊", "听涛", "远山", "稻香", "澄湖", "流萤", "岁寒",
    "金桂", "玉兰", "海棠", "芦苇", "松涛", "竹溪", "晚枫", "早春", "雨前", "霜降",
)  # fmt: skip
ROLES = {
    "en": ("Purchasing", "purchasing", "buyer", "orders", "procurement"),
    "de": ("Einkauf", "einkauf", "bestellung"),
    "fr": ("Service achats", "achats", "commandes"),
    "es": ("Compras", "compras", "pedidos"),
    "zh_CN": ("采购部", "caigou", "cg", "purchase"),
}
PLACES = {
    "GB": (
        ("London", "", "EC1A 1BB"), ("Leeds", "", "LS1 4AP"), ("Manchester", "", "M1 1AE"), ("Bristol", "", "BS1 4DJ"),
        ("Glasgow", "", "G2 1DU"), ("Cardiff", "", "CF10 1EP"), ("Norwich", "", "NR1 3QG"), ("York", "", "YO1 7HH"),
    ),
    "DE": (
        ("Berlin", "", "10115"), ("Hamburg", "", "20095"), ("München", "", "80331"), ("Köln", "", "50667"),
        ("Leipzig", "", "04109"), ("Nürnberg", "", "90402"),
    ),
    "FR": (("Paris", "", "75010"), ("Lyon", "", "69002"), ("Lille", "", "59000"), ("Nantes", "", "44000")),
    "ES": (
        ("Madrid", "Madrid", "28013"), ("Valencia", "Valencia", "46002"), ("Zaragoza", "Zaragoza", "50003"),
    ),
    "US": (
        ("Columbus", "OH", "43215"), ("Portland", "OR", "97204"), ("Austin", "TX", "78701"), ("Denver", "CO", "80202"),
        ("Madison", "WI", "53703"), ("Raleigh", "NC", "27601"),
    ),
    "CN": (
        ("杭州市", "浙江省", "310000"), ("苏州市", "江苏省", "215000"), ("东莞市", "广东省", "523000"),
        ("青岛市", "山东省", "266000"), ("成都市", "四川省", "610000"), ("武汉市", "湖北省", "430000"),
        ("厦门市", "福建省", "361000"), ("长沙市", "湖南省", "410000"),
    ),
}  # fmt: skip
STREETS = {
    "GB": ("Mill Lane", "Station Road", "Foundry Street", "Canal Wharf", "Market Place"),
    "DE": ("Lindenstraße", "Industrieweg", "Am Güterbahnhof", "Schmiedegasse"),
    "FR": ("rue des Forges", "avenue de la Gare", "quai du Port"),
    "ES": ("Calle de la Forja", "Avenida del Puerto", "Calle Mayor"),
    "US": ("Foundry Street", "Railroad Avenue", "Commerce Drive", "Elm Street"),
    "CN": ("工业园路", "人民路", "解放东路", "长江路"),
}
COUNTRY_NAMES = {
    "GB": "United Kingdom", "DE": "Germany", "FR": "France", "ES": "Spain", "US": "United States", "CN": "中国",
}  # fmt: skip
DIAL = {
    "GB": "+44 20 7946 0", "DE": "+49 30 23125 ", "FR": "+33 1 99 00 0",
    "ES": "+34 900 000 ", "US": "+1 555 0100 ", "CN": "+86 10 5550 0",
}  # fmt: skip
