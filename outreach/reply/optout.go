package reply

import "strings"

// polite are words that change nothing about a wish.
const polite = "please pls plz plse kindly thanks thank thx ty tks cheers ta you u now ok okay just hi hello hey sir madam " +
	"guys right away immediately already at once ffs omg wtf lol i said say told to me us all it this that these those " +
	"everything forever and so can could would many very much good morning afternoon evening day dear team mate man yes " +
	"yeah ur your yours well then bloody the want wanna like im but"

// optsOut tells whether no more messages are wanted: a bare keyword, or a clause
// that says so. unsure is a clause that might: it wants fewer, at other hours,
// or for a while.
func optsOut(s said, booked bool) (yes, unsure bool) {
	all := s.all()
	if keyword(all.words, booked) || keywordZH(all.text, booked) {
		return true, false
	}
	for i, c := range s.clauses {
		if commands(without(c.words, polite)) || !booked && c.text == "退" {
			return true, false
		}
		found := clauseEN(c.words, booked) || clauseZH(c.text, booked)
		switch {
		case !found:
		case forAWhile(c) || again(s.clauses, i) || booked && holds(c.text, "不用", "不需要", "不必", "无需") && !holds(c.text, "再", "以后"):
			unsure = true
		default:
			return true, false
		}
	}
	return false, unsure
}

// commands tells whether a clause is a bare order to stop: "stop", "stop or I
// report you".
func commands(bare []string) bool {
	return allOf(bare, "stop stopall unsubscribe unsub optout td cease desist discontinue") ||
		len(bare) > 2 && bare[0] == "stop" && anyOf(bare[1], "or else")
}

// keyword is for a message of nothing else.
func keyword(words []string, booked bool) bool {
	bare := without(words, polite)
	if len(bare) > 2 && allOf(bare, "s t o p") {
		bare = []string{strings.Join(bare, "")} // written wide
	}
	if len(bare) > 1 && anyOf(bare[0], "reply text send") {
		bare = bare[1:]
	}
	switch {
	case len(bare) == 0:
		return false
	case allOf(bare, "stop stopall unsubscribe unsub optout end quit revoke r t td enough 2stop remove block"),
		bare[0] == "stop" && allOf(bare[1:], "1 2 3 no"), len(bare) == 2 && bare[0] == "no" && anyOf(bare[1], "more stop"),
		len(bare) == 2 && bare[0] == "go" && bare[1] == "away":
		return true
	}
	if len(bare) == 1 && strings.TrimRight(bare[0], "p")+"p" == "stop" {
		return true
	}
	if len(bare) == 1 && (misspelt(bare[0], "stop") || !booked && misspelt(bare[0], "cancel")) {
		return true
	}
	return !booked && allOf(bare, "cancel cancelled") || bare[0] == "cancelall" || strings.Join(words, " ") == "cancel all"
}

func keywordZH(text string, booked bool) bool {
	bare := strings.NewReplacer("谢谢", "", "请", "", "了", "", "吧", "", "麻烦", "", "您好", "", "你好", "").Replace(text)
	for _, p := range []string{"回复", "短信回复", "回", "发送", "发"} {
		if rest, ok := strings.CutPrefix(bare, p); ok {
			bare = rest
		}
	}
	if anyOf(bare, "r t td tdtd 停 停止 停发 退 滚 闭嘴 别烦我") {
		return true
	}
	return !booked && anyOf(bare, "取消 取消掉")
}

// misspelt tells whether word is want with two letters swapped, one missing,
// one doubled or one beside its key.
func misspelt(word, want string) bool {
	if anyOf(word, "step shop top tops spot post pots opts atop slop stow strop store stoop sop") || word == want {
		return word == want
	}
	if len(word) == len(want) {
		different, swapped := 0, false
		for i := range len(want) {
			if word[i] != want[i] {
				different++
				swapped = swapped || i+1 < len(want) && word[i] == want[i+1] && word[i+1] == want[i]
			}
		}
		return different == 2 && swapped || different == 1 && word[0] != want[0]
	}
	long, short := word, want
	if len(short) > len(long) {
		long, short = short, long
	}
	if len(long) != len(short)+1 {
		return false
	}
	for i := range len(long) {
		if long[:i]+long[i+1:] == short {
			return i > 0 // the first letter is seldom missed
		}
	}
	return false
}

