// Package reply reads what customers answer by text, in Chinese and English.
// It understands little on purpose: a slot's number, yes, no, another time,
// stop, help and start. Everything else is a person's work.
package reply

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Kind is what a reply asks for.
type Kind string

// The kinds. Unknown goes to an adviser.
const (
	Unknown    Kind = ""
	Slot       Kind = "slot"
	Yes        Kind = "yes"
	No         Kind = "no"
	Reschedule Kind = "reschedule"
	Stop       Kind = "stop"
	Help       Kind = "help"
	Start      Kind = "start"
)

// Meaning is one understood reply.
type Meaning struct {
	Kind Kind
	Slot int // 1.. for kind Slot, else 0
}

// String is the form kept with the reply: "slot:2", "yes", ...; "" when not understood.
func (m Meaning) String() string {
	if m.Kind == Slot {
		return "slot:" + strconv.Itoa(m.Slot)
	}
	return string(m.Kind)
}

// Parse reads a reply. Case, width, surrounding space and punctuation do not
// count. Words that take consent away win over everything: in doubt, silence.
// "R" is the refusal that Chinese carriers prescribe, as is "TD".
func Parse(text string) Meaning {
	s := normalise(text)
	if m, ok := slotNumber(s); ok {
		return m
	}
	switch s {
	case "stop", "stopall", "unsubscribe", "cancelall", "end", "quit", "optout", "opt out", "stop all", "revoke",
		"r", "td", "t", "退订", "拒收", "退", "取消订阅", "停止", "不要再发", "别再发了", "退订回td":
		return Meaning{Kind: Stop}
	case "help", "info", "?", "h", "帮助", "求助", "怎么办", "客服":
		return Meaning{Kind: Help}
	case "start", "unstop", "subscribe", "订阅", "恢复", "开通":
		return Meaning{Kind: Start}
	case "yes", "y", "ok", "okay", "sure", "yes please", "好", "好的", "可以", "是", "是的", "行", "要", "同意", "确认":
		return Meaning{Kind: Yes}
	case "no", "n", "no thanks", "no thank you", "not interested",
		"不", "不要", "不用", "不用了", "不需要", "否", "不行", "不可以", "算了":
		return Meaning{Kind: No}
	case "reschedule", "change", "another time", "other time", "later",
		"改期", "改时间", "换时间", "换个时间", "其他时间", "改约":
		return Meaning{Kind: Reschedule}
	}
	return Meaning{}
}

func slotNumber(s string) (Meaning, bool) {
	for _, prefix := range []string{"option ", "slot ", "no. ", "选择", "选", "回复", "第"} {
		s = strings.TrimPrefix(s, prefix)
	}
	for _, suffix := range []string{" please", "个", "号"} {
		s = strings.TrimSuffix(s, suffix)
	}
	switch s {
	case "一", "one":
		s = "1"
	case "二", "两", "two":
		s = "2"
	case "三", "three":
		s = "3"
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 9 || len(s) != 1 {
		return Meaning{}, false
	}
	return Meaning{Kind: Slot, Slot: n}, true
}

// normalise folds full-width forms and case, drops punctuation at both ends and
// doubled spaces. A lone question mark is kept: it asks for help.
func normalise(text string) string {
	s := strings.ToLower(width.Fold.String(strings.TrimSpace(text)))
	if s == "?" {
		return s
	}
	s = strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r)
	})
	return strings.Join(strings.Fields(s), " ")
}
