package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"presage/internal/sqlstore"
)

// store is a snapshot of the database.
type store = *sqlstore.Store

type raceResult struct {
	Bookers   int           `json:"bookers"`
	Slots     int           `json:"slots"`
	Told      int           `json:"told"` // bookers who were told that they have a visit
	Refused   int           `json:"refused"`
	Sold      int           `json:"sold"`
	Ordered   int           `json:"ordered"` // pieces
	Integrity integrity     `json:"integrity"`
	Took      time.Duration `json:"took_ns"`
}

type stormResult struct {
	Customers int           `json:"customers"`
	Booked    int64         `json:"booked"`
	Moved     int64         `json:"moved"`
	Cancelled int64         `json:"cancelled"`
	Tabs      int64         `json:"tabs"`  // times that two tabs asked at once
	Stale     int64         `json:"stale"` // pages that showed another visit
	Refused   int64         `json:"refused"`
	Unknown   int64         `json:"unknown"` // requests without an answer
	Kills     int           `json:"kills"`
	Lost      int64         `json:"lost"` // visits that are not where the answers led
	Faults    []string      `json:"faults"`
	Odd       []string      `json:"odd"`     // answers that nobody expects
	Stock     int           `json:"stock"`   // pieces on the shelf
	Ordered   int           `json:"ordered"` // pieces
	Integrity integrity     `json:"integrity"`
	Took      time.Duration `json:"took_ns"`
}

type rushResult struct {
	Due      int           `json:"due"`
	Sent     int           `json:"sent"`
	AtOnce   int           `json:"at_once"`  // the most that the provider had before it
	Disorder int           `json:"disorder"` // came before an earlier one to the same customer
	Took     time.Duration `json:"took_ns"`
}

// result of one combination.
type result struct {
	Combination string        `json:"combination"`
	Race        raceResult    `json:"race"`
	Storm       stormResult   `json:"storm"`
	Coupons     couponResult  `json:"coupons"`
	Sending     sendResult    `json:"sending"`
	Rush        rushResult    `json:"rush"`
	Took        time.Duration `json:"took_ns"`
}

// fault is a number that must be 0.
type fault struct {
	n    int
	what string
}

// faults names the promises that were broken.
func (r result) faults() []string {
	need := packs(r.Race.Slots)
	list := []fault{
		{max(r.Race.Sold-r.Race.Slots, r.Race.Slots-r.Race.Sold), "slots of the race are sold too much or not at all"},
		{max(r.Race.Told-r.Race.Sold, r.Race.Sold-r.Race.Told), "bookers were told what is not so"},
		{max(r.Race.Ordered-need, need-r.Race.Ordered), "pieces are ordered too much or too few in the race"},
		{
			max(0, r.Storm.Ordered-packs(r.Storm.Customers-r.Storm.Stock)),
			"pieces are ordered in the storm that nobody can need",
		},
		{int(r.Storm.Lost), "visits of the storm are lost: " + strings.Join(r.Storm.Faults, ", ")},
		{len(r.Storm.Odd), "answers nobody expects: " + strings.Join(r.Storm.Odd, ", ")},
		{max(r.Rush.Due-r.Rush.Sent, r.Rush.Sent-r.Rush.Due), "messages of the rush were not sent, or too many"},
		{r.Rush.AtOnce - senders, "messages of the rush too many were sent at a time"},
		{r.Rush.Disorder, "messages of the rush came before an earlier one to the same customer"},
		{int((r.Rush.Took - mayTake(r.Rush.Due)).Seconds()), "seconds the rush took longer than it may"},
	}
	list = append(append(list, r.Race.Integrity.faults()...), r.Storm.Integrity.faults()...)
	list = append(append(list, r.Coupons.faults()...), r.Sending.faults()...)
	var out []string
	for _, f := range list {
		if f.n > 0 {
			out = append(out, fmt.Sprintf("%s: %d %s", r.Combination, f.n, f.what))
		}
	}
	return out
}

// packs is how many pieces come when n are ordered.
func packs(n int) int { return (n + pack - 1) / pack * pack }

// report prints results as tables.
func report(w io.Writer, results []result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "race\tbookers\tslots\tsold\trefused\tpieces ordered\t"+integrityHead+"\ttook")
	for _, r := range results {
		x := r.Race
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%s\t%v\n",
			r.Combination, x.Bookers, x.Slots, x.Sold, x.Refused, x.Ordered, x.Integrity, x.Took.Round(time.Millisecond))
	}
	fmt.Fprintln(t, "\nstorm\tcustomers\tbooked\tmoved\tcancelled\ttwo tabs\tstale pages\trefused\t"+
		"no answer\tkills\tlost visits\tpieces ordered\t"+integrityHead+"\ttook")
	for _, r := range results {
		x := r.Storm
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%s\t%v\n",
			r.Combination, x.Customers, x.Booked, x.Moved, x.Cancelled, x.Tabs, x.Stale, x.Refused,
			x.Unknown, x.Kills, x.Lost, x.Ordered, x.Integrity, x.Took.Round(time.Millisecond))
	}
	reportCoupons(t, results)
	reportSending(t, results)
	fmt.Fprintln(t, "\nrush\tdue\tsent\tmost at a time\tout of order\ttook\ta second")
	for _, r := range results {
		x := r.Rush
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%v\t%.0f\n", r.Combination, x.Due, x.Sent, x.AtOnce, x.Disorder,
			x.Took.Round(time.Millisecond), float64(x.Sent)/x.Took.Seconds())
	}
	return t.Flush()
}

const integrityHead = "live visits\toverlaps\torphan cells\tuntaken\tstrays\treserved\tpromised\tunmet"

// String is a row under integrityHead.
func (in integrity) String() string {
	return fmt.Sprintf("%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d",
		in.Visits, in.Overlaps, in.Orphans, in.Untaken, in.Strays, in.Reserved, in.Promised, in.Unmet)
}
