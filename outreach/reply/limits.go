package reply

import (
	"cmp"
	"maps"
	"slices"
)

// Limits is how likely a kind has to be, by the model and with no rule, before it
// is acted on. Below, we ask back or a person reads the reply.
type Limits map[Kind]float64

// Shipped are the limits chosen on five folds of the corpus and its sheets, `make
// understand-eval` prints them, or those of an earlier corpus where they were stricter.
// That of Stop is lower than on the folds: an opt-out too many is taken back by a START.
func Shipped() Limits {
	return Limits{
		AnyWish: 0.84, Automatic: 0.98, Cancel: 0.80, Complaint: 0.45, Danger: 0.62, Done: 0.55, Gibberish: 0.94,
		Help: 0.87, Later: 0.92, No: 0.98, Price: 0.60, Question: 0.45, Reaction: 0.90, Reschedule: 0.65, Sold: 0.89,
		Start: 0.94, Stop: 0.65, Thanks: 0.75, Where: 0.98, WrongPerson: 0.45, Yes: 0.77,
	}
}

// Open lets the model decide everything that no rule decides.
func Open() Limits { return Limits{} }

// Trial is one reply that the model decided, and whether what came of it was fit.
type Trial struct {
	Kind   Kind
	Chance float64
	Fit    bool
}

// tolerated is the share of wrong acts that a kind may have among those that the
// model decides, and the limit that it has at least: a missed opt-out is worse
// than silence that was not asked for, and a question back or an answer does less
// harm than a visit that is given up. What is below its limit is asked back first.
func tolerated(k Kind) (share, least float64) {
	switch {
	case k == Stop:
		return 0.10, 0.40
	case changes(k) && k != Yes:
		return 0.01, 0.80
	case k == AnyWish:
		return 0.04, 0.60
	case k == Question, k == Complaint, k == WrongPerson:
		return 0.04, 0.45
	default:
		return 0.015, 0.55
	}
}

// Choose finds the lowest limit of each kind above which no more went wrong than
// is tolerated.
func Choose(trials []Trial) Limits {
	by := map[Kind][]Trial{}
	for _, t := range trials {
		by[t.Kind] = append(by[t.Kind], t)
	}
	chosen := Limits{}
	for _, k := range slices.Sorted(maps.Keys(by)) {
		chosen[k] = lowest(k, by[k])
	}
	return chosen
}

// lowest is the limit for one kind, in steps of a hundredth.
func lowest(k Kind, trials []Trial) float64 {
	share, least := tolerated(k)
	slices.SortFunc(trials, func(a, b Trial) int { return cmp.Compare(b.Chance, a.Chance) })
	limit, wrong := 0.99, 0
	for i, t := range trials {
		if !t.Fit {
			wrong++
		}
		if float64(wrong) <= share*float64(i+1) {
			limit = max(least, min(0.99, float64(int(100*t.Chance))/100))
		}
	}
	return limit
}
