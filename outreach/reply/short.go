package reply

import "strings"

// startsAgain tells whether messages are wanted again, or were stopped by mistake.
func startsAgain(s said) bool {
	all := s.all()
	if bare := without(all.words, polite); allOf(bare, "start unstop subscribe resubscribe restart optin resume") ||
		len(bare) == 2 && bare[0] == "opt" && bare[1] == "in" {
		return true
	}
	if anyOf(strings.ReplaceAll(all.text, "谢谢", ""), "订阅 开通 恢复 重新开始 重新订阅 继续") {
		return true
	}
	mistake := has(all.words, "accident accidentally mistake mistakenly oops accidently unintentionally")
	if mistake && has(all.words, "stop stopped unsubscribe unsubscribed unsubbed quit opted opt") {
		return true
	}
	for i, w := range all.words {
		rest := head(all.words[i+1:], 5)
		if negatedAt(all.words, i) {
			continue
		}
		switch {
		case strings.HasPrefix(w, "resub"), anyOf(w, "opt opted") && has(rest, "back") && has(rest, "in"):
			return true
		case anyOf(w, "put add turn switch sign") && has(rest, "back") && has(rest, "on in") && !has(rest, "car"):
			return has(rest, "me us text texts messages reminders alerts notifications updates them list")
		case anyOf(w, "start resume restart continue") && objectIn(rest) && !has(rest, "the-car"):
			return true
		}
	}
	return startsAgainZH(all.text)
}

func startsAgainZH(text string) bool {
	if holds(text, "退订", "退定", "停发", "拒收", "取消订阅", "TD", "td") && holds(text, "点错", "误", "不小心", "按错", "发错", "回错", "取消退订", "手滑") {
		return true
	}
	for _, p := range []string{
		"恢复短信", "恢复发送", "恢复订阅", "恢复接收", "恢复提醒", "恢复通知", "重新订阅", "重新开通", "重新接收", "重新发", "继续发", "继续接收", "继续收", "继续给我发",
		"继续通知", "继续提醒", "还是发", "还想收到", "还要收到", "取消退订",
	} {
		i := strings.Index(text, p)
		if i >= 0 && !strings.HasSuffix(text[:i], "要") && !strings.HasSuffix(text[:i], "别") && !strings.HasSuffix(text[:i], "再") &&
			!strings.HasSuffix(text[:i], "用") && !strings.HasSuffix(text[:i], "止") && !holds(text[:i], "投诉", "如果", "敢") {
			return true
		}
	}
	return false
}

// cancels tells whether a visit is to be given up. A bare CANCEL is about the
// visit where there is one.
func cancels(s said, booked bool) bool {
	for _, c := range s.clauses {
		for i, w := range c.words {
			rest := head(c.words[i+1:], 6)
			visit := false
			for _, r := range rest {
				visit = visit || aVisit(r)
			}
			giveUp := anyOf(w, "cancel cancelling scrap drop stop axe bin abandon") || misspelt(w, "cancel") || w == "call" && has(rest, "off")
			bareIt := booked && (anyOf(w, "cancel") || misspelt(w, "cancel")) &&
				len(without(rest, polite+" instead")) == 0
			if giveUp && !negatedAt(c.words, i) && (visit || bareIt) && !strings.HasPrefix(strings.Join(rest, " "), "by ") {
				return true
			}
		}
		if cancelsZH(c.text, booked) {
			return true
		}
	}
	return false
}

func cancelsZH(c string, booked bool) bool {
	if holds(c, "别取消", "不要取消", "不取消", "没取消", "取消不", "能取消吗", "可以取消吗") {
		return false
	}
	visit := holds(c, "预约", "保养", "周", "星期", "礼拜", "号", "明天", "后天", "那个", "检修", "维修")
	switch {
	case holds(c, "取消", "退掉", "销掉", "撤销", "撤掉"):
		return booked || holds(c, "预约")
	case holds(c, "停了", "停掉", "不去做", "不做了", "不来了", "来不了"):
		return booked && visit && holds(c, "停了", "停掉", "不去做", "不做了")
	}
	return false
}

