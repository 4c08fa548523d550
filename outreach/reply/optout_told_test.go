package reply_test

import (
	"testing"

	"presage/outreach/converse"
	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
)

// An opt-out that is only spoken of, asked about or denied changes nothing.
func TestStopThatIsToldIsNone(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	never(t, x, composed(
		[]string{"I didn't say stop", "I never said stop", "I did not text stop", "my wife texted STOP, ignore it", "my son pressed stop by mistake"},
		[]string{"", ", I said I'd stop by", ". Thanks", ", ok?"}), converse.Stop)
	never(t, x, composed(
		[]string{"what happens if I reply STOP", "what happens when I text stop", "if I send STOP what happens", "if i text stop does that stop the texts or my visit", "回TD会不会影响预约", "回复R会怎样"},
		[]string{"", "?", "？", " 谢谢"}), converse.Stop)
	never(t, x, composed([]string{"没想退订", "不是要退订", "我没说退订", "并没有要退订", "不想退订", "从没申请退订"},
		[]string{"", "，只是没空", "。", "，谢谢"}), converse.Stop)
	never(t, x, composed(
		[]string{"delete the wipers from the job", "take the filter off the quote", "remove the oil from the job", "把雨刮那项删掉", "机油从项目里去掉"},
		[]string{"", " please", "。", ", thanks"}), converse.Stop)
	never(t, x, composed([]string{"takes ages to stop", "nearest bus stop", "it takes longer to stop now", "the car wont stop"},
		[]string{"", "?", " ...", "!", ", why"}), converse.Stop)
}

// What is denied before a turn is not denied behind it.
func TestTurnEndsDenial(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	for text, want := range map[string]int{
		"I can't do monday but tuesday works": 2, "not 2, rather 3": 3, "不要2，要3": 3, "周一不行但周三可以": 3,
		"1, sorry, meant 2": 2, "1 or 3, both fine": 0, "1, 2 or 3, all fine": 0, "2、3都可以": 0, "忙不过来，选1": 1,
		"not 1 but 2": 2,
	} {
		m := reply.Read(text, x)
		if got := m.Slot; m.Kind == reply.Slot && got != want || want > 0 && converse.Plan(m, x) != converse.Book {
			t.Errorf("%q is taken for %+v, want slot %d", text, m, want)
		}
	}
	for _, text := range []string{"2 but stop texting me after that", "谢谢但是别再发了", "nice of you but no more texts"} {
		if m := reply.Read(text, x); m.Kind != reply.Stop {
			t.Errorf("%q is taken for %q", text, m.Kind)
		}
	}
}

// Who does not understand us wants help, who asks whether we do not may want an end.
func TestPuzzled(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	never(t, x, composed([]string{"I don't understand these texts", "I am 82 and dont understand your messages", "短信看不懂", "你们的短信我不明白"},
		[]string{"", ".", ", sorry", "！", "。", " ?"}), converse.Stop)
	for _, text := range []string{"what part of stop don't you understand", "which bit of stop do u not understand"} {
		if m := reply.Read(text, x); m.Kind != reply.Stop {
			t.Errorf("%q is taken for %q", text, m.Kind)
		}
	}
}

// An opt-out may name the messages first, or the last one, or a right that we have not.
func TestIndirectOptOuts(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	texts := composed([]string{"短信", "通知", "提醒", "推送", "以后短信"}, []string{"就免了", "一律不要", "就不必了", "都停了吧", "不用了"}, []string{"", "。", "，麻烦了"})
	texts = append(texts, composed([]string{
		"this is the last text I want from you", "hope this is the last I hear from you", "you have no right to hold my number",
		"can't you leave people in peace", "texts not welcome", "I don't want to see another one of these", "这是最后一次发短信给我",
	}, []string{"", ".", "!!"})...)
	for _, text := range texts {
		if m := reply.Read(text, x); m.Kind != reply.Stop {
			t.Errorf("%q is taken for %q", text, m.Kind)
		}
	}
	never(t, x, composed([]string{"收到短信", "谢谢提醒", "短信收到了", "提醒我不要忘", "看到通知了"}, []string{"", "不用了", "，不用了", "，暂时不需要"},
		[]string{"", "。"}), converse.Stop)
	never(t, x, composed([]string{"you never text me back", "you never message us", "don't end my subscription", "they never texted me"},
		[]string{"", ".", "!", ", why", " ?"}), converse.Stop)
}

