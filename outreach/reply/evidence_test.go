package reply_test

import (
	"testing"

	"presage/outreach/converse"
	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
)

// composed are all texts of one part of each list.
func composed(parts ...[]string) []string {
	texts := []string{""}
	for _, list := range parts {
		var longer []string
		for _, t := range texts {
			for _, p := range list {
				longer = append(longer, t+p)
			}
		}
		texts = longer
	}
	return texts
}

// never tells each text that is acted on in one of the ways.
func never(t *testing.T, x reply.Context, texts []string, ways ...converse.Action) {
	t.Helper()
	if len(texts) < 20 {
		t.Fatalf("%d texts", len(texts))
	}
	for _, text := range texts {
		m := reply.Read(text, x)
		for _, way := range ways {
			if a := converse.Plan(m, x); a == way {
				t.Errorf("%q is taken for %s %d: %s", text, m.Kind, m.Slot, a)
			}
		}
	}
}

// changing are the acts that cannot be told to have been meant otherwise.
func changing() []converse.Action {
	return []converse.Action{converse.Book, converse.Cancel, converse.Stop, converse.Close, converse.Start}
}

// A time that is refused is never booked, however it is named and refused, on an
// offer of three times and on one of a single time.
func TestRefusedTimeIsNeverBooked(t *testing.T) {
	t.Parallel()
	en := composed(
		[]string{"monday 9am", "Nine o'clock", "tuesday at 2", "the 1st", "Wednesday half ten", "1", "option 2", "the last one", "3"},
		[]string{
			" is too early", " is far too late", "'s way too soon", " is a bit early", " is no good", " doesn't work",
			" isn't possible", " won't work for me", " clashes with work", " is too short notice", " never suits",
		},
		[]string{"", ".", " for us", ", sorry", "!!"})
	zh := composed(
		[]string{"周一九点", "星期二下午两点", "周三", "1", "第二个", "十点半", "２", "禮拜一", "最后一个", "12月1号"},
		[]string{"太早", "太晚了", "太赶", "来不及", "赶不上", "没空", "不行", "不方便", "太早喇", "有点晚", "起不来"},
		[]string{"", "。", "，抱歉", "啊", "！"})
	bare := composed([]string{"too early", "Too late", "that's way too soon", "太早", "太晚", "太早了", "太趕", "too soon for me"},
		[]string{"", ".", "!", " 1", " ok", " 好的"})
	x := corpus.Offer()
	single := x
	single.Slots, single.Times = 1, x.Times[:1]
	for _, offer := range []reply.Context{x, single} {
		never(t, offer, en, converse.Book)
		never(t, offer, zh, converse.Book)
		never(t, offer, bare, converse.Book)
	}
}

// What is wanted on a condition, perhaps, or said with a sneer, is asked back.
func TestDoubtIsNotBooked(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	never(t, x, composed([]string{"2", "monday at 9", "the first one", "Tuesday", "3 please"},
		[]string{" if my wife agrees", " maybe", " possibly, depends on work", " unless it snows", " 🙄", ", assuming it is free of charge"},
		[]string{"", ".", " thanks"}), converse.Book)
	never(t, x, composed([]string{"可能", "也许", "如果老婆同意就", "看情况，", "说不定"}, []string{"选2", "周一", "第一个", "3", "周二下午两点"},
		[]string{"", "吧", "。"}), converse.Book)
}

// An opt-out is honoured, or read by a person, in every dress: never answered,
// never asked back.
func TestOptOutReachesNobodyElse(t *testing.T) {
	t.Parallel()
	en := composed([]string{"", "hi, ", "sold the car, ", "wrong number. ", "2? no. ", "thanks but ", "you made a mistake, ", "signed up by mistake. "},
		[]string{
			"stop texting me", "unsubcribe", "take me off your list", "do not message me again", "I withdraw my consent",
			"delete my number", "no more texts", "this number is on the DNC list", "I object to you processing my data",
			"unsubscribe me and delete my data", "under GDPR erase everything you hold on me", "stop these messages",
		},
		[]string{"", ".", "!!", " please", " 🛑", ". Regards, Jo"})
	zh := composed([]string{"", "你好，", "车卖了，", "打错了，", "谢谢，"},
		[]string{
			"退订", "别再发了", "不要再发短信", "取消訂閱", "唔好再send訊息", "咪再發", "麻煩將我個電話由名單剔走", "我撤回同意",
			"请停止处理我的个人信息", "再发就投诉", "再给我发短信我就打12345", "拒收", "根据个人信息保护法请删除我的号码", "勿再聯絡我",
		},
		[]string{"", "。", "！", "，谢谢"})
	bare := []string{
		"🛑", "🚫📱", "🛑🛑", "🔕", "📵", "🛑 please", "🚫谢谢", "退汀", "推订", "退丁！", "STOPP", "sotp", "R", "ＴＤ", "T D",
		"you said reply STOP to end so STOP", "说是回R就行是吧，那我R", "回复TD退订？TD", "un-subscribe", "S.T.O.P",
	}
	x := corpus.Offer()
	booked := x
	booked.Booked = true
	for _, text := range append(append(en, zh...), bare...) {
		for _, now := range []reply.Context{x, booked} {
			m := reply.Read(text, now)
			if a := converse.Plan(m, now); a != converse.Stop && a != converse.Person {
				t.Errorf("%q (booked %v) is taken for %q: %s", text, now.Booked, m.Kind, a)
			}
		}
	}
}

