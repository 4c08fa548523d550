package reply

import "strings"

// reaction tells whether a telephone sent a tapback: a verb and our own message
// in quotation marks. What it quotes is not said by the customer.
func reaction(whole string) bool {
	open := strings.IndexAny(whole, "“\"「")
	if open < 0 {
		return false
	}
	before, quoted := strings.TrimSpace(whole[:open]), whole[open:]
	behind := ""
	if end := strings.LastIndexAny(quoted, "”\"」"); end > 0 {
		behind = strings.Trim(quoted[end:], "”\"」。. ")
	}
	verbs := "liked loved disliked emphasized emphasised questioned hearted"
	switch {
	case anyOf(before, verbs), before == "laughed at", strings.HasPrefix(before, "reacted "),
		strings.HasPrefix(before, "removed a"), strings.HasSuffix(before, " to") && !holds(before, "reply", "text", "say"):
		return behind == ""
	case behind == "" && holds(before, "赞了", "点赞", "喜欢", "踩了", "强调了", "质疑了", "笑了", "爱了", "回应了", "标记了"):
		return true
	case before == "对" || before == "给" || before == "将" || before == "为":
		return holds(behind, "表示", "点赞", "赞", "踩", "回应", "笑", "表情", "标记", "强调", "疑问", "爱心")
	}
	return false
}

// automatic tells whether a telephone or an office answered by itself.
func automatic(s said) bool {
	if holds(s.whole, "auto-reply", "auto reply", "autoreply", "auto-response", "auto response", "automatic reply",
		"automatic response", "automated reply", "automated response", "automated message", "automatic message",
		"out of office", "out of the office", "do not disturb while", "with do not disturb", "driving focus",
		"will see your message", "ill see your message", "not monitored", "自动回复", "自动应答", "自动答复", "系统回复",
		"自动发送", "勿扰模式", "专注模式", "驾驶模式", "紧急事宜", "紧急事务", "急事请联系", "本人休假", "本人出差", "本人正在休假") {
		return true
	}
	all := s.all()
	switch strings.Join(without(all.words, "sorry hi hello"), " ") {
	case "i cant talk right now", "cant talk right now", "cant talk now", "cant talk now whats up", "cant talk right now whats up",
		"can i call you later", "ill call you later", "ill call you right back", "cant talk now call me later",
		"cant talk now ill call you later", "im on my way", "im driving right now", "im in a meeting", "im busy right now":
		return true
	}
	busy := holds(all.text, "正在开会", "开会中", "正在开车", "正在忙", "正在通话", "不方便接听", "不便接听", "无法接听", "暂时无法")
	return busy && holds(all.text, "稍后回电", "稍后给您", "稍后与您", "稍后联系", "稍后再", "稍后回复", "稍后致电", "会尽快", "将尽快") ||
		holds(all.text, "无法接听电话", "不便接听")
}
