package reply

import (
	"slices"
	"strconv"
	"strings"
)

// choice is the number of the slot that is taken, of so many on offer; 0
// without one, or when several are named or the text asks for something else.
func choice(s said, offered int) int {
	var found []int
	corrected := false
	if elsewhen(s) {
		return 0
	}
	for _, c := range s.clauses {
		corrected = corrected || has(c.words, "correction") || holds(c.text, "correction-zh")
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
	if s.listsSeveral() || corrected && s.lastNumber(offered) != n {
		return 0
	}
	return n
}

// listsSeveral is for "1, 2 or 3, all fine" and 2、3都可以: none of them is chosen.
func (s said) listsSeveral() bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		for i, w := range c.words {
			if c.excludes() {
				break // "can't do 1 or 2"
			}
			if in(w, "several") && i+1 < len(c.words) && numberIn(c.words[i+1]) > 0 && (i == 0 || numberIn(c.words[i-1]) > 0) {
				return true
			}
		}
		n, rest := leading(c.text)
		return n > 0 && n < 4 && strings.HasPrefix(rest, "都") && len(s.clauses) > 1
	})
}

// lastNumber is the last number of a slot in a text: behind a correction nothing else
// is taken. Without one it is 0.
func (s said) lastNumber(offered int) int {
	for _, c := range slices.Backward(s.clauses) {
		for _, r := range slices.Backward([]rune(c.text)) {
			if n := numeral(string(r)); n > 0 && n <= offered {
				return n
			}
		}
		for _, w := range slices.Backward(c.words) {
			if n := max(numeral(w), ordinal(w, offered)); n > 0 && n <= offered {
				return n
			}
		}
	}
	return 0
}

// elsewhen tells whether another time is asked for.
func elsewhen(s said) bool {
	return slices.ContainsFunc(s.clauses, func(c clause) bool {
		words := withoutPhrase(c.words, []string{"too", "much"})
		return has(words, "elsewhen") || holds(c.text, "elsewhen-zh") && !holds(c.text, "others-refused-zh") && !c.onlyThen()
	})
}

// chosen lists the slots that a clause takes.
func chosen(c clause, offered int) []int {
	if c.illTimed() {
		return nil
	}
	if n := chosenZH(c.text, offered); n > 0 {
		return []int{n}
	}
	var found []int
	if next(c.words, "how", "which", "what", "whats", "why") {
		return nil
	}
	for i, w := range c.words {
		before, behind := c.words[:i], c.words[i+1:]
		if turnedDown(behind) {
			continue
		}
		if n := numeral(praised(w, behind)); n > 0 && taken(before, w) && ended(behind) {
			found = append(found, n)
		} else if n := ordinal(w, offered); n > 0 && !has(before, "not-this") && pointed(w, before, behind) {
			found = append(found, n)
		}
	}
	return found
}

// numeral reads a digit or a word for one.
func numeral(w string) int {
	switch w {
	case "one", "一", "壹":
		return 1
	case "two", "二", "两", "贰":
		return 2
	case "three", "三", "叁":
		return 3
	}
	if len(w) == 1 && w[0] >= '1' && w[0] <= '9' {
		return int(w[0] - '0')
	}
	return 0
}

// notOther is for what stands behind "3 not 1".
func notOther(behind []string) bool {
	return len(behind) == 2 && behind[0] == "not" && numeral(behind[1]) > 0
}

// praised is two of "two's good" and "2please".
func praised(w string, behind []string) string {
	if rest, found := strings.CutSuffix(w, "please"); found && len(rest) == 1 {
		return rest
	}
	if rest, found := strings.CutSuffix(w, "s"); found && has(head(behind, 2), "praising") {
		return rest
	}
	return w
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

// pointed tells whether an ordinal is one of the slots, not a day of the month
// or the last time.
func pointed(w string, before, behind []string) bool {
	if next(behind, "one", "ones", "slot", "option", "choice", "appointment") || w != "last" && next(behind, "time") ||
		ofOffer(behind) {
		return true
	}
	return len(behind) == 0 && len(before) > 0 && before[len(before)-1] == "the" && !strings.ContainsAny(w, "123")
}

// ofOffer is for what stands behind "the last of those" and "the first of the three", not
// for "the last of these messages".
func ofOffer(behind []string) bool {
	if !next(behind, "of") || len(behind) < 2 || !one(behind[1:2], "those", "these", "them", "the") {
		return false
	}
	three := one(head(behind[2:], 1), "three", "3")
	ends := len(behind) == 2 || one(behind[2:3], "please", "pls", "would", "is", "suits", "works")
	return three || behind[1] != "the" && ends
}

// taken tells whether the words before a number choose it.
func taken(before []string, number string) bool {
	if len(before) == 0 {
		return true
	}
	if has(before[max(0, len(before)-2):], "not-this") {
		return false
	}
	last := before[len(before)-1]
	return (number != "one" || last != "the" && last != "do") && in(last, "chooser")
}

// ended tells whether nothing that a number counts stands behind it.
func ended(behind []string) bool {
	return len(behind) == 0 || notOther(behind) ||
		in(behind[0], "follower", "praising") || strings.ContainsAny(front(behind[0]), "吧谢麻可行好")
}

// chosenZH reads a clause of nothing but a number and words that choose it.
func chosenZH(text string, offered int) int {
	text = placed(withoutOther(text), offered)
	if strings.Contains(text, "不") || in(text, "some-zh") || holds(text, "impossible-zh", "which-time-zh") {
		return 0
	}
	for _, p := range []string{"最后一个", "最后那个", "最晚"} {
		if strings.Contains(text, p) {
			return offered
		}
	}
	if strings.Contains(text, "最早") {
		return 1
	}
	for _, many := range class("many-zh") {
		if before, _, found := strings.Cut(text, many); found && !strings.HasSuffix(before, "第") {
			return 0 // how many, not which
		}
	}
	return numeral(less(text, "choosing-zh"))
}

// withoutOther leaves out what is refused beside what is taken: 不是1是2, 我要的是1不是3.
func withoutOther(text string) string {
	before, behind, found := strings.Cut(text, "不是")
	if n, rest := leading(behind); found && n > 0 && (before != "" || rest != "") {
		return before + rest
	}
	return text
}

// placed writes a slot that is named by its place as its number: 末尾那个, 中间的.
func placed(text string, offered int) string {
	other := []string{"头一个月", "头一个星期", "头一个小时", "周末尾", "月末尾"}
	if offered < 2 || offered > 9 || slices.ContainsFunc(other, func(p string) bool { return strings.Contains(text, p) }) {
		return text
	}
	last := strconv.Itoa(offered)
	pairs := []string{"最后面", last, "最靠后的", last, "最靠后", last, "末尾", last, "最前面", "1", "最靠前的", "1", "最靠前", "1", "头一个", "1"}
	if offered == 3 {
		pairs = append(pairs, "中间的", "2", "中间", "2", "当中", "2")
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