// messaging are words for what we do or send.
func messaging(w string) bool {
	return anyOf(w, "text texts texting texted txt txts txting msg msgs sms smses alert alerts notify notifying notified contact "+
		"contacts contacting contacted spam spamming send sending bother bothering harass harassing pester pestering email "+
		"emails emailing mails mailing marketing promo promos promotions promotional ads advert adverts bug bugging update "+
		"updates communication communications pinging ping pings subscription newsletter disturb disturbing nag nagging "+
		"blast blasts reminding writing crap rubbish") ||
		strings.HasPrefix(w, "messag") || strings.HasPrefix(w, "notif") || strings.HasPrefix(w, "reminder") ||
		strings.HasPrefix(w, "spam") || strings.HasPrefix(w, "unsolicited")
}

// aVisit are words for what was booked, or will be.
func aVisit(w string) bool {
	return anyOf(w, "appointment appointments booking bookings booked visit slot job repair work service schedule mon tue tues "+
		"wed weds thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday tomorrow") ||
		strings.HasPrefix(w, "appoint") || strings.HasPrefix(w, "reserv")
}

func negation(w string) bool {
	return anyOf(w, "dont do-not not never wont doesnt didnt cant cannot isnt arent shouldnt mustnt neednt nobody without no")
}

// clauseEN looks for "stop texting me", "do not send any more", "no more texts",
// "take me off your list", "opt me out" and the like.
func clauseEN(w []string, booked bool) bool {
	for i := range w {
		rest := w[i+1:]
		switch {
		case strings.HasPrefix(w[i], "unsub") || strings.HasPrefix(w[i], "unsusc") || strings.HasPrefix(w[i], "unscrib") || strings.HasPrefix(w[i], "usubs") ||
			anyOf(w[i], "optout optingout"), w[i] == "un" && begins(rest, "sub"),
			anyOf(w[i], "opt opted opting") && has(head(rest, 3), "out"):
			if !negatedAt(w, i) {
				return true
			}
		case anyOf(w[i], "stop stops stopping cease desist refrain quit end discontinue halt disable enough") ||
			w[i] == "cancel" && !booked || anyOf(w[i], "turn switch shut") && has(head(rest, 4), "off"):
			if !negatedAt(w, i) && object(rest) && !(i > 0 && anyOf(w[i-1], "the non bus")) {
				return true
			}
		case anyOf(w[i], "dont not never no"):
			if refuses(w[i], rest) {
				return true
			}
		case anyOf(w[i], "remove delete erase take get scrub wipe drop strike unlist deregister lose forget withdraw leave"):
			if !negatedAt(w, i) && removes(w[i], rest) {
				return true
			}
		case anyOf(w[i], "piss fuck sod bugger eff f") && begins(rest, "off"):
			return true
		}
	}
	return threat(w)
}

// object tells whether what is to stop is a message, not a visit or a noise.
func object(rest []string) bool {
	for _, w := range head(rest, 6) {
		switch {
		case messaging(w), anyOf(w, "receiving recieving"):
			return true
		case aVisit(w):
			return false
		}
	}
	return false
}

// refuses is for what follows a negation.
func refuses(by string, rest []string) bool {
	if by == "no" {
		h := head(rest, 4)
		if has(h, "longer") {
			return refuses("not", rest[1:])
		}
		return len(h) > 0 && (messaging(h[0]) || anyOf(h[0], "more further") && objectIn(h[1:])) && !has(rest, "received got")
	}
	rest = skip(rest, "ever you to please pls want wish need like care wanna be do send-me again")
	if len(rest) == 0 {
		return false
	}
	if anyOf(rest[0], "consent agree") || rest[0] == "send" && len(rest) == 1 || rest[0] == "interested" && objectIn(rest) {
		return true
	}
	wants := anyOf(rest[0], "receive recieve get getting hear hearing any these them your more")
	switch {
	case rest[0] == "send" || rest[0] == "sending":
		return has(head(rest, 3), "me us") && !has(rest, "to") && len(rest) > 1 || has(rest, "anything") || objectIn(rest[1:])
	case anyOf(rest[0], "text txt message msg contact sms spam bother harass pester notify disturb ping email mail bug nag write messaging texting"):
		return len(rest) == 1 || !anyOf(rest[1], "my the about") || has(rest, "again")
	case wants && has(rest, "hear hearing"):
		return has(rest, "from")
	case wants || anyOf(rest[0], "receiving getting"):
		return objectIn(rest)
	}
	return messaging(rest[0])
}

