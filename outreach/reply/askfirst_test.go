package reply_test

import (
	"testing"

	"presage/outreach/converse"
	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
)

// Who ties more work, or a higher price, to a question stops the work, not the messages:
// a person reads it, before and with a visit.
func TestWhoWantsToBeAskedFirstEndsNoMessages(t *testing.T) {
	t.Parallel()
	en := composed([]string{
		"if you find anything else ", "should you find other problems ", "if it costs more than 200 ", "if it goes over 300 euros ",
		"when you discover anything extra, and find more work, ",
	}, []string{
		"stop and call me", "please stop and ring me first", "stop, phone me", "text me before you go on", "ask me first",
		"stop and check with me",
	})
	en = append(en, composed([]string{"stop and call me ", "ring me first ", "please don't go on without asking me "}, []string{
		"before you do more", "before you replace anything else", "if it's over 250", "if there are other faults",
	})...)
	en = append(en,
		"call me before you do more", "bei mehr als 200 Euro bitte anrufen", "wenn Sie sonst noch etwas finden, rufen Sie mich an",
		"stop if you find more problems", "do the brakes but nothing else without asking", "no extra work without my say so",
	)
	zh := composed([]string{"如果发现别的问题", "要是还有其他毛病", "超过200块", "检查出新问题", "超出报价"}, []string{
		"先停下来给我打电话", "先别修，打电话给我", "就停手，联系我", "先问我", "請先通知我",
	})
	zh = append(zh, "多做别的之前先给我打电话", "其他的别动，先问我", "另外加钱的项目没我同意不要做", "再发现别的就停手，打我电话")
	booked := corpus.Offer()
	booked.Booked = true
	for _, text := range append(en, zh...) {
		for _, x := range []reply.Context{corpus.Offer(), booked} {
			m := reply.Read(text, x)
			if a := converse.Plan(m, x); a != converse.Person || !m.AskFirst || m.MayStop {
				t.Errorf("%q (booked %v) is taken for %+v: %s", text, x.Booked, m, a)
			}
		}
	}
}

// A time that is taken beside it is booked, and the wish is not lost.
func TestATimeBesideAWishToBeAsked(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"ok 1 but call me before you do anything more", "1 please, and no extras without my ok", "1，加项目先问我",
	} {
		m := reply.Read(text, corpus.Offer())
		if a := converse.Plan(m, corpus.Offer()); a != converse.Book || m.Slot != 1 || !m.AskFirst {
			t.Errorf("%q is taken for %+v: %s", text, m, a)
		}
	}
}

// Whoever ends the messages too is heard, whatever is wished of the work.
func TestAnOptOutBesideAWishToBeAsked(t *testing.T) {
	t.Parallel()
	booked := corpus.Offer()
	booked.Booked = true
	for _, text := range []string{
		"stop texting me and call me before you do more", "unsubscribe me, and call me before you do any work",
		"stop sending me quotes for extra work, ask me first next time", "no more texts about extra work without my permission",
		"if you have anything else to sell stop texting me", "if it's more than 200 stop bothering me",
		"stop, and if you find anything else dont text me", "STOP. over 100 texts. call me and I scream", "stop and dont call me",
		"Stop all texts. If I need any extra work I'll call you", "don't contact me about other work again",
		"退订，加项目先问我", "不要再发其他项目的信息给我", "别再给我打电话推销其他项目", "别的问题不要给我发了，停", "超过10条短信了，停，别联系我",
		"再发其他项目的短信我就投诉", "如果没有别的事就停止发短信",
	} {
		for _, x := range []reply.Context{corpus.Offer(), booked} {
			if m := reply.Read(text, x); converse.Plan(m, x) != converse.Stop {
				t.Errorf("%q (booked %v) is taken for %+v", text, x.Booked, m)
			}
		}
	}
	for _, text := range []string{
		"STOP. Call me before you do more", "only text me if its over 200, otherwise stop", "没经我同意给我发额外的广告，停",
		"before you do anything else delete my number and call me to confirm", "stop and call me",
	} {
		if m := reply.Read(text, booked); converse.Plan(m, booked) != converse.Person || !m.MayStop {
			t.Errorf("%q is taken for %+v", text, m)
		}
	}
}
