package reply_test

import (
	"testing"

	"presage/outreach/reply"
)

// Our own sentences: of a car that stands still, of one that may, and of what only sounds
// like it.
func TestACarThatStandsStill(t *testing.T) {
	t.Parallel()
	for sentence, want := range map[string]struct {
		kind   reply.Kind
		stands bool
	}{
		"My car broke down":                                 {reply.Broken, true},
		"car wont start this morning":                       {reply.Broken, true},
		"The Aurora won't start!":                           {reply.Broken, true},
		"It has broken down on the A2, what do I do?":       {reply.Broken, true},
		"I'm stranded at exit 12 with two kids":             {reply.Broken, true},
		"we need a tow please":                              {reply.Broken, true},
		"engine cut out, on the hard shoulder":              {reply.Broken, true},
		"车抛锚了":                                              {reply.Broken, true},
		"車拋錨了，在高速上":                                         {reply.Broken, true},
		"我的车坏在路上了，怎么办":                                      {reply.Broken, true},
		"打不着火了":                                             {reply.Broken, true},
		"车抛锚了能派人来吗":                                         {reply.Broken, true},
		"今早车子发动不了":                                          {reply.Broken, true},
		"Car broke down yesterday":                          {reply.Unknown, true},
		"it stalls at every light":                          {reply.Unknown, true},
		"车坏了":                                               {reply.Unknown, true},
		"STOP. my car broke down":                           {reply.Stop, true},
		"will it break down?":                               {reply.Danger, false},
		"会抛锚吗":                                              {reply.Danger, false},
		"can I tow a caravan with worn pads":                {reply.Danger, false},
		"I'd rather do it before it breaks down, 2 please":  {reply.Slot, false},
		"my shift doesn't start till ten, slot 2 please":    {reply.Slot, false},
		"link is broken":                                    {reply.Help, false},
		"STOP":                                              {reply.Stop, false},
		"2":                                                 {reply.Slot, false},
		"It broke down last year and you did not answer me": {reply.Complaint, false},
	} {
		got := reply.Read(sentence, reply.Context{Slots: 3}).Sure()
		if got.Stands != want.stands || (want.stands || got.Kind == reply.Broken) && got.Kind != want.kind {
			t.Errorf("%q: %q, stands %v; want %q, %v", sentence, got.Kind, got.Stands, want.kind, want.stands)
		}
	}
	// A visit that stands is given up as asked, and a person reads the rest.
	got := reply.Read("car broke down, cancel the appointment", reply.Context{Booked: true, Slots: 3}).Sure()
	if got.Kind != reply.Cancel || !got.Stands {
		t.Errorf("a visit given up is %q, stands %v", got.Kind, got.Stands)
	}
}

// Of the replies that others labelled, none but these is taken for a car that stands still.
func TestNoLabelledReplyStands(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"corpus/en.csv", "corpus/zh.csv", "corpus/sheets/second.csv", "corpus/sheets/third.csv", "corpus/sheets/fourth.csv",
	} {
		for _, row := range sheet(t, name) {
			if row[2] == "text" {
				continue
			}
			m := reply.Read(row[2], reply.Context{Booked: row[5] == "booked", Slots: 3})
			if m.Kind == reply.Broken {
				t.Errorf("%s: %q (%s) is taken for a car that stands still", row[0], row[2], row[3])
			}
		}
	}
}