// Who does not want to opt out, takes it back or only quotes us, is not opted out.
func TestNoOptOutWithoutOne(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	never(t, x, composed([]string{"don't stop", "please dont ever stop", "do not unsubscribe me", "别停", "不要退订", "別退訂", "never stop texting me"},
		[]string{"", ", I like them", " 👍", ". Thanks", "，谢谢"}), converse.Stop)
	never(t, x, composed([]string{"STOP. ", "Unsubscribe! ", "stop texting me, "},
		[]string{"just kidding", "only joking", "no wait, keep them coming", "scratch that", "oh wait I changed my mind"},
		[]string{"", "!", " sorry"}), changing()...)
	never(t, x, composed([]string{"what does \"Reply STOP to end\" mean", "“退订回R”是什么意思", "短信上写退订回TD是干嘛的", "is \"reply STOP to opt out\" free"},
		[]string{"", "?", "？", " ??", "?!"}), changing()...)
}

// An opt-out behind a joke, or behind what was taken back, stands.
func TestOptOutBehindATurn(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"just kidding. now stop texting me", "scratch that, stop", "I changed my mind: unsubscribe me", "开玩笑的，退订",
		"no wait. STOP", "on second thoughts stop messaging me",
	} {
		if m := reply.Read(text, corpus.Offer()); m.Kind != reply.Stop {
			t.Errorf("%q is taken for %q", text, m.Kind)
		}
	}
}

// Other people, holidays, days that are over and numbers that were not on offer
// change nothing.
func TestNothingChangesWithoutEvidence(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	never(t, x, composed([]string{"my wife", "My husband", "my boss", "our fleet manager", "my lad"},
		[]string{" handles that", " deals with the car", " decides", " drives it"}, []string{"", ".", ", ask them", ", not me"}), changing()...)
	never(t, x, composed([]string{"我老婆", "我爸", "公司司机", "我太太"}, []string{"管这个", "在开", "负责的"},
		[]string{"", "。", "，问他吧"}), changing()...)
	never(t, x, composed([]string{"the day after ", "straight after ", "the monday before "},
		[]string{"Chinese New Year", "Christmas", "Easter", "payday"}, []string{"", "?", " please"}), changing()...)
	never(t, x, composed([]string{"春节后", "年后", "初八", "元旦前", "国庆后"}, []string{"第一天", "周一", "上午九点"}, []string{"", "吧", "可以吗"}), changing()...)
	never(t, x, composed([]string{"4", "slot 5", "9", "option 7", "0", "the 35th", "31 Nov", "20 November 9am", "yesterday at 9", "last monday at 9", "25:00 on monday", "tuesday at 27:00"},
		[]string{"", ".", " please"}), changing()...)
}

// Two's good is the second time; a question beside a time does not pass it over.
func TestChoiceSaidShort(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	for text, slot := range map[string]int{
		"thx for the heads up. two's good.": 2, "One's fine": 1, "3's perfect, cheers": 3, "yeah 2’s great for me": 2,
	} {
		if m := reply.Read(text, x); m.Kind != reply.Slot || m.Slot != slot || m.Doubt {
			t.Errorf("%q is taken for %+v", text, m)
		}
	}
	for _, text := range []string{"mon 9am, is it ok to drive till then??", "tuesday at 2. how much is it?"} {
		if m := reply.Read(text, x); converse.Plan(m, x) != converse.Ask && (m.Kind != reply.Slot || m.Doubt) {
			t.Errorf("%q is taken for %+v", text, m)
		}
	}
}

// Who wants their data erased, or names the law, is opted out and read by a person.
func TestClaimsAreForAPerson(t *testing.T) {
	t.Parallel()
	for text, claims := range map[string]bool{
		"unsubscribe me and delete my data": true, "GDPR art 17: erase everything": true, "根据个人信息保护法，我撤回同意": true,
		"STOP": false, "no more texts": false, "退订": false, "take me off your list": false,
	} {
		if m := reply.Read(text, corpus.Offer()); m.Kind != reply.Stop || m.Claims != claims {
			t.Errorf("%q is taken for %+v", text, m)
		}
	}
	for _, text := range []string{"are you GDPR compliant?", "你们遵守个人信息保护法吗", "I'd like a copy of my data under GDPR"} {
		m := reply.Read(text, corpus.Offer())
		if a := converse.Plan(m, corpus.Offer()); a != converse.Person {
			t.Errorf("%q is taken for %+v: %s", text, m, a)
		}
	}
}
