package reply_test

import (
	"testing"

	"presage/outreach/reply"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1": "slot:1", " 2 ": "slot:2", "３": "slot:3", "2.": "slot:2", "选2": "slot:2", "第一个": "slot:1", "two": "slot:2",
		"option 3 please": "slot:3", "0": "", "10": "", "12 is fine": "", "-1": "slot:1",
		"YES": "yes", "ok!": "yes", "好的": "yes", "可以。": "yes", "好": "yes",
		"No, thanks": "no", "no": "no", "不用了": "no", "不": "no",
		"change": "reschedule", "改期": "reschedule", "换个时间！": "reschedule",
		"STOP": "stop", "Stop.": "stop", "退订": "stop", "TD": "stop", "ｔｄ": "stop", "R": "stop", "r": "stop", "拒收": "stop",
		"help": "help", "帮助": "help", "?": "help", "？": "help", "START": "start", "恢复": "start",
		"": "", "what is this?": "", "请给我打电话": "", "please do not stop": "",
	} {
		if got := reply.Parse(text).String(); got != want {
			t.Errorf("Parse(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("选2")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, text string) {
		m := reply.Parse(text)
		if (m.Kind == reply.Slot) != (m.Slot >= 1 && m.Slot <= 9) {
			t.Errorf("Parse(%q) = %+v", text, m)
		}
	})
}
