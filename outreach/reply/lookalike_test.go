package reply_test

import (
	"testing"

	"presage/outreach/converse"
	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
)

// What only sounds like an opt-out ends no messages: a visit that is given up, a wish to be
// asked later, a doubt whether it is us, a place to stop at, work that is to be done.
func TestWhatEndsNoMessages(t *testing.T) {
	t.Parallel()
	booked := corpus.Offer()
	booked.Booked = true
	doesNot(t, booked, composed([]string{"please ", "kindly ", "we go to another workshop, "},
		[]string{"remove our reservation", "delete my appointment", "take my name off for wednesday"}), converse.Stop)
	doesNot(t, booked, composed([]string{"去别家了，", "我老公不让去，"}, []string{"退了吧", "预约退了吧", "帮我退了"}), converse.Stop)
	doesNot(t, corpus.Offer(), composed([]string{"kindly message me ", "text me ", "remind me "},
		[]string{"after the holidays", "once the baby is here", "when we are back"}), converse.Stop)
	doesNot(t, corpus.Offer(), composed([]string{"四月", "过了年", "三月份"}, []string{"再通知我一声", "再提醒我", "再发短信提醒我"}), converse.Stop)
	doesNot(t, corpus.Offer(), []string{
		"反诈中心让我别乱回短信，你们怎么证明是真的店", "银行说别回这种短信，怎么知道你们是真的", "can you stop by my house", "可以停在门口吗",
		"no more delays please I need it done",
	}, converse.Stop)
}

// A time that is named because something else is then is not taken; nor is one that we
// named and that is quoted, nor the last that is asked about.
func TestTimesThatAreNotTaken(t *testing.T) {
	t.Parallel()
	doesNot(t, corpus.Offer(), composed([]string{"周一九点", "周二下午", "周三上午"}, []string{"我在开庭", "我要接娃", "要上班", "有会"}), converse.Book)
	doesNot(t, corpus.Offer(), composed([]string{"on monday at 9 ", "tuesday 2pm "}, []string{"I am in court", "is my chemo"}), converse.Book)
	doesNot(t, corpus.Offer(), []string{
		`Your text said "Reply 1 for Mon" but I want Friday`, "最晚能拖到什么时候，还安全不", "最早什么时候能修",
	}, converse.Book)
}

// Another's car, or one that is not sold yet, ends no case; another's visit is not cancelled;
// and a no beside a wish to have it done declines nothing.
func TestOthersCarsAndVisits(t *testing.T) {
	t.Parallel()
	doesNot(t, corpus.Offer(), []string{
		"my sister sold her car last week", "my neighbours car was sold not mine", "我朋友的车卖了", "不是我的车卖了，是老婆的", "准备把车卖了",
		"thinking of selling it", "are they already done?",
	}, converse.Close)
	booked := corpus.Offer()
	booked.Booked = true
	doesNot(t, booked, []string{"cancel my husband's one not mine", "我老公那个预约取消，我的不动"}, converse.Cancel)
	doesNot(t, corpus.Offer(), composed([]string{"my brother in law says brakes are not the place to save money", "no point arguing with you"},
		[]string{" so let's have it done", ", get it done"}), converse.Decline)
}

// Who is some minutes late for a visit is heard by a person, however it is written.
func TestSomeMinutesLate(t *testing.T) {
	t.Parallel()
	booked := corpus.Offer()
	booked.Booked = true
	for _, text := range []string{"gonna be 10 late sorry!!", "running 20 mins late", "塞車，遲10分鐘到", "晚20分钟到，不好意思", "晚到一刻钟"} {
		if a := converse.Plan(reply.Read(text, booked), booked); a != converse.Person {
			t.Errorf("%q: %s", text, a)
		}
	}
}

func doesNot(t *testing.T, x reply.Context, texts []string, way converse.Action) {
	t.Helper()
	for _, text := range texts {
		if a := converse.Plan(reply.Read(text, x), x); a == way {
			t.Errorf("%q: %s", text, a)
		}
	}
}
