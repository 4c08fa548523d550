package simulator

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"presage"
	"presage/simulator/cast"
)

// AnswerKind is what a customer does about a message.
type AnswerKind string

// The kinds.
const (
	AnswerIgnore  AnswerKind = "ignore"
	AnswerBook    AnswerKind = "book"
	AnswerDecline AnswerKind = "decline"
	AnswerStop    AnswerKind = "stop" // asks never to be written to again
	AnswerCall    AnswerKind = "call" // asks to be called
)

// Answer is a customer's reaction to a delivered message.
type Answer struct {
	After  time.Duration // from the delivery; zero with AnswerIgnore
	Kind   AnswerKind
	Opened bool   // the link was opened, whatever came of it
	SlotID string // with AnswerBook
}

// Answer is what a customer does about a message delivered at an instant, when
// offered these slots. It depends on the seed, the message's key and the
// arguments alone. Only messages of kind "offer" and "reminder" move anybody to
// act; a customer that the world does not know ignores everything.
func (w *World) Answer(msg presage.Message, slots []presage.Slot, at time.Time) Answer {
	i, ok := w.people[msg.CustomerID]
	if !ok || (msg.Kind != "offer" && msg.Kind != "reminder") {
		return Answer{Kind: AnswerIgnore}
	}
	p, r := &w.cast.People[i], w.draw("answer", msg.Key)
	a := Answer{Kind: AnswerIgnore}
	after := delay(r, p, msg.Safety, at)
	a.Opened = r.Float64() < attention(p, msg)
	switch x := r.Float64(); {
	case !a.Opened:
		if x < p.Temper {
			a.Kind = AnswerStop
		}
	case x < p.Temper/3:
		a.Kind = AnswerStop
	case x < p.Refusal*careless(msg.Safety):
		a.Kind = AnswerDecline
	case x < p.Refusal+p.Talk || len(slots) == 0:
		a.Kind = AnswerCall
	case r.Float64() < 1-(1-p.Trust)*careless(msg.Safety):
		a.Kind, a.SlotID = choose(r, slots, at.Add(after), p, msg.Safety)
	}
	if a.Kind != AnswerIgnore {
		a.After = after
	}
	return a
}

// draw is the random stream of one question.
func (w *World) draw(purpose, key string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(purpose + "|" + key))     // a hash never fails
	return rand.New(rand.NewPCG(w.seed, h.Sum64())) //nolint:gosec // reproducible, no secret
}

// attention is the chance that a message is read: a call is answered, danger is noticed.
func attention(p *cast.Person, msg presage.Message) float64 {
	miss := 1 - p.Attention
	if msg.Channel == presage.ChannelCall {
		miss *= 0.4
	}
	return 1 - miss*careless(msg.Safety)
}

// careless is the share of carelessness that is left when safety is at stake.
func careless(safety bool) float64 {
	if safety {
		return 0.5
	}
	return 1
}

// delay is how long the customer takes: minutes to days, and nobody answers in
// the middle of the night.
func delay(r *rand.Rand, p *cast.Person, safety bool, at time.Time) time.Duration {
	hours := 1.6 * p.Slow * math.Exp(1.0*r.NormFloat64()) * careless(safety)
	after := max(2*time.Minute, time.Duration(min(hours, 96)*float64(time.Hour))).Round(time.Second)
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		zone = time.UTC // checked by cast.Make
	}
	local := at.Add(after).In(zone)
	if h := local.Hour(); h >= 23 || h < 7 {
		y, m, d := local.Date()
		if h >= 23 {
			d++
		}
		morning := time.Date(y, m, d, 7, 0, 0, 0, zone).Add(time.Duration(r.Int64N(int64(2 * time.Hour))))
		after = morning.Sub(at).Round(time.Second)
	}
	return after
}

// choose takes the slot that suits best: soon, and after work or on Saturday.
// There may be none that is still ahead: then the customer asks for a call.
func choose(r *rand.Rand, slots []presage.Slot, answered time.Time, p *cast.Person, safety bool) (AnswerKind, string) {
	best, cost := "", math.Inf(1)
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		zone = time.UTC // checked by cast.Make
	}
	perDay := 1.0
	if safety {
		perDay = 3
	}
	for _, s := range slots {
		taste := 3 * r.Float64()
		if s.Start.Before(answered.Add(time.Hour)) {
			continue
		}
		local := s.Start.In(zone)
		c := perDay*s.Start.Sub(answered).Hours()/24 + taste
		if d := local.Weekday(); d != time.Saturday && d != time.Sunday && local.Hour() > 8 && local.Hour() < 16 {
			c += 4 // during work
		}
		if c < cost {
			best, cost = s.ID, c
		}
	}
	if best == "" {
		return AnswerCall, ""
	}
	return AnswerBook, best
}
