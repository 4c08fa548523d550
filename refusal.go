package presage

// Why somebody at a desk is refused what they asked for.
const (
	WhyWhoMissing     = "who_missing"     // nobody signs
	WhyTextWrong      = "text_wrong"      // most: characters; or a sign that cannot be seen
	WhyPiecesBetween  = "pieces_between"  // line, part, least, most
	WhyPiecesLeft     = "pieces_left"     // line; left: pieces; pieces: wanted
	WhyNotNumber      = "not_number"      // line, part, given
	WhyNotDay         = "not_day"         // line, given
	WhyDayMissing     = "day_missing"     // line
	WhyDayFar         = "day_far"         // line: more than three years ahead, or long past
	WhyBeforePlaced   = "before_placed"   // line: it is received before it was placed
	WhyNoSuchLine     = "no_such_line"    // most: lines
	WhyOrderIs        = "orders_is"       // state, line
	WhyTransferIs     = "transfers_is"    // state
	WhyNothingPicked  = "nothing_picked"  // all lines have 0
	WhyNothingToOrder = "nothing_advised" // part, depot
	WhyNotPlanned     = "not_planned"     // part, depot
	WhyOverrideWhy    = "override_why"    // another quantity needs a reason
	WhyNothingChosen  = "nothing_chosen"  // no row is ticked
	WhyNoResource     = "no_resource"     // no bay or technician of the workshop
	WhyBlockTimes     = "block_times"     // the end is not after the beginning, or a time cannot be read
	WhyBlockLong      = "block_long"      // most: days
	WhyVINWrong       = "vin_wrong"       // missing, or no VIN
	WhyNothingDone    = "nothing_done"    // no component is chosen
	WhyNoRight        = "no_right"        // owner: whose roles do not allow it
	WhyQuarterHours   = "quarter_hours"   // visits begin at quarter hours
)

// refusal is an error whose reason is data.
type refusal struct {
	error

	why Reason
}

// Unwrap returns the error with its kind.
func (r refusal) Unwrap() error { return r.error }

// Refuse gives an error, whose text is for programs, its reason for people.
func Refuse(err error, code string, pairs ...string) error {
	return refusal{err, Because(code, pairs...)}
}

// Refusals are the reasons that were given to an error and to those that it wraps or
// joins, in their order; of one error that has two the outer one. Whole tells that each
// of the joined errors has one.
func Refusals(err error) (all []Reason, whole bool) {
	switch x := err.(type) { //nolint:errorlint // each level is looked at by itself
	case refusal:
		return []Reason{x.why}, true
	case interface{ Unwrap() []error }:
		whole = true
		for _, e := range x.Unwrap() {
			more, has := Refusals(e)
			all, whole = append(all, more...), whole && has
		}
		return all, whole && len(all) > 0
	case interface{ Unwrap() error }:
		return Refusals(x.Unwrap())
	}
	return nil, false
}