func objectIn(words []string) bool {
	for _, w := range words {
		if messaging(w) && !anyOf(w, "contact bug update crap rubbish work") {
			return true
		}
		if anyOf(w, "contact contacts updates") {
			return true
		}
	}
	return false
}

// removes is for "take me off", "delete my number", "leave me alone".
func removes(verb string, rest []string) bool {
	mine := has(head(rest, 3), "me us") || has(head(rest, 4), "number numbers mobile phone cell details data name info information contact")
	toVisit := false
	for _, w := range rest {
		toVisit = toVisit || aVisit(w)
	}
	switch verb {
	case "leave":
		return has(head(rest, 2), "me us") && has(rest, "alone peace")
	case "withdraw":
		return has(rest, "consent permission")
	case "take", "get", "drop", "strike":
		return mine && !toVisit && has(rest, "off out") && !has(rest, "of-the-car")
	case "lose", "forget":
		return has(head(rest, 4), "number")
	}
	return mine && !toVisit
}

// threat is for "another text and I report you".
func threat(w []string) bool {
	more := false
	for i := range w {
		if anyOf(w[i], "another again more") {
			more = true
		}
		if more && anyOf(w[i], "report reporting complain sue suing lawyer solicitor police block blocking ico ftc fcc") {
			return true
		}
	}
	return false
}

// negatedAt tells whether the word at i is negated: "dont stop", "wont ever stop".
func negatedAt(w []string, i int) bool {
	for j := max(0, i-3); j < i; j++ {
		if negation(w[j]) && !(w[j] == "no" && j == 0) {
			return true
		}
		if w[j] == "do" && j+1 < i && w[j+1] == "not" {
			return true
		}
	}
	return false
}

// forAWhile tells whether a clause names an hour, a limit or another way.
func forAWhile(c clause) bool {
	for i, w := range c.words {
		last := i+1 == len(c.words)
		if anyOf(w, "until till today tonight tomorrow while during between night nights weekend weekends unless except early "+
			"hours morning mornings evening evenings") || anyOf(w, "before after") && !last && !anyOf(c.words[i+1], "to and but") ||
			w == "at" && !last && !anyOf(c.words[i+1], "once all") {
			return true
		}
	}
	if holds(c.text, "今天起", "从今", "从现在", "现在起", "现在开始", "立刻", "马上") {
		return false
	}
	return holds(c.text, "晚上", "半夜", "夜里", "早上", "中午", "周末", "今天", "今晚", "现在", "上班", "点前", "点后", "点之前", "点以后", "月之前",
		"天之前", "号之前", "的时候", "期间", "这几天", "这周", "这个月", "暂时", "先别", "先不", "直接", "等我")
}

// again tells whether another clause asks for a word at another time or way.
func again(clauses []clause, but int) bool {
	for i, c := range clauses {
		if i == but {
			continue
		}
		if holds(c.text, "再联系", "再提醒", "再通知", "再发我", "再发给我", "发短信就", "短信就行", "发信息就", "发消息就", "短信联系", "短信通知我") &&
			!holds(c.text, "别再", "不要再", "勿再", "不用再", "不想再", "别给") {
			return true
		}
		if len(c.words) > 1 && (anyOf(c.words[0], "text message remind") && has(c.words, "instead again") && !has(c.words, "stop")) {
			return true
		}
	}
	return false
}

