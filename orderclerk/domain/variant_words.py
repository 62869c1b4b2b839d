"""Words that tell variants of one article apart, in the languages of our customers: colours, sizes, surfaces.

Each concept is one token, so that "blau" finds "blue"; and a colour nobody sells is still known to be a colour.
"""

_CONCEPTS = """
black: schwarz schwarze schwarzer schwarzes schwarzen noir noire noirs noires negro negra negros negras nero
    nera zwart 黑色 黑 neri nere zwarte
white: weiß weiss weiße weisse weißer weisser weißes weißen blanc blanche blancs blanches blanco blanca blancos
    blancas bianco bianca wit 白色 白 bianchi bianche witte
red: rot rote roter rotes roten rouge rouges rojo roja rojos rojas rosso rossa rood 红色 紅色 红 rossi rosse
    rode
blue: blau blaue blauer blaues blauen bleu bleue bleus bleues azul azules blu blauw 蓝色 藍色 蓝 blauwe
navy: dunkelblau marine marino 深蓝色 深蓝 藏青色 藏青 navyblau
green: grün grüne grüner grünes grünen gruen vert verte verts vertes verde verdes groen 绿色 綠色 绿 verdi
    groene
yellow: gelb gelbe gelber gelbes gelben jaune jaunes amarillo amarilla amarillos amarillas giallo gialla geel
    黄色 黃色 黄 gialli gialle gele
orange: oranges orangen naranja naranjas arancione oranje 橙色 橘色 橙 arancioni
purple: violet violett lila violeta morado morada púrpura mauve viola paars 紫色 紫 violetta lilla violets
    violettes violettem
pink: rosa rosado rosada rose roze 粉色 粉红色 粉红 rosas rosados rosadas
brown: braun braune brauner braunes braunen brun brune marron marrón marrones marrone bruin 棕色 褐色 咖啡色
    marroni bruine
grey: gray grau graue grauer graues grauen gris grises grigio grigia grijs 灰色 灰 grigi grigie grijze
silver: silber silbern argent argenté plata plateado argento zilver 银色 银 silberne silberner
gold: golden goldfarben doré oro dorado dorata goud 金色 dorados doradas
beige: 米色
cream: creme crème crema 奶油色 cremefarben
turquoise: türkis turquesa turchese 青绿色 turquesas
transparent: clear klar durchsichtig transparente trasparente 透明 transparentes trasparenti
assorted: mixed gemischt sortiert assorti assortis surtido surtidos misto 混色 混装
small: s klein kleine kleiner kleines kleinen petit petite petits petites pequeño pequeña pequeños pequeñas
    piccolo piccola 小号 piccoli piccole
medium: m mittel mittlere mittelgroß moyen moyenne mediano mediana medio media 中号
large: l big groß gross große grosse großer großes großen grand grande grands grandes grandi groot 大号 grosses
xlarge: xl
xxlarge: xxl 2xl
left: links linke linker gauche izquierdo izquierda sinistro 左 linkes sinistra izquierdos
right: rechts rechte rechter droite droit derecho derecha destro 右 rechtes destra
without: ohne sans sin senza zonder w/o 不带 无
lightblue: hellblau celeste celestes azzurro azzurra lichtblauw 浅蓝色 浅蓝
darkgreen: dunkelgrün dunkelgruen 墨绿色
"""


def _read() -> dict[str, str]:
    found, concept = {}, ""
    for word in _CONCEPTS.split():
        concept = word[:-1] if word.endswith(":") else concept
        found[word.removesuffix(":")] = f"~{concept}"
    return found


VARIANT_WORDS = _read()
"""word (lower case, as written) -> its concept, marked with a tilde."""
