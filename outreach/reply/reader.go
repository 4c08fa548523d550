package reply

import (
	"slices"

	"presage/outreach/reply/learn"
	"presage/outreach/reply/measure"
)

// Reader reads replies by rules and, where they do not decide, by a model.
type Reader struct {
	model  *learn.Model
	limits Limits
}

// kinds are the classes of the model, in its order.
func kinds() []Kind {
	return []Kind{
		Slot, Yes, No, Stop, Start, Help, Cancel, Reschedule, Later, Price, Where, Danger, Done, Sold, WrongPerson,
		Question, Thanks, Complaint, Gibberish, Automatic, Reaction,
	}
}

// KindOf is the kind of a label; Unknown for any other word.
func KindOf(label string) Kind {
	if i := slices.Index(kinds(), Kind(label)); i >= 0 {
		return kinds()[i]
	}
	return Unknown
}

// NewReader has a model that was trained; nil for rules alone.
func NewReader(m *learn.Model, l Limits) *Reader { return &Reader{m, l} }

// Train fits a model to labelled replies to the offer of x. What is not about a
// visit means the same when one is booked.
func Train(rows []measure.Row, x Context) *learn.Model {
	var examples []learn.Example
	for _, r := range rows {
		class := slices.Index(kinds(), KindOf(r.Intent))
		if class < 0 {
			continue
		}
		x.Booked = r.Booked()
		examples = append(examples, learn.Example{Features: look(r.Text, x).clues, Class: class})
		if !x.Booked && anyTime(kinds()[class]) {
			x.Booked = true
			if v := look(r.Text, x); v.rule.Kind != Cancel && v.rule.Kind != Yes {
				examples = append(examples, learn.Example{Features: v.clues, Class: class})
			}
		}
	}
	return learn.Train(examples, len(kinds()))
}

// anyTime tells that a wish is not about an offer that is open.
func anyTime(k Kind) bool {
	switch k {
	case Slot, Yes, No, Later, Cancel, Reschedule, Unknown:
		return false
	default:
		return true
	}
}

// view is what a text shows at first sight.
type view struct {
	said  said
	rule  Meaning
	doubt bool // it might be an opt-out
	fit   fitting
	clues []uint32
}

func look(text string, x Context) view {
	v := view{said: read(text)}
	v.rule, v.doubt = byRule(v.said, x)
	v.fit = fittingOf(v.said, x)
	v.clues = cluesOf(v.said, x, v.rule, v.fit)
	return v
}
