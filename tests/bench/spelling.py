"""How Uyghur names are written in hanzi: a rule of its own for the benchmark, apart from the search's.

A name is cut into consonant and vowel; each pair has the hanzi that people choose for it, newer habits
first. Two habits differ in what they choose, drop and add. Written from lists of spellings in use, and
not reviewed by a native reader.
"""

from __future__ import annotations

import dataclasses
import re
import typing

if typing.TYPE_CHECKING:
    import random

VOWELS = "اەېىوۇۆۈ"
# Consonant: hanzi for it before ا ە ې ى و ۇ ۆ ۈ, then alone. Slashes part a newer from older habits.
_TABLE = {
    "": "阿 艾 艾/伊 伊/依 吾/奥/乌 吾/乌 吾/奥 玉/于 ",
    "ب": "巴/帕 拜/白/拜 拜/比 比/毕 波/包 布/不 波/布 布/不 普/甫/布",
    "پ": "帕/巴 派/帕/排 派/培 皮/比 坡/波/普 普/甫 坡/普 普/甫 普/甫",
    "ت": "塔/它/达 泰/台/太 铁/太 提/铁/依提 托/妥/托 图/吐 铁/托/图 图/吐 提/特/德",
    "ج": "加/贾/扎 杰/加/吉 杰/加 吉/计/杰 焦/交/觉 居/朱/久 觉/居 居/朱 吉/奇/只",
    "چ": "恰/查 且/切/其 且/切 其/奇/齐 乔/巧/超 曲/楚 乔/却 曲/楚 其/奇/切",
    "خ": "哈/海 海/合/哈 海/合 希/黑/依 霍/和/豪 胡/呼/霍 霍/和 胡/呼 合/赫/哈",
    "د": "达/大 代/带/达 代/德 迪/地/德 多/道/都 杜/都 多/都 杜/都 德/提/特",
    "ر": "拉/热/然 热/来/莱 热/来 日/里/热 肉/罗/若 如/茹/鲁 肉/如 如/吕 尔",
    "ز": "扎/再/孜 则/再/孜 再/则 孜/子/则 佐/祖/卓 祖/佐/足 佐/祖 祖/足 孜/子/则",
    "س": "萨/沙/撒 赛/色/塞 赛/色 斯/西/司 索/苏 苏/素 索/苏 苏/素/许 斯/司/什",
    "ش": "夏/沙/恰 谢/夏/西 谢/西 西/希/什 肖/雪/少 舒/许/西 雪/肖 许/舒/旭 西/什/希",
    "غ": "尕/嘎/阿 艾/盖/海 艾/盖 格/吉/尼 吾/果/乌 吾/古/乌 果/吾 古/吾 格/合/克",
    "ف": "帕/法 派/法 菲/派 菲/皮/非 坡/佛 普/甫/夫 坡 普/甫 甫/夫/普",
    "ق": "卡/喀/哈 凯/开/卡 克/开 克/合/格 阔/霍/科 库/胡/古 阔/霍 库/胡 克/合/格",
    "ك": "卡/喀 凯/开/克 克/开/凯 克/科/基 阔/库/科 库/苦/古 阔/库/科 库/苦/克 克/可/克",
    "گ": "尕/嘎/加 盖/格/改 盖/格 吉/格/基 果/高/戈 古/谷 果/高/戈 古/居/谷 格/克/格",
    "ل": "拉/腊/来 莱/来/拉 莱/来/里 力/里/丽 罗/洛/鲁 鲁/卢/路 洛/罗 吕/鲁/卢 力/勒/里",
    "م": "马/玛/麻 麦/买/迈 麦/买 米/密/明 莫/毛/木 穆/木/莫 莫/木/毛 穆/木 木/姆/目",
    "ن": "纳/那/娜 奈/乃/耐 奈/乃 尼/妮/泥 诺/努/脑 努/奴/怒 诺/努 努/女 恩/尼/因",
    "ھ": "哈/阿/海 艾/海/合 海/艾/合 伊/依/希 吾/火/霍 吾/胡/乎 吾/霍/玉 玉/吾/胡 合/赫/阿",
    "ۋ": "瓦/娃/哇 外/韦/瓦 韦/外 维/伟/威 沃/吾 吾/乌 沃/吾 吾/玉 吾/乌/夫",
    "ي": "亚/牙/雅 耶/也/叶 耶/叶 伊/依/义 约/尤/尧 尤/玉/由 约/玉 玉/于/尤 依/伊/衣",
    "ڭ": "阿 艾 艾 伊 吾 吾 吾 玉 恩/昂",
    "ژ": "加 杰 杰 吉 焦 居 觉 居 吉",
}
# Consonant and vowel class with a closing n, where one hanzi is usual.
_CLOSED = {
    "جا": "江/建", "خا": "汗/罕", "ھا": "汗/罕", "ما": "曼/满", "سا": "散/桑", "دا": "丹/旦", "تا": "坦/旦",
    "قا": "坎/汗", "لا": "兰/拉尼", "را": "然/兰", "زا": "赞/赞", "ۋا": "万/完", "شا": "山/尚", "يا": "燕/彦",
    "ا": "安",
    "دى": "丁/定", "مى": "敏/明", "مە": "曼/满", "لى": "林/琳", "كى": "肯/金", "سى": "森/辛",
    "تى": "廷/丁", "رى": "仁/林", "شى": "辛/新", "سۇ": "荪/逊/孙", "خۇ": "洪/浑", "لۇ": "伦/论",
    "تۇ": "通/屯",
    "قۇ": "昆/坤", "نۇ": "农/依农", "غۇ": "贡/洪/洪", "زۇ": "尊/宗", "شە": "山/先", "سە": "散/山",
    "يۇ": "云/永",
    "ە": "艾恩/安", "ې": "艾恩", "بۇ": "奔/本", "غا": "甘/坎",
}  # fmt: skip
_ENDINGS = {
    "گۈل": "古丽/古力", "ئاي": "阿依/阿衣", "جان": "江/江", "نىسا": "尼萨/尼沙/妮萨", "خان": "汗/罕",
    "ئاخۇن": "阿洪/阿浑", "نۇر": "努尔/奴尔", "قىز": "克孜/克孜", "مۇھەممەت": "麦麦提/买买提/穆罕默德",
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Habit:
    """How somebody writes: how often newer choices are taken, and what is left out."""

    newer: float
    drops_r: float
    drops_h: float
    older_l: float


HABITS = {"newer": Habit(0.75, 0.02, 0.1, 0.05), "older": Habit(0.3, 0.06, 0.2, 0.15)}


def hanzi(name: str, habit: Habit, chance: random.Random) -> str:
    """One spelling of a Uyghur given name in hanzi."""
    head, tail = name, ""
    for ending, written in _ENDINGS.items():
        if name.endswith(ending) and len(name) > len(ending) + 1:
            head, tail = name[: -len(ending)], _chosen(written, habit, chance)
            break
    if head.startswith("ئابدۇ"):
        first = _chosen("阿卜杜/阿布都/阿不都", habit, chance)
        return first + _spelled(head[5:], habit, chance) + tail
    return _spelled(head, habit, chance) + tail


def _spelled(name: str, habit: Habit, chance: random.Random) -> str:
    letters = re.sub(r"(.)\1", r"\1", name.replace("ئ", "'"))
    out, place = [], 0
    while place < len(letters):
        consonant = "" if letters[place] in VOWELS + "'" else letters[place]
        place += letters[place] not in VOWELS
        vowel = letters[place] if place < len(letters) and letters[place] in VOWELS else ""
        place += bool(vowel)
        closes = letters[place : place + 1] == "ن" and letters[place + 1 : place + 2] not in VOWELS
        closes = closes or letters[place:] == "ن"
        closed = _CLOSED.get(consonant + vowel)
        if vowel and closes and closed:
            out.append(_chosen(closed, habit, chance))
            place += 1
        else:
            out.append(_syllable(consonant, vowel, habit, chance))
    return "".join(out)


def _syllable(consonant: str, vowel: str, habit: Habit, chance: random.Random) -> str:
    if not vowel:
        if consonant == "ر" and chance.random() < habit.drops_r:
            return ""
        if consonant == "ھ" and chance.random() < habit.drops_h:
            return ""
        if consonant == "ل" and chance.random() < habit.older_l:
            return "尔"
    if consonant == "" and not vowel:
        return ""
    cells = _TABLE[consonant].split(" ")
    return _chosen(cells[VOWELS.index(vowel) if vowel else 8], habit, chance)


def _chosen(cell: str, habit: Habit, chance: random.Random) -> str:
    options = cell.split("/")
    return options[0] if chance.random() < habit.newer else chance.choice(options)
