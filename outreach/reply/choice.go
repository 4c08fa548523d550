package reply

import "strings"

// choice is the number of the slot that is taken, of so many on offer; 0
// without one, or when several are named or the text asks for something else.
func choice(s said, offered int) int {
	for _, c := range s.clauses {
		if has(c.words, "later earlier different another other instead-of reschedule rearrange postpone move change push") ||
			holds(c.text, "改期", "改到", "改成", "改约", "换个", "推迟", "推到", "挪", "都不行", "都没空", "都不方便") && !holds(c.text, "只能") {
			return 0
		}
	}
	var found []int
	corrected := false
	for _, c := range s.clauses {
		corrected = corrected || has(c.words, "actually sorry rather correction mean") || holds(c.text, "不对", "还是", "改选", "错了")
		found = append(found, chosen(c, offered)...)
	}
	if len(found) == 0 {
		return 0
	}
	n := found[len(found)-1]
	for _, x := range found {
		if x != n && !corrected {
			return 0
		}
	}
	return n
}

// chosen lists the slots that a clause takes.
func chosen(c clause, offered int) []int {
	if n := chosenZH(c.text, offered); n > 0 {
		return []int{n}
	}
	var found []int
	for i, w := range c.words {
		before, behind := c.words[:i], c.words[i+1:]
		if n := numeral(w); n > 0 && taken(before, w) && ends(behind) {
			found = append(found, n)
		} else if n := ordinal(w, offered); n > 0 && !has(before, "not cant cannot except") &&
			(begins(behind, "one") || has(head(behind, 1), "slot option choice appointment") || w != "last" && has(head(behind, 1), "time") ||
				len(behind) == 0 && len(before) > 0 && before[i-1] == "the" && !strings.ContainsAny(w, "123")) {
			found = append(found, n)
		}
	}
	return found
}

// numeral reads a digit or a word for one.
func numeral(w string) int {
	switch w {
	case "one", "一":
		return 1
	case "two", "二":
		return 2
	case "three", "三":
		return 3
	}
	if len(w) == 1 && w[0] >= '1' && w[0] <= '9' {
		return int(w[0] - '0')
	}
	return 0
}

func ordinal(w string, offered int) int {
	switch w {
	case "first", "1st", "earliest", "soonest":
		return 1
	case "second", "2nd", "middle":
		return 2
	case "third", "3rd":
		return 3
	case "last":
		return offered
	}
	return 0
}

// taken tells whether the words before a number choose it.
func taken(before []string, number string) bool {
	if len(before) == 0 {
		return true
	}
	last := before[len(before)-1]
	if has(before[max(0, len(before)-2):], "not cant cannot except dont") {
		return false
	}
	if number == "one" && anyOf(last, "the this that") {
		return false
	}
	return anyOf(last, "option slot number no nr num choice choose pick take takes taking with for book reply it down guess have lets do "+
		"want prefer yes yeah yep ok okay sure please pls hi hello say then so is 好 好的 可以 行 选 选择 回复 回 约 要 就 嗯 ok好")
}

// ends tells whether nothing that a number counts stands behind it.
func ends(behind []string) bool {
	return len(behind) == 0 || anyOf(behind[0], "please pls plz thanks thank thx ty ta cheers works work is suits sounds looks would "+
		"will for and then it if fine good great ok okay yes sure but as") || strings.ContainsAny(behind[0], "吧谢麻可行好")
}

// chosenZH reads a clause of nothing but a number and words that choose it.
func chosenZH(text string, offered int) int {
	if holds(text, "最后一个", "最后那个", "最晚") && !holds(text, "不") {
		return offered
	}
	if holds(text, "最早") && !holds(text, "有没有", "不", "最早几") {
		return 1
	}
	rest := strings.NewReplacer("好的", "", "可以", "", "谢谢", "", "麻烦", "", "感恩", "", "那就", "", "选择", "", "选", "", "回复", "", "回", "",
		"预约", "", "预订", "", "订", "", "定", "", "约", "", "时段", "", "时间", "", "选项", "", "第", "", "那个", "", "个", "", "项", "", "我", "",
		"就", "", "要", "", "是", "", "吧", "", "了", "", "啊", "", "呢", "", "好", "", "行", "", "嗯", "", "整", "", "option", "", "请", "", "给", "",
		"帮", "", "排", "", "按", "", "去", "", "哈", "", "yes", "", "ok", "").Replace(text)
	if strings.ContainsAny(text, "一二三两") && !holds(text, "第", "选", "回", "约", "要", "就") && len([]rune(text)) > 1 && holds(text, "个") {
		return 0 // 一个: how many, not which
	}
	if rest == "" || strings.Contains(text, "不") {
		return 0
	}
	if rest == "两" {
		return 2
	}
	return numeral(rest)
}
