package main

import (
	"fmt"
	"io"
	"time"
)

type sendResult struct {
	Kills    int             `json:"kills"`
	Channels []channelResult `json:"channels"`
	Took     time.Duration   `json:"took_ns"`
}

// channelResult is what came of the messages by one provider.
type channelResult struct {
	Channel    string `json:"channel"`
	Guarantee  string `json:"guarantee"`
	Unique     bool   `json:"unique"` // none may be accepted twice
	Due        int    `json:"due"`
	Once       int    `json:"once"`  // accepted
	Twice      int    `json:"twice"` // or more often
	Shown      int    `json:"shown_twice"`
	Unrecorded int    `json:"unrecorded"`
	Attempts   int    `json:"attempts"`
	Busy       int    `json:"busy"`   // 429 with Retry-After
	Early      int    `json:"early"`  // attempts before that was over
	Down       int    `json:"down"`   // 503; of a mail server 421 and 451
	Lost       int    `json:"lost"`   // accepted, and no answer came
	Untold     int    `json:"untold"` // accepted, and the sender was killed before it knew
}

func (c channelResult) never() int { return c.Due - c.Once - c.Twice }

// manyKills are so many that some must fall between acceptance and record.
const manyKills = 15

// faults names what must not be.
func (s sendResult) faults() (list []fault) {
	untold := 0
	for _, c := range s.Channels {
		untold += c.Untold
		if c.Unique {
			list = append(list, fault{c.Twice, c.Channel + ": messages were accepted twice"})
		}
		list = append(list, []fault{
			{c.never(), c.Channel + ": messages were never accepted"},
			{c.Shown, c.Channel + ": messages were shown twice"},
			{c.Unrecorded, c.Channel + ": messages are not recorded as sent"},
			{c.Early, c.Channel + ": attempts came before Retry-After was over"},
		}...)
	}
	if s.Kills >= manyKills && untold == 0 {
		list = append(list, fault{s.Kills, "kills fell beside every sending: nothing was tried"})
	}
	return list
}

// reportSending prints a line a channel.
func reportSending(t io.Writer, results []result) {
	fmt.Fprintln(t, "\nsending\tchannel\tguarantee\tdue\taccepted once\ttwice\tnever\tshown twice\tnot recorded\t"+
		"attempts\t429\tbefore Retry-After\t503, 4xx of SMTP\tno answer\tsender killed in between")
	for _, r := range results {
		for _, c := range r.Sending.Channels {
			fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", r.Combination, c.Channel,
				c.Guarantee, c.Due, c.Once, c.Twice, c.never(), c.Shown, c.Unrecorded, c.Attempts, c.Busy, c.Early, c.Down,
				c.Lost, c.Untold)
		}
	}
	fmt.Fprintln(t, "\nsending\tkill -9\ttook")
	for _, r := range results {
		fmt.Fprintf(t, "%s\t%d\t%v\n", r.Combination, r.Sending.Kills, r.Sending.Took.Round(time.Second))
	}
}