// keepsVisit is for "dont cancel it".
func keepsVisit(s said) bool {
	for _, c := range s.clauses {
		for i, w := range c.words {
			if w == "cancel" && negatedAt(c.words, i) && len(without(c.words[i+1:], polite)) <= 2 {
				return true
			}
		}
		if holds(c.text, "别取消", "不要取消", "不取消") {
			return true
		}
	}
	return false
}

// short reads replies of little more than one word.
func short(s said, raw string) Kind {
	all := s.all()
	if len(all.words) == 0 {
		return symbols(raw)
	}
	words := without(all.words, "please pls plz thanks thank you thx ty ta cheers mate hi hello sir madam kindly so very much many")
	latin := strings.Join(words, " ")
	zh := strings.NewReplacer("please", "", "pls", "", "thanks", "", "thx", "", "谢谢", "", "麻烦", "", "您好", "", "你好", "").Replace(all.text)
	switch {
	case len(words) == 0 || zh == "" || madeOf(zh, thanksZH()) || latin == "appreciated" || latin == "for letting me know":
		return Thanks
	case anyOf(latin, "help info h") || anyOf(zh, "帮助 求助 怎么办 客服 转人工 人工 人工客服 怎么回复"):
		return Help
	case allOf(words, "no n nope nah declined decline not interested never mind nothing pass need none") && words[0] != "need",
		madeOf(zh, noZH()) && holds(zh, "不", "没", "否", "no", "算了", "免了", "绝"):
		return No
	case allOf(words, "yes y yep yeah yup ya yh ok okay okey k sure fine great good go ahead do it book confirm confirmed agreed sounds perfect "+
		"absolutely of course thing lets works for me that is thats") && !allOf(words, "do it for me that is thats of"),
		madeOf(zh, yesZH()) && holds(zh, "没", "可以", "同意", "确", "好", "安排", "ok", "yes", "嗯", "行", "是", "对", "要", "成", "中", "y"):
		return Yes
	case anyOf(latin, "reschedule change later rearrange postpone") ||
		len(words) <= 5 && has(words, "reschedule rearrange postpone different another other") && has(words, "reschedule rearrange postpone time day date slot times"),
		anyOf(zh, "改期 改时间 换时间 换个时间 其他时间 改约 换一天 改天 换个时间吧 改个时间 想改期 改日"):
		return Reschedule
	}
	return Unknown
}

// symbols reads a reply without a letter or digit.
func symbols(raw string) Kind {
	switch text := plain(raw); {
	case text == "?" || text == "??":
		return Help
	case strings.ContainsAny(text, "👎❌"):
		return No
	case strings.ContainsAny(text, "👍👌✅✔"):
		return Yes
	case strings.ContainsAny(text, "🙏❤"):
		return Thanks
	}
	return Unknown
}

func thanksZH() []string {
	return []string{"收到", "知道", "提醒", "通知", "辛苦", "感谢", "蟹蟹", "你们", "了", "啦", "的"}
}

func noZH() []string {
	return []string{
		"没有兴趣", "没兴趣", "不感兴趣", "不需要", "不考虑", "不可以", "不打算", "不用", "不要", "不约", "不修", "不换", "不去", "不来", "不了", "不行", "不必",
		"算了", "免了", "谢绝", "拒绝", "no", "nope", "否", "不", "咱", "我", "吧", "了", "啊", "哦", "整", "的", "先", "就",
	}
}

func yesZH() []string {
	return []string{
		"没问题", "没意见", "都可以", "都行", "可以", "同意", "确认", "确定", "好的", "好滴", "好呀", "好嘞", "帮我", "你们", "安排", "okay", "yes", "ok", "嗯", "好", "行",
		"是", "对", "要", "成", "中", "y", "的", "啊", "呀", "吧", "哦", "了", "排", "约", "就", "我", "按",
	}
}
