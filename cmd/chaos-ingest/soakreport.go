package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// How large presage may become under a soak: payloads of 64 MiB that are being
// read, and batches of large messages, come on top of what a fleet takes.
const (
	maxSoakRSS  = 640 << 20
	maxSoakDisk = 512 << 20
)

// healed is a fault that is over, and how long after its end the service was well.
type healed struct {
	Act    soakAct       `json:"act"`
	Fault  string        `json:"fault"`
	Lasted time.Duration `json:"lasted_ns"`
	Took   time.Duration `json:"took_ns"`
}

// soakResult is what came of a soak.
type soakResult struct {
	result
	health
	Healed   []healed       `json:"healed"`
	Kills    int            `json:"kills"`
	PeakDisk int64          `json:"peak_disk_bytes"` // without what filled it
	Deeds    map[string]int `json:"deeds"`           // of the hostile vehicle
	Names    int            `json:"names"`           // that it invented
	GivenUp  int            `json:"given_up"`        // messages of the prober, not acknowledged in their time
	LeftOut  []string       `json:"left_out"`        // faults that the machine did not allow
}

// faults names what must not be; empty when Presage kept its word.
func (s soakResult) faults() []string {
	var out []string
	say := func(n int, what string, args ...any) {
		if n > 0 {
			out = append(out, fmt.Sprintf("soak, seed %d: %d ", s.Seed, n)+fmt.Sprintf(what, args...))
		}
	}
	say(s.Missing, "acknowledged messages are not stored")
	say(s.Repeated, "duplicate rows or letters")
	say(s.Wrong, "rows hold what nobody published")
	say(len(s.False), "times /readyz said ready and a message was not acknowledged within %v: at %s",
		ackWithin, strings.Join(s.False, ", "))
	say(len(s.Groundless), "times /readyz said not ready though nothing had been wrong for %v: %s",
		healWithin, strings.Join(s.Groundless, "; "))
	slow := 0
	for _, h := range s.Healed {
		if h.Took > healWithin {
			slow++
		}
	}
	say(slow, "faults after which the service was not ready within %v", healWithin)
	if s.PeakRSS > maxSoakRSS {
		say(int(s.PeakRSS>>20), "MiB of memory, want at most %d", maxSoakRSS>>20)
	}
	if s.PeakDisk > maxSoakDisk {
		say(int(s.PeakDisk>>20), "MiB of disk, want at most %d", maxSoakDisk>>20)
	}
	return out
}

// reportSoak prints a soak as tables.
func reportSoak(w io.Writer, s soakResult) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "took\tfaults\tkill -9\tpublished\tacknowledged\tstored rows\tletters\tacked-stored\trepeated\twrong"+
		"\tpeak MiB\tdisk MiB\tload")
	fmt.Fprintf(t, "%v\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f\n",
		s.Took.Round(time.Second), len(s.Healed), s.Kills, s.Published, s.Acknowledged, s.Rows, s.Letters, s.Missing,
		s.Repeated, s.Wrong, s.PeakRSS>>20, s.PeakDisk>>20, s.LoadAverage)
	fmt.Fprintln(t, "\n/readyz asked\tready\tand acknowledged\tfault meanwhile\tfalse ready"+
		"\tnot ready without a reason")
	fmt.Fprintf(t, "%d\t%d\t%d\t%d\t%d\t%d\n",
		s.Asked, s.Ready, s.Confirmed, s.Overtaken, len(s.False), len(s.Groundless))
	fmt.Fprintln(t, "\nready again after\ttimes\tp50 from the fault's end\tmax")
	took := map[soakAct][]time.Duration{}
	for _, h := range s.Healed {
		took[h.Act] = append(took[h.Act], h.Took)
	}
	for _, a := range slices.Sorted(maps.Keys(took)) {
		p50, most := middle(took[a])
		fmt.Fprintf(t, "%s\t%d\t%v\t%v\n", a, len(took[a]), p50, most)
	}
	fmt.Fprintf(t, "\nthe hostile vehicle (%d invented names)\ttimes\n", s.Names)
	for _, d := range slices.Sorted(maps.Keys(s.Deeds)) {
		fmt.Fprintf(t, "%s\t%d\n", d, s.Deeds[d])
	}
	for _, l := range s.LeftOut {
		fmt.Fprintf(t, "left out: %s\n", l)
	}
	return t.Flush()
}
