"""The most frequent characters of the scripts whose old encodings are told apart by frequency.

Running news text is made of these to about two thirds (Chinese, Japanese, Korean) or three
quarters (alphabets); bytes read in the wrong encoding hardly ever hit them. Orthographic facts,
counted from no single source; the order does not matter.
"""

from __future__ import annotations

_HAN_SHARED = (
    "的一是在不了有和人中大上以要他用生到地出就分成可主年工也能下子而方后多定行法所民得三之等部度家"
    "力里如水高自二理起小物加量都制使本去把性好合因由其些然前外天政四日那社平形相全表重新"
    "正心反你明看原又利比或第向道命此只建月公情者最立代想已通展五果料位入常文次品式活及管特"
    "件求老基流路少山接知期根指九放西做先回取色光保治北造百七海口世金思受什六共改清己美再更"
    "打白教速花安身例每目至走示完八精确才科元今集土步石省支市股投回收股日京交易月万行本利息率"
    "增上升下跌今年同比公司市值上海深圳香港美元持有限任委其他向作日前至近消息表示"
    "面事提但伊并份告商技考超布格球意未源控影手券注融低供季周台票板斯校非配推款么存局益型首占朗半售"
    "案容院模降均致感核始查牌准快士服效停普施包算景拉董州客划育露除何引策且德城游依防底望估助阿仍足"
    "王列智端域女片排克航康述素短招巴微食截波初言星江"
)
_SIMPLIFIED_ONLY = (
    "这为个国我们来时对会发经动学说产种进电化实两体机当从业应开还间样与关各线内数点气变条没结解问无"
    "系军很直题党程革总设长头资边级图统将组见计别她运农几区强决被干战则任据处队南给门即规热领东导"
    "器压志济阶油术极联认权证采转单风切带场车真务具万达积议声报斗类离华名张信马节话整空况温传许群广"
    "记现过预调较员显质标险团润让赛该绩势响选销责专尔连试备减仅兴讯盘获医参药买观货难维办红请历态随环终"
    "号双断论编击负块争稳书审状亿银财价额币营购贷债监协欧疫复亏损净额涨幅费税创企乐网户续项约构亚际师视记者称万"
)
_TRADITIONAL_ONLY = (
    "這為個國我們來時對會發經動學說產種進電化實兩體機當從業應開還間樣與關各線內數點氣變條沒結解問無"
    "係軍很直題黨程革總設長頭資邊級圖統將組見計別她運農幾區強決被幹戰則任據處隊南給門即規熱領東導"
    "器壓志濟階油術極聯認權證採轉單風切帶場車真務具萬達積議聲報鬥類離華名張信馬節話整空況溫傳許群廣"
    "記現過預調較員顯質標險團潤讓賽該績勢響選銷責專爾連試備減僅興訊盤獲醫參藥買觀貨難維辦紅請歷態隨環終"
    "號雙斷論編擊負塊爭穩書審狀億銀財價額幣營購貸債監協歐復虧損淨額漲幅費稅創企樂網戶續項約構亞際師視記者稱萬於後里台灣"
)
_FULL_WIDTH = "，。、；：？！“”‘’（）《》「」『』【】—…·％０１２３４５６７８９　"

# The kana, and the kanji of news; the small and voiced forms are frequent enough to count.
_JAPANESE = (
    "あいうえおかがきぎくぐけげこごさざしじすずせぜそぞただちっつてでとどなにぬねのはばひびふぶへべほぼ"
    "まみむめもゃやゅゆょよらりるれろわをん"
    "アイウエオカガキギクグケゲコゴサザシジスズセゼソタダチッツテデトドナニネノハバパヒビピフブプヘベペ"
    "ホボポマミムメモャヤュユョヨラリルレロワンァィェォー"
    "日本人年大十一国月会中東事出者学部時長同行分前生上自社政新場金高発業市円気間立方合開表議経全明理"
    "目内定関対後株今相企投資価増利売買約億万"
)
_KOREAN = (
    "이다의는에을하고가를로은지서기사한도어자나시으인대해과정전일부리수있그것스아보제장주들만라년상관"
    "했여계원말비구동국무공신조성경면연화발치연진적실선모회업분행방간소중세위니으용까거물단요유오출"
    "개내입재금증월억할된및당트체식투러민중앙은매각감될수준새각종문법노환차작우없후등했습니다강했"
)

SIMPLIFIED = frozenset(_HAN_SHARED + _SIMPLIFIED_ONLY + _FULL_WIDTH)
TRADITIONAL = frozenset(_HAN_SHARED + _TRADITIONAL_ONLY + _FULL_WIDTH)
CHINESE = SIMPLIFIED | TRADITIONAL
JAPANESE = frozenset(_JAPANESE + _FULL_WIDTH)
KOREAN = frozenset(_KOREAN + _FULL_WIDTH)

# The dozen most frequent letters, lower case alone: an alphabet's encoding read as another one
# swaps the cases or the letters, and a longer list would be hit by chance.
CYRILLIC = frozenset("оеаинтсрвлкмдпуя«»—")
GREEK = frozenset("αοιετσνηρυκπμάίόέή")
ARABIC = frozenset("اليمنتوربدعة،")
HEBREW = frozenset("יוהלארמתבשנ")
THAI = frozenset("านรอกเงมยลวดทส่้ัี")
WESTERN = frozenset(
    "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœßÀÁÂÄÅÇÈÉÊÍÎÑÓÔÖØÚÜŒ¿¡«»‹›„“”‘’‚–—…•€£©®°§·ºª½¼²³´\xa0"
)
# With the letters of the Latin scripts that have encodings of their own.
LATIN = WESTERN | frozenset("ąćęłńóśźżĄĆĘŁŃŚŹŻčďěňřšťůžČĎŠŽőűăâîșțşţğıİĞŞāēģīķļņūėįųõđĐőŐŰ")
