package reply

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// said is a reply made comparable: full-width forms, circled digits and keycaps
// as plain ones, lower case, no invisible characters, traditional characters as
// simplified ones, as far as the rules use them.
type said struct {
	whole   string
	clauses []clause
}

// clause is a part of a reply between punctuation marks.
type clause struct {
	text  string   // without spaces: Chinese is matched in it
	words []string // Latin words and numbers; each run of Chinese is one word
}

func read(text string) said {
	s := said{whole: plain(text)}
	for _, part := range strings.FieldsFunc(separated(s.whole), func(r rune) bool { return r == '\n' }) {
		if words := words(part); len(words) > 0 {
			s.clauses = append(s.clauses, clause{text: strings.Join(words, ""), words: words})
		}
	}
	return s
}

// all are the words of every clause.
func (s said) all() clause {
	var c clause
	for _, x := range s.clauses {
		c.text += x.text
		c.words = append(c.words, x.words...)
	}
	return c
}

// plain folds what looks the same into one form.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r):
			return -1 // zero width, variation selectors, keycaps
		case strings.ContainsRune("'’‘`´", r):
			return -1 // don't is dont
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(text))
	text = strings.NewReplacer(
		"別", "别", "發", "发", "傳", "传", "訊", "讯", "簡", "简", "訂", "订", "閱", "阅", "請", "请", "這", "这",
		"種", "种", "號", "号", "碼", "码", "單", "单", "將", "将", "從", "从", "約", "约", "選", "选", "時", "时",
		"間", "间", "個", "个", "煩", "烦", "謝", "谢", "電", "电", "話", "话", "沒", "没", "問", "问", "題", "题",
		"換", "换", "刪", "删", "據", "据", "資", "资", "擾", "扰", "騷", "骚", "關", "关", "閉", "闭", "廣", "广",
		"聯", "联", "絡", "络", "繫", "系", "係", "系", "復", "复", "開", "开", "幫", "帮", "預", "预", "點", "点",
		"錯", "错", "誤", "误", "繼", "继", "續", "续", "還", "还", "給", "给", "來", "来", "會", "会", "議", "议",
		"確", "确", "認", "认", "無", "无", "動", "动", "應", "应", "車", "车", "後", "后", "舉", "举", "報", "报",
		"訴", "诉", "對", "对", "讚", "赞", "贊", "赞", "愛", "爱", "強", "强", "調", "调", "歡", "欢", "質", "质",
		"現", "现", "臨", "临", "麼", "么", "協", "协", "機", "机", "處", "处", "門", "门", "裡", "里", "們", "们",
		"嗎", "吗", "說", "说", "過", "过", "兩", "两", "並", "并", "誰", "谁", "賣", "卖", "寫", "写", "廠", "厂",
		"費", "费", "價", "价", "錢", "钱", "業", "业", "銷", "销", "營", "营", "減", "减", "擋", "挡", "寧", "宁",
		"實", "实", "險", "险", "東", "东", "樣", "样", "遠", "远", "長", "长", "區", "区", "獲", "获", "戶", "户",
		"帳", "账", "內", "内", "斷", "断", "記", "记", "錄", "录", "撥", "拨", "導", "导", "適", "适", "勝", "胜",
		"許", "许", "願", "愿", "準", "准", "類", "类", "檔", "档", "註", "注", "冊", "册", "終", "终", "結", "结",
		"為", "为", "樂", "乐", "滾", "滚",
	).Replace(text)
	return strings.TrimSpace(text)
}

// separated puts a line break where a clause ends. A full stop or colon between
// digits belongs to a number, "no." before one is its name, and a space between
// Chinese characters, or between one and a word, divides as well.
func separated(text string) string {
	r := []rune(text)
	var out strings.Builder
	for i, x := range r {
		before, after := at(r, i-1), at(r, i+1)
		switch {
		case strings.ContainsRune(".:/", x) && unicode.IsDigit(before) && unicode.IsDigit(after):
			out.WriteRune(x)
		case x == '.' && strings.HasSuffix(string(r[:i]), "no") && (unicode.IsDigit(after) || unicode.IsDigit(at(r, i+2))):
			out.WriteString(" number ")
		case x == '-' && unicode.IsLetter(before) && unicode.IsLetter(after):
			out.WriteRune(' ') // opt-out
		case unicode.IsSpace(x) && lone(r, i): // 退 订
		case unicode.IsSpace(x) && (unicode.Is(unicode.Han, before) || unicode.Is(unicode.Han, after)), x == '\n':
			out.WriteRune('\n')
		case unicode.IsSpace(x):
			out.WriteRune(' ')
		case unicode.IsPunct(x):
			out.WriteRune('\n')
		case unicode.IsLetter(x) || unicode.IsDigit(x):
			out.WriteRune(x)
		default:
			out.WriteRune(' ') // emoji and other symbols
		}
	}
	return out.String()
}

// lone tells whether the space at i stands between two Chinese characters that
// are each alone: a word written wide.
func lone(r []rune, i int) bool {
	wide := func(j, beyond int) bool {
		return unicode.Is(unicode.Han, at(r, j)) && !unicode.Is(unicode.Han, at(r, beyond))
	}
	return wide(i-1, i-2) && wide(i+1, i+2)
}

func at(r []rune, i int) rune {
	if i < 0 || i >= len(r) {
		return 0
	}
	return r[i]
}

// words splits at spaces and between Chinese and everything else.
func words(part string) []string {
	var out []string
	for _, f := range strings.Fields(part) {
		begin, han := 0, false
		for i, r := range f {
			is := unicode.Is(unicode.Han, r)
			if i > begin && is != han {
				out = append(out, f[begin:i])
				begin = i
			}
			han = is
		}
		out = append(out, f[begin:])
	}
	return out
}

// anyOf tells whether w is one of the space-separated words.
func anyOf(w, list string) bool {
	return w != "" && !strings.Contains(w, " ") && strings.Contains(" "+list+" ", " "+w+" ")
}

// holds tells whether text contains one of the parts.
func holds(text string, parts ...string) bool {
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// after is what follows the first of the parts in text; found is false without one.
func after(text string, parts ...string) (rest string, found bool) {
	first := len(text)
	for _, p := range parts {
		if i := strings.Index(text, p); i >= 0 && i < first {
			first, rest, found = i, text[i+len(p):], true
		}
	}
	return rest, found
}

// madeOf tells whether text is nothing but the parts, in any order; the longest
// are tried first, so parts must be given from long to short.
func madeOf(text string, parts []string) bool {
	for text != "" {
		cut := false
		for _, p := range parts {
			if rest, ok := strings.CutPrefix(text, p); ok {
				text, cut = rest, true
				break
			}
		}
		if !cut {
			return false
		}
	}
	return true
}
