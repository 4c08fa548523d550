package reply_test

import (
	"testing"

	"presage/outreach/converse"
	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
)

// Who tells of a fault that was felt or seen has a person on it, before a visit too.
func TestAFaultThatIsToldReachesAPerson(t *testing.T) {
	t.Parallel()
	en := composed(
		[]string{
			"pedal goes right down to the floor", "the brakes feel spongy", "brake pedal went soft", "smoke coming from the wheel",
			"theres a burning smell when I brake", "no brakes", "my brakes failed", "the car is on fire", "red brake light on",
			"the brake warning light is on", "grinding noise from the front wheel", "it pulls left and the brakes are soft",
			"steering is stiff", "smoke out of the bonnet, pulled over", "the dash says STOP in red letters",
		},
		[]string{"", " since this morning", "!!", ". is it safe?", ". what do I do", " please help"})
	zh := composed(
		[]string{
			"刹车软绵绵的", "右前轮冒烟", "刹车踩不动了", "刹不大住", "刹車失靈了", "方向盘抖得厉害", "有股焦糊味", "仪表盘亮红灯", "踏板一脚到底",
			"刚才差点追尾", "轮子着火了", "刹车没反应了", "底下有异响",
		},
		[]string{"", "，怎么办", "！！", "，现在靠边了", "，还能开吗", "，要紧吗"})
	x := corpus.Offer()
	booked := x
	booked.Booked = true
	for _, text := range append(en, zh...) {
		for _, now := range []reply.Context{x, booked} {
			m := reply.Read(text, now)
			if a := converse.Plan(m, now).Listed(); a != converse.Person || !m.Fault && !m.Stands {
				t.Errorf("%q (booked %v) is taken for %+v: %s", text, now.Booked, m, a)
			}
		}
	}
}

// A wish beside a fault is done, and the fault is a person's all the same.
func TestAWishBesideAFaultIsDone(t *testing.T) {
	t.Parallel()
	booked := corpus.Offer()
	booked.Booked = true
	for _, c := range []struct {
		text string
		x    reply.Context
		want converse.Action
	}{
		{"the brakes wont stop grinding, 1 please", corpus.Offer(), converse.Book},
		{"刹车有异响，选2", corpus.Offer(), converse.Book},
		{"STOP. and the pedal is soft", corpus.Offer(), converse.Stop},
		{"cancel my appointment, the wheel is smoking", booked, converse.Cancel},
	} {
		m := reply.Read(c.text, c.x)
		if a := converse.Plan(m, c.x); a != c.want || !m.Fault {
			t.Errorf("%q is taken for %+v: %s, want %s", c.text, m, a, c.want)
		}
	}
}

// A question about what might happen, and what is denied, tells of no fault.
func TestNoFaultIsTold(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"is it dangerous", "can I drive to Hamburg?", "will the brakes fail?", "what happens if the brakes fail", "no smoke, just worn, 1",
		"会不会刹不住", "刹车会失灵吗", "会失灵吗", "还能开吗", "没有异响", "如果刹车失灵怎么办", "2", "STOP", "prices go up and up",
		"how soft are the seats in the waiting room", "link is on fire lol", "is it safe to wait", "链接失灵了",
	} {
		if m := reply.Read(text, corpus.Offer()); m.Fault {
			t.Errorf("%q tells of a fault: %+v", text, m)
		}
	}
}

// A text that says that a stop was a mistake, or somebody else's, never stops anything.
func TestAStopThatWasAMistakeIsNone(t *testing.T) {
	t.Parallel()
	x := corpus.Offer()
	never(t, x, composed(
		[]string{"", "I ", "think ", "looks like ", "sorry, "},
		[]string{"my lad", "my son", "the kids", "my wife", "someone"},
		[]string{" texted stop", " pressed stop", " sent STOP off my phone", " replied stop"},
		[]string{", undo it", ", please reverse that", ", ignore it", " by mistake", " by accident, sorry", ". disregard"}), converse.Stop)
	never(t, x, composed([]string{"我儿子", "孩子", "老公", "刚才同事"}, []string{"乱按", "误发", "不小心回"}, []string{"了退订", "了TD", "退订"},
		[]string{"", "，不算", "，请恢复", "，别当真"}), converse.Stop)
}

// Who says that they chose another time than was booked reaches a person; so does who
// wants a call instead of texts.
func TestBookedWronglyAndCalls(t *testing.T) {
	t.Parallel()
	booked := corpus.Offer()
	booked.Booked = true
	for _, text := range []string{
		"I wrote 1 and you put me down for 2", "i said 2 but u booked 3", "I replied 1, why did you give me 2", "我选的1，你们给我约成2了",
		"我回的1怎么给我约成2",
	} {
		if a := converse.Plan(reply.Read(text, booked), booked); a != converse.Person {
			t.Errorf("%q: %s", text, a)
		}
	}
	for _, text := range []string{"别发字了，打个电话跟我说", "别发短信了，直接打电话给我", "不要发信息，电话联系"} {
		if a := converse.Plan(reply.Read(text, corpus.Offer()), corpus.Offer()); a != converse.Person {
			t.Errorf("%q: %s", text, a)
		}
	}
	for _, text := range []string{"别发短信了，也别打电话", "不要再发短信，不要打电话", "别再发了，别给我打电话"} {
		if a := converse.Plan(reply.Read(text, corpus.Offer()), corpus.Offer()); a != converse.Stop {
			t.Errorf("%q: %s", text, a)
		}
	}
}
