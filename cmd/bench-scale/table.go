package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// table prints what was measured, as Markdown.
func (m measured) table(w io.Writer, g grammar) error {
	t := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	row := func(what, whole, each string) { _, _ = fmt.Fprintf(t, "| %s\t| %s\t| %s\t|\n", what, whole, each) }
	per := func(d time.Duration) string {
		return fmt.Sprintf("%.0f µs", float64(d.Microseconds())/float64(g.Vehicles))
	}
	took := func(c cost) string {
		return fmt.Sprintf("%s CPU, %s", c.cpu.Round(10*time.Millisecond), c.wall.Round(10*time.Millisecond))
	}
	row(fmt.Sprintf("%d vehicles with %d days", g.Vehicles, g.Days), "whole", "each vehicle")
	row("---", "---", "---")
	row("first pass, with a lesson", took(m.first), per(m.first.cpu))
	row("one new sample until its prognoses are stored",
		fmt.Sprintf("%.1f ms CPU, %.1f ms", ms(m.sample.cpu), ms(m.sample.wall)), "")
	row(fmt.Sprintf("a night, %d prognoses", m.rows), took(m.night), per(m.night.cpu))
	row("restart until the first new sample is judged", took(m.restart), "")
	row("memory at the most", fmt.Sprintf("%d MiB", m.peak>>20), fmt.Sprintf("%d B", m.peak/int64(g.Vehicles)))
	row("relational store", fmt.Sprintf("%d MiB", m.bytes>>20), fmt.Sprintf("%d B", m.bytes/int64(g.Vehicles)))
	return t.Flush()
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
