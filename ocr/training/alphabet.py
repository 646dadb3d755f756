"""The signs that the recognizer knows: what Korean medical paper prints."""

import unicodedata

_ASCII = "".join(map(chr, range(0x21, 0x7F)))
SIGNS = (
    "·•‧…※′″‘’“”「」『』《》〈〉【】〔〕（），．：；！？～"
    "±×÷≤≥≠≒∞√∑−–—→←↑↓↔⇒▲△▼▽◆◇■□▣●○◎★☆☑☐✓√℃°‰￦₩€¥§¶†©®™"
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅰⅱⅲⅳⅴ㉠㉡㉢㉣㈜㈔½⅓¼¾²³¹₂"
    "αβγδεθκλμπσφωΔΣΩ㎎㎏㎖㎗㏄㎜㎝㎞㎡㎥ℓ㎍㎕㎶㎷Å"
)
_JAMO = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎㄲㄸㅃㅆㅉㅏㅑㅓㅕㅗㅛㅜㅠㅡㅣㅐㅔ"
HANJA = (
    "診斷書處方箋領收證入退院確認通治療所見意狀死亡出生明手術記錄檢查結果姓名住民登番號年齡性別男女月日"
    "址電話職業病醫師免許科內外小兒産婦人耳鼻咽喉眼皮膚泌尿器神經精整形成放射線麻醉痛症家庭豫防注投藥劑"
    "服用前後食朝夕午晝夜回分間隔包錠丸湯散膏液血壓脈搏體溫呼吸身長重量糖蛋白心圖肺胃腸肝膽腎脾胸腹頭頸肩"
    "腰背膝足腕指骨折傷炎癌瘍腫瘤熱咳痰嘔吐下便秘黃疸浮眩暈失中風高低貧再初來訪發行交付申請代理受給本負擔金"
    "額總計合未納料保險公團國健康勤勞災害自動車事故度第原因直接先種類期自至以上如右左兩側有無正異常陰陽可否不"
    "良好急慢亞論判定備考參照添寫甲乙丙丁印章署捺廳市郡區邑面洞里道路街地大韓副室課係當者責任管看護士助務局司"
    "法規則條項款目表紙樣式單位數價格稅除對象律施令一二三四五六七八九十百千萬億元圓時秒父母子妻夫孫兄弟姉妹主"
    "客氏貴下殿謹啓敬具特許可能力的化學性質部門開閉業所在氏名宿患旣往歷現家族加療要必安靜勞働復職休學校提出用"
)
BEYOND_KS = "똠펲햏챌뷁쌰믜꽥낵썅쥴됭띡볌뺜샾쎼윙죡줜팤퓻헠됬햔숖훕빢쟝쥰궤뇽뵜슌죵닁찟뢔"

BLANK = 0
"""Class of no sign, between two signs."""


def alphabet() -> tuple[str, ...]:
    """Return every class's sign, class 0 (no sign) as an empty string, then the space.

    New signs go to the end: a model trained with fewer goes on from where it was.
    """
    known = ["", " ", *_ASCII, *SIGNS, *_JAMO, *HANJA, *ks_syllables(), *BEYOND_KS]
    return tuple(dict.fromkeys(known))


def ks_syllables() -> str:
    """Return the 2,350 syllables of KS X 1001, which print of the last forty years is set in."""
    rows = range(0xB0, 0xC9)
    return "".join(
        bytes((row, cell)).decode("euc-kr") for row in rows for cell in range(0xA1, 0xFF)
    )


def letters_of(syllable: str) -> tuple[int, int, int] | None:
    """Return the numbers of a syllable's first, middle and last letter; None for another sign."""
    place = ord(syllable) - 0xAC00 if len(syllable) == 1 else -1
    if not 0 <= place < 11172:
        return None
    return place // 588, place // 28 % 21, place % 28


def plain(text: str) -> str:
    """Return a text in composed syllables, spaces single and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())
