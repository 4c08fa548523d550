package main

import "slices"

// target is one figure that the project has set itself.
type target struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Sense string  `json:"sense"` // "at most" or "at least"
	Limit float64 `json:"limit"`
	Held  bool    `json:"held"`
}

// verdict is the word beside the figure.
func (t target) verdict() string {
	if t.Held {
		return "held"
	}
	return "missed"
}

func atMost(name string, value float64, unit string, limit float64) target {
	return target{name, value, unit, "at most", limit, value <= limit}
}

func atLeast(name string, value float64, unit string, limit float64) target {
	return target{name, value, unit, "at least", limit, value >= limit}
}

// judge compares, in each way of feeding, what was measured.
func judge(all []summary) []target {
	var out []target
	for _, feed := range []string{held, live} {
		out = append(out, judgeSingle(all, feed)...)
		out = append(out, judgeBatches(all, feed)...)
	}
	return append(out, judgeEmbedded(all)...)
}

// find returns a consumer's summary for single samples or for batches, false if it had no runs.
func find(all []summary, consumer, feed string, single bool) (summary, bool) {
	i := slices.IndexFunc(all, func(s summary) bool {
		return s.Consumer == consumer && s.Feed == feed && (s.Batch == 1) == single
	})
	if i < 0 {
		return summary{}, false
	}
	return all[i], true
}

func judgeSingle(all []summary, feed string) (out []target) {
	own, ok := find(all, service, feed, true)
	if !ok {
		return nil
	}
	if other, ok := find(all, telegraf, feed, true); ok {
		out = append(out,
			atMost("CPU a message, presage/telegraf, "+feed, own.PerMessage/other.PerMessage, "", 0.4),
			atLeast("messages a second, presage/telegraf, "+feed, own.Rate/other.Rate, "", 2))
	}
	if floor, ok := find(all, bare, feed, true); ok {
		out = append(out, atMost("CPU a message, presage - bare paho, "+feed, own.PerMessage-floor.PerMessage, "us", 8))
	}
	return out
}

func judgeBatches(all []summary, feed string) (out []target) {
	own, ok := find(all, service, feed, false)
	if !ok {
		return nil
	}
	if other, ok := find(all, telegraf, feed, true); ok {
		out = append(out, atMost("CPU a sample, presage in batches/telegraf in single ones, "+feed,
			own.PerSample/other.PerSample, "", 0.2))
	}
	if other, ok := find(all, telegraf, feed, false); ok {
		out = append(out,
			atMost("CPU a sample, presage in batches/telegraf in batches, "+feed, own.PerSample/other.PerSample, "", 0.4),
			atLeast("samples a second in batches, presage/telegraf, "+feed, own.Rate/other.Rate, "", 2))
	}
	return out
}

// judgeEmbedded compares the door and the embedded store, with a sync before
// each acknowledgement.
func judgeEmbedded(all []summary) (out []target) {
	if s, ok := find(all, embedded, busy, true); ok {
		out = append(out,
			atLeast("messages a second, embedded, 100 clients with a window of 10", s.Rate, "/s", 50_000),
			atMost("CPU a message, embedded, 100 clients with a window of 10", s.PerMessage, "us", 15))
	}
	if s, ok := find(all, embedded, quiet, true); ok {
		out = append(out, atLeast("messages a second, embedded, 1,000 clients with a window of 1", s.Rate, "/s", 20_000))
	}
	return out
}
