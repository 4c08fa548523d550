package reply_test

import (
	"testing"

	"presage/outreach/converse"
	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
)

// What takes a time beside a question is never only answered, who is late for a visit is
// heard by a person, and who names no time to be asked again is asked for one, once.
func TestNothingIsPassedOver(t *testing.T) {
	t.Parallel()
	open := corpus.Offer()
	booked, when := open, open
	booked.Booked, when.AskedWhen = true, true
	for text, want := range map[string]struct {
		x   reply.Context
		not converse.Action
	}{
		"Tuesday works. Is the car safe until then?": {open, converse.Answer},
		"周一可以，另外大概多少钱":                               {open, converse.Answer},
		"running about 30 mins late, traffic":        {booked, converse.Ask},
		"路上堵车，估计晚二十分钟":                               {booked, converse.Ask},
		"not now, money is tight":                    {open, converse.Answer},
		"maybe next year":                            {open, converse.Answer},
		"not now":                                    {when, converse.Ask},
		"最近手头紧，先缓缓":                                  {open, converse.Answer},
	} {
		if got := converse.Plan(reply.Read(text, want.x), want.x); got == want.not {
			t.Errorf("%q (booked %v): %s", text, want.x.Booked, got)
		}
	}
}

// A time that fits the offer is taken when it is praised, not by "is" or "will" alone.
func TestATimeIsTakenByItsPraise(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"Tuesday is good": 2, "half ten is grand": 3, "Monday 9am is fine, thanks": 1, "1st of December at 14:00 would be perfect": 2,
		"tuesday is bad for me": 0, "my wife is in hospital on tuesday": 0, "Tuesday is taken": 0, "Tuesday would be awkward": 0,
		"tuesday is not good": 0, "by tuesday i will know": 0,
	} {
		if got := reply.Read(text, corpus.Offer()); got.Slot != want {
			t.Errorf("%q takes %d, want %d", text, got.Slot, want)
		}
	}
}
