package reply

import (
	"slices"

	"presage/outreach/reply/learn"
	"presage/outreach/reply/measure"
)

// Reader reads replies by rules and, where they do not decide, by a model.
type Reader struct {
	model  *Model
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
func NewReader(m *Model, l Limits) *Reader { return &Reader{m, l} }

// Train fits a model to labelled replies to the offer of x. What is not about a
// visit means the same when one is booked.
func Train(rows []measure.Row, x Context) *Model {
	var shown, letters []learn.Example
	for _, r := range rows {
		class := slices.Index(kinds(), KindOf(r.Intent))
		if class < 0 {
			continue
		}
		add := func(v view) {
			shown = append(shown, learn.Example{Features: v.clues, Class: class})
			letters = append(letters, learn.Example{Features: lettersOf(v.said.whole, x.Booked), Class: class})
		}
		x.Booked = r.Booked()
		add(look(r.Text, x))
		if !x.Booked && anyTime(kinds()[class]) {
			x.Booked = true
			if v := look(r.Text, x); v.rule.Kind != Cancel && v.rule.Kind != Yes {
				add(v)
			}
		}
	}
	return &Model{learn.Train(shown, len(kinds())), learn.Train(letters, len(kinds()))}
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
	v.fit = fittingOf(withoutQuotes(v.said), x)
	v.clues = cluesOf(v.said, x, v.rule, v.fit)
	return v
}
