package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"presage/models/median"
)

// maxRSS is how large presage may become.
const maxRSS = 300 << 20

// recovery tells how long nothing new was stored. An outage counts from its end.
type recovery struct {
	Act       act           `json:"act"`
	FromKill  time.Duration `json:"from_kill_ns"`
	FromStart time.Duration `json:"from_start_ns"` // since what was killed runs again
}

// result of one combination.
type result struct {
	Combination combination `json:"combination"`
	Seed        uint64      `json:"seed"`
	tally
	Recoveries  []recovery    `json:"recoveries"`
	PeakRSS     int64         `json:"peak_rss_bytes"`
	Took        time.Duration `json:"took_ns"`
	LoadAverage float64       `json:"load_average"`
}

// faults names what must not be; empty when Presage kept its word.
func (r result) faults() []string {
	var out []string
	for _, f := range []struct {
		n    int
		what string
	}{
		{r.ByPresage, "messages that presage acknowledged are not stored"},
		{r.Repeated, "duplicate rows or letters"},
		{r.Wrong, "rows hold what nobody published"},
		{r.Letters - r.AckedBad, "dead letters more than messages that are not JSON"},
	} {
		if f.n > 0 {
			out = append(out, fmt.Sprintf("%s: %d %s", r.Combination.Name, f.n, f.what))
		}
	}
	if r.PeakRSS > maxRSS {
		out = append(out, fmt.Sprintf("%s: presage took %d MiB, want at most %d",
			r.Combination.Name, r.PeakRSS>>20, maxRSS>>20))
	}
	return out
}

// word tells whether the broker did what it promised to the vehicles.
func (r result) word() string {
	switch {
	case r.ByBroker > 0:
		return fmt.Sprintf("no: lost %d", r.ByBroker)
	case r.Combination.SpareBroker:
		return "yes (not killed)"
	default:
		return "yes"
	}
}

// kills counts each kill -9; an outage of InfluxDB holds two.
func (r result) kills() int {
	n := 0
	for _, x := range r.Recoveries {
		switch {
		case x.Act != outage:
			n++
		case r.Combination.Store == storeInflux:
			n += 2
		}
	}
	return n
}

// report prints results as tables.
func report(w io.Writer, results []result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "broker\tstore\tkills\tpublished\tacknowledged\tstored rows\tdead letters\tacked-stored"+
		"\tlost by Presage\tbroker kept its word\trepeated\twrong\tpeak MiB\ttook\tload")
	for _, r := range results {
		fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%d\t%d\t%d\t%v\t%.1f\n",
			r.Combination.Broker, r.Combination.Store, r.kills(), r.Published, r.Acknowledged, r.Rows, r.Letters,
			r.Missing, r.ByPresage, r.word(), r.Repeated, r.Wrong, r.PeakRSS>>20, r.Took.Round(time.Second), r.LoadAverage)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(t, "\nuntil the next new row\tact\ttimes\tp50 from the kill\tmax\tp50 from the restart\tmax")
	for _, r := range results {
		r.reportRecoveries(t)
	}
	return t.Flush()
}

func (r result) reportRecoveries(w io.Writer) {
	killed, started := map[act][]time.Duration{}, map[act][]time.Duration{}
	for _, x := range r.Recoveries {
		killed[x.Act] = append(killed[x.Act], x.FromKill)
		started[x.Act] = append(started[x.Act], x.FromStart)
	}
	for _, a := range []act{killPresage, killHeld, killStore, killBroker, outage} {
		if n := len(killed[a]); n > 0 {
			p50, most := middle(killed[a])
			p50Start, mostStart := middle(started[a])
			fmt.Fprintf(w, "%s\t%s\t%d\t%v\t%v\t%v\t%v\n", r.Combination.Name, a, n, p50, most, p50Start, mostStart)
		}
	}
}

// middle are the median and the maximum, to the millisecond.
func middle(took []time.Duration) (p50, most time.Duration) {
	return time.Duration(median.Of(took)).Round(time.Millisecond), slices.Max(took).Round(time.Millisecond)
}
