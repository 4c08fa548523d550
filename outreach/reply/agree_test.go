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