// Of several times none is booked, nor the one that is excepted.
func TestSeveralTimesAreNotBooked(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	never(t, x, composed([]string{"monday or tuesday", "1 or 2", "either tuesday or wednesday", "the 1st of december or the 2nd", "1, 2 or 3"},
		[]string{"", ", both ok", ", all fine", " please"}), converse.Book)
	never(t, x, composed([]string{"除了周一", "除了周二", "除了1号", "周一周二"}, []string{"都可以", "都行", "哪天都可以", "都有空", "其他都行"},
		[]string{"", "。"}), converse.Book)
}

// Who stopped by mistake, or wants messages back, gets them.
func TestWantedBack(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"I'd like to receive your texts again", "I want the reminders back", "oops, didn't mean to send stop",
		"sorry, that stop wasn't meant for you", "之前退订了，现在想再收到", "我想重新订阅",
	} {
		if m := reply.Read(text, corpus.Offer()); m.Kind != reply.Start {
			t.Errorf("%q is taken for %q", text, m.Kind)
		}
	}
}

// A no for now, or to what is done already, does not end the offer.
func TestNoForNowIsAsked(t *testing.T) {
	t.Parallel()
	never(t, corpus.Offer(), composed([]string{"no, not right now", "not just now", "不用了，已经换了", "暂时不用", "先不弄了，谢谢"},
		[]string{"", ".", " thanks", "！"}), converse.Decline)
}

// Key words are read with one letter wrong, missing, added or moved; other words stay.
func TestMisspeltKeyWords(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	for _, text := range []string{"stop mesages", "stop reminderss", "plaese stop messging me", "remvoe my nubmer"} {
		if m := reply.Read(text, x); m.Kind != reply.Stop {
			t.Errorf("%q is taken for %q", text, m.Kind)
		}
	}
	for _, text := range []string{"wednsday please", "wedneday plese"} {
		if m := reply.Read(text, x); converse.Plan(m, x) != converse.Book || m.Slot != 3 {
			t.Errorf("%q is taken for %+v", text, m)
		}
	}
}

// Who speaks of our automatic messages is no machine.
func TestMachinesAreNotSpokenOf(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	for _, text := range []string{
		"Stop these automated messages", "remove me from your automatic messages", "I do not consent to automated messages",
		"I revoke my consent to receive automated messages at this number", "no more automated messages",
		"别再用系统自动发送的短信骚扰我", "不要再给我自动发送消息", "撤回自动发送短信的授权",
	} {
		if m := reply.Read(text, x); m.Kind != reply.Stop {
			t.Errorf("%q is %s, want an opt-out", text, m.Kind)
		}
	}
	for _, text := range []string{
		"This is an automated message. I am out of the office.", "Automated message: driving. Reply STOP to unsubscribe",
		"auto-reply: back on monday", "自动回复：正在开车", "您好，这是自动回复，我在休假",
		"[Auto] Customer support will respond shortly. To opt out reply STOP", "【银行】您好，本号码不接收回复，退订回T",
		"【物流】来信已收到，人工时间9:00-18:00，如需退订请回复T",
	} {
		if m := reply.Read(text, x); m.Kind != reply.Automatic {
			t.Errorf("%q is %s, want a machine's", text, m.Kind)
		}
	}
	never(t, x, composed(
		[]string{"please do not reply to me", "thanks for contacting me but no", "is this an automated message", "who sends your automated messages"},
		[]string{"", "?", "!", ", ok", " ..."}), converse.Ignore)
}

// A company's own word about opting out opts nobody out; who writes to one of ours does.
func TestCompaniesTellHowToOptOut(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	for _, text := range []string{"【快递】您的包裹已到驿站，取件码3-2-1008，拒收请回复R", "【商城】双十二全场五折，点链接领券，退订回N"} {
		if m := reply.Read(text, x); !m.Doubt || converse.Plan(m, x) != converse.Person {
			t.Errorf("%q is %s: %s, want a person", text, m.Kind, converse.Plan(m, x))
		}
	}
	for _, text := range []string{
		"【品牌】的短信别发了，退订回R", "【车企】退订，退订回R", "【退订】请给我退订", "【T】", "拒收请回复R", "退订请回复T", "Reply STOP to unsubscribe",
	} {
		if m := reply.Read(text, x); m.Kind != reply.Stop || m.Doubt {
			t.Errorf("%q is %s, want an opt-out", text, m.Kind)
		}
	}
}

// Who stands before a locked door is heard by a person.
func TestTurnedAway(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	x.Booked = true
	for _, text := range []string{
		"我到门口了没人", "到店了，大门锁着", "I'm outside and the gate is locked", "I'm here but there's no one at the desk",
	} {
		if m := reply.Read(text, x); m.Kind != reply.Complaint || converse.Plan(m, x) != converse.Person {
			t.Errorf("%q is %s: %s", text, m.Kind, converse.Plan(m, x))
		}
	}
}
