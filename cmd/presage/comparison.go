package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"presage"
	"presage/outreach/replay"
)

// outcomes are in the order in which they are shown.
func outcomes() []presage.DecisionOutcome {
	return []presage.DecisionOutcome{
		presage.DecisionTold, presage.DecisionCalled, presage.DecisionJoined, presage.DecisionWithheld,
		presage.DecisionSuppressed, presage.DecisionCapped, presage.DecisionResting, presage.DecisionNotDue,
	}
}

// printComparison prints the sums, and then a table with the differences first.
func printComparison(out io.Writer, c replay.Comparison) error {
	fmt.Fprintf(out, "%d decisions%s, %d of them different under B\n", c.Decisions, span(c.From, c.To), c.Different)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tA\tB\tB-A\t")
	for _, o := range outcomes() {
		if a, b := c.A.Outcomes[o], c.B.Outcomes[o]; a+b > 0 {
			fmt.Fprintf(w, "%s\t%d\t%d\t%+d\t\n", o, a, b, b-a)
		}
	}
	fmt.Fprintf(w, "texts, nobody answering\t%d\t%d\t%+d\t\n", c.A.Texts, c.B.Texts, c.B.Texts-c.A.Texts)
	fmt.Fprintf(w, "expected cost, %s\t%s\t%s\t%s\t\n",
		c.Currency, major(c.A.Cost), major(c.B.Cost), major(c.B.Cost-c.A.Cost))
	if c.A.Coupons+c.B.Coupons > 0 {
		fmt.Fprintf(w, "coupons\t%d\t%d\t%+d\t\n", c.A.Coupons, c.B.Coupons, c.B.Coupons-c.A.Coupons)
		fmt.Fprintf(w, "of the cost for coupons, %s\t%s\t%s\t%s\t\n",
			c.Currency, major(c.A.CouponCost), major(c.B.CouponCost), major(c.B.CouponCost-c.A.CouponCost))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(out, "The cost is that of breakdowns within %d days, of life thrown away, of the visits "+
		"and of their coupons, at the prices of A.\nBy the policies in force then, %d of %d decisions come out "+
		"as they are stored.\n",
		c.HorizonDays, c.Check.Agree, c.Check.Decisions)
	for _, d := range c.Check.Differ {
		fmt.Fprintf(out, "  not the same: %s\n", d)
	}
	return printRows(out, c)
}

func printRows(out io.Writer, c replay.Comparison) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\ndecided\tvehicle\tby\toutcome\tabout\tfirst word\tby channels\tcall by\tvisit by\tcoupon\tcost\t"+
		"differs in")
	for _, r := range c.Rows {
		head := stamp(r.At) + "\t" + string(r.VIN)
		if len(r.Differ) == 0 {
			fmt.Fprintf(w, "%s\tA=B\t%s\t\n", head, strings.Join(fateCells(r, r.A), "\t"))
			continue
		}
		fmt.Fprintf(w, "%s\tA\t%s\t%s\n", head, strings.Join(fateCells(r, r.A), "\t"), strings.Join(r.Differ, ", "))
		fmt.Fprintf(w, "\t\tB\t%s\t\n", strings.Join(fateCells(r, r.B), "\t"))
	}
	return w.Flush()
}

// fateCells are what a policy does, without what does not apply.
func fateCells(r replay.Row, f replay.Fate) []string {
	cost := major(f.Cost)
	if r.Alert {
		cost = "" // no probability, no cost
	}
	about := make([]string, len(f.Components))
	for i, id := range f.Components {
		about[i] = string(id)
	}
	first, call, visit, channels := "", "", "", []string{}
	for _, s := range f.Stops {
		channels = append(channels, string(s.Channel))
	}
	if len(f.Stops) > 0 {
		first = stamp(f.Stops[0].At)
	}
	if !f.CallAt.IsZero() {
		call = stamp(f.CallAt)
	}
	if !f.VisitBy.IsZero() {
		visit = f.VisitBy.UTC().Format(time.DateOnly)
	}
	coupon := ""
	if f.Coupon != nil {
		coupon = f.Coupon.Rule + " " + major(f.Coupon.Discount.Minor)
	}
	return []string{
		string(f.Outcome), strings.Join(about, "+"), first, strings.Join(slices.Compact(channels), ">"), call, visit,
		coupon, cost,
	}
}

// writeComparison writes a row a decision and policy, the differences first.
func writeComparison(out io.Writer, c replay.Comparison) error {
	w := csv.NewWriter(out)
	rows := [][]string{{
		"decided", "vin", "case", "was", "policy", "outcome", "about", "first_word", "channels", "call_by", "visit_by",
		"coupon", "cost_" + strings.ToLower(c.Currency), "differs_in",
	}}
	for _, r := range c.Rows {
		for _, side := range []struct {
			name string
			fate replay.Fate
		}{{"A", r.A}, {"B", r.B}} {
			row := append([]string{stamp(r.At), string(r.VIN), r.CaseID, string(r.Was), side.name}, fateCells(r, side.fate)...)
			rows = append(rows, append(row, strings.Join(r.Differ, " ")))
		}
	}
	return w.WriteAll(rows)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04Z") }

// major is an amount in minor units as people write it.
func major(minor int64) string { return strconv.FormatFloat(float64(minor)/100, 'f', 2, 64) }

// span says which time a list covers.
func span(from, to time.Time) string {
	text := ""
	if !from.IsZero() {
		text += " from " + stamp(from)
	}
	if !to.IsZero() {
		text += " to " + stamp(to)
	}
	return text
}