// clauseZH looks for 退订, 不要再发, 别联系我, 把我号码删了, 再发就投诉 and the like.
func clauseZH(c string, booked bool) bool {
	if holds(c, "退订", "退定", "退阅", "拒收", "拒绝接收", "取消订阅", "取消关注", "不再接收", "黑名单", "我拉黑", "拉黑我", "勿扰", "免打扰", "屏蔽", "不接收",
		"不收短信", "不收信息", "不想收", "不想再收") {
		return !holds(c, "别退订", "不要退订", "不退订", "没退订", "不是退订", "没有退订", "未退订", "取消退订", "不想退订")
	}
	if rest, ok := after(c, "再发", "再骚扰", "再打扰", "再收到", "再来"); ok && holds(rest, "投诉", "举报", "拉黑", "报警", "起诉", "告你", "不客气") {
		return true
	}
	if holds(c, "删", "移除", "移出", "剔除", "去掉", "清除", "注销", "除名", "撤下", "拿掉", "抹掉") &&
		holds(c, "号码", "手机号", "我的号", "我号", "电话", "名单", "资料", "个人信息", "联系方式", "列表", "数据库") {
		return !holds(c, "别删", "不要删")
	}
	return refusesZH(c, booked)
}

// refusesZH is a negation with a word for a message behind it.
func refusesZH(c string, booked bool) bool {
	c = bare(c)
	if holds(c, "别忘", "不要忘", "别误会", "别停", "不要停", "别取消", "不要取消", "不用担心", "也记得", "我记得", "我知道") {
		return false
	}
	negations := []string{
		"不要", "不用", "不必", "不想", "不愿", "不再", "不需要", "不许", "不准", "不得", "不希望", "不接受", "不同意", "不接收", "别", "勿", "莫", "甭",
		"停止", "停掉", "停发", "禁止", "关闭", "关掉", "拒绝", "没必要", "无需", "谢绝", "结束", "唔好", "唔使", "唔想", "stop", "nomore",
	}
	if !booked {
		negations = append(negations, "取消")
	}
	rest, found := after(c, negations...)
	if !found || strings.HasPrefix(rest, "谢") {
		return holds(c, "短信停", "信息停", "消息停", "通知停", "提醒停") && !holds(c, "停车")
	}
	if what, ok := after(rest, "发"); ok && startsWith(what, "票", "位置", "地址", "图", "照片", "定位", "报价", "链接", "动", "现", "生", "错", "烧",
		"货", "愁", "火", "脾气") {
		return false
	}
	if r := []rune(rest); len(r) > 12 {
		rest = string(r[:12])
	}
	return holds(rest, "发", "传", "推送", "推销", "通知", "提醒", "联系", "联络", "打扰", "骚扰", "烦我", "短信", "信息", "消息", "讯息",
		"简讯", "收到", "接收", "收信", "寄", "来信", "广告", "营销", "订阅", "轰炸", "私信", "提示", "send", "sms", "text", "msg", "message")
}

// bare leaves out words that only look like a negation, and those that end a
// wish of their own.
func bare(c string) string {
	return strings.NewReplacer("别的", "", "别人", "", "别处", "", "别家", "", "特别", "", "分别", "", "区别", "", "差别", "", "告别", "", "个别", "",
		"级别", "", "要不要", "", "用不用", "", "需不需要", "", "能不能", "", "可不可以", "", "是不是", "", "不要紧", "", "不用了", "", "不要了", "",
		"不需要了", "").Replace(c)
}

func startsWith(text string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(text, p) {
			return true
		}
	}
	return false
}

// Small helpers over words; the lists are separated by spaces.

func without(words []string, list string) []string {
	var out []string
	for _, w := range words {
		if !anyOf(w, list) {
			out = append(out, w)
		}
	}
	return out
}

func allOf(words []string, list string) bool {
	for _, w := range words {
		if !anyOf(w, list) {
			return false
		}
	}
	return len(words) > 0
}

func has(words []string, list string) bool {
	for _, w := range words {
		if anyOf(w, list) {
			return true
		}
	}
	return false
}

func head(words []string, n int) []string { return words[:min(n, len(words))] }

func begins(words []string, prefix string) bool {
	return len(words) > 0 && strings.HasPrefix(words[0], prefix)
}

func skip(words []string, list string) []string {
	for len(words) > 0 && anyOf(words[0], list) {
		words = words[1:]
	}
	return words
}
