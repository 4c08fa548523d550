package reply_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
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
		if got := reply.ByRule(text, reply.Context{Slots: 3}).String(); got != want {
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

// Width, spaces around, case and traditional characters do not change what is meant.
func TestVariantsMeanTheSame(t *testing.T) {
	t.Parallel()
	rows, err := corpus.All("")
	if err != nil {
		t.Fatal(err)
	}
	wide := func(r rune) rune {
		if r > ' ' && r <= '~' {
			return r + 0xfee0
		}
		return r
	}
	for i, r := range rows {
		if i%9 != 0 {
			continue
		}
		want := reply.Read(r.Text, corpus.Offer())
		for _, text := range []string{
			" " + r.Text + "\n", strings.ToUpper(r.Text), strings.Map(wide, r.Text), "\u200b" + r.Text + "\ufe0f",
			strings.NewReplacer("发", "發", "订", "訂", "约", "約", "预", "預", "换", "換", "号", "號", "点", "點").Replace(r.Text),
		} {
			if got := reply.Read(text, corpus.Offer()); got != want {
				t.Errorf("%q means %+v, %q means %+v", text, got, r.Text, want)
			}
		}
	}
}

// The same corpus gives the same model, and that one is built in.
func TestModelIsOfTheCorpus(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("trains for seconds")
	}
	rows, err := corpus.All("")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("replies.model")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, reply.Train(rows, corpus.Offer()).Bytes()) {
		t.Error("replies.model is not what the corpus gives: go generate ./outreach/reply")
	}
}
